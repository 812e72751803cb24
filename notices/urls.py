from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.notices_read, name="notices-read"),
    path("<int:pk>/", views.notice_open, name="notice-open"),
]
