from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.index, name="index"),
    path("home/", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("feedback/", views.feedback_page, name="feedback"),
    path("feedback/received/", views.feedback_received, name="feedback-received"),
]
