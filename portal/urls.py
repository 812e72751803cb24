from django.urls import include, path

from portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("portal.page_urls")),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
]
