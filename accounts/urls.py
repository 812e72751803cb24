from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("settings/display/", views.display, name="settings-display"),
    path("settings/lists/<str:name>/", views.list_shown, name="settings-list"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("sessions/", views.devices, name="devices"),
    path("sessions/others/", views.devices_end, name="devices-end"),
    path("sessions/<int:pk>/", views.device_end, name="device-end"),
    path("recovery/", views.recovery_ask, name="recovery"),
    path("recovery/proof/", views.recovery_proof, name="recovery-proof"),
    path("settings/profile/", views.profile, name="settings-profile"),
]
