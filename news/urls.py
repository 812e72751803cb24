from django.urls import path

import core.converters  # noqa: F401 -- "code" in the addresses below
from news import views

app_name = "news"
urlpatterns = [
    path("", views.announcements, name="announcements"),
    path("new/", views.publish, name="publish"),
    path("kept/", views.kept, name="kept"),
    path("<code:code>/", views.announcement, name="announcement"),
    path("<code:code>/edit/", views.correct, name="correct"),
    path("<code:code>/withdrawal/", views.withdraw, name="withdraw"),
]
