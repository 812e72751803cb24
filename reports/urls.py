from django.urls import path

import core.converters  # noqa: F401 -- "month" in the addresses below
from reports.views import coverage, figures, overview, snapshots

app_name = "reports"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/trend.csv", overview.trend_csv, name="trend-csv"),
    path("overview/districts.csv", overview.districts_csv, name="districts-csv"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/to-form.csv", coverage.to_form_csv, name="to-form-csv"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:key>/", figures.figure, name="figure"),
    path("figures/<slug:key>/list.csv", figures.figure_csv, name="figure-csv"),
    path("", snapshots.centre, name="centre"),
    path("<month:period>/monthly/", snapshots.monthly, name="monthly"),
    path("compare/", snapshots.compare, name="compare"),
    path("compare/report.xlsx", snapshots.compare_xlsx, name="compare-xlsx"),
    path("snapshots/<slug:code>/", snapshots.snapshot, name="snapshot"),
    path("snapshots/<slug:code>/report.xlsx", snapshots.snapshot_xlsx, name="snapshot-xlsx"),
    path("cells/<slug:code>/draw/", snapshots.snapshot_draw, name="snapshot-draw"),
]
