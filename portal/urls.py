from django.urls import include, path

from portal import health, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("portal.page_urls")),
    path("", include("cells.urls")),
    path("", include("members.urls")),
    path("audit/", include(([path("", views.trail, name="trail")], "audit"))),
    path("notices/", include("notices.urls")),
    path("tasks/", include("work.urls")),
    path("imports/", include("ledgers.urls")),
    path("reports/", include("reports.urls")),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
]
