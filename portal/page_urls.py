from django.urls import path

from portal import search, unsent, views

app_name = "portal"
urlpatterns = [
    path("", views.index, name="index"),
    path("home/", views.home, name="home"),
    path("search/", search.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("feedback/", views.feedback_page, name="feedback"),
    path("feedback/received/", views.feedback_received, name="feedback-received"),
]
