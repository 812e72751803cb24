from django.urls import path

import core.converters  # noqa: F401 -- "code" in the addresses below
from ledgers.views import exports

app_name = "exports"
urlpatterns = [
    path("", exports.shelf, name="exports"),
    path("new/<str:name>/", exports.new, name="new"),
    path("<code:code>/file", exports.file, name="file"),
    path("<code:code>/discard/", exports.discard, name="discard"),
]
