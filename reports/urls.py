from django.urls import path

from reports.views import figures, overview, snapshots

app_name = "reports"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/trend.csv", overview.trend_csv, name="trend-csv"),
    path("overview/districts.csv", overview.districts_csv, name="districts-csv"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:key>/", figures.figure, name="figure"),
    path("figures/<slug:key>/list.csv", figures.figure_csv, name="figure-csv"),
    path("snapshots/", snapshots.snapshots, name="snapshots"),
    path("snapshots/<slug:code>/", snapshots.snapshot, name="snapshot"),
    path("cells/<slug:code>/draw/", snapshots.snapshot_draw, name="snapshot-draw"),
]
