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
    path("announcements/", include("news.urls")),
    path("tasks/", include("work.urls")),
    path("imports/", include("ledgers.urls")),
    path("exports/", include("ledgers.export_urls")),
    path("reports/", include("reports.urls")),
    path("", include("integrations.urls")),
    path("api/", include(("portal.api", "api"))),
    path("", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
]
