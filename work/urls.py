from django.urls import path

import core.converters  # noqa: F401 -- "code" in the addresses below
from work import views

app_name = "work"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("ring/", views.ring, name="ring"),
    path("<code:code>/", views.job, name="job"),
    path("<code:code>/cancel/", views.job_cancel, name="job-cancel"),
    path("<code:code>/retry/", views.job_retry, name="job-retry"),
]
