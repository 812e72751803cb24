from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("settings/display/", views.display, name="settings-display"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("settings/profile/", views.profile, name="settings-profile"),
]
