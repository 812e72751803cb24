from django.urls import path

from work import views

app_name = "work"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("ring/", views.ring, name="ring"),
    path("<str:code>/", views.job, name="job"),
    path("<str:code>/cancel/", views.job_cancel, name="job-cancel"),
    path("<str:code>/retry/", views.job_retry, name="job-retry"),
]
