from django.urls import include, path

urlpatterns = [
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
]
