"""The pages of django-allauth we open: sign-in, second factor, sessions. No sign-up, no reset by mail."""

from allauth.account import views
from django.urls import include, path

from accounts import views as own

urlpatterns = [
    path("login/", own.sign_in, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", own.give_password_again, name="account_reauthenticate"),
    path("password/change/", own.change_password, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("2fa/authenticate/", own.second_step, name="mfa_authenticate"),
    path("2fa/", include("allauth.mfa.urls")),
]
