"""Views that fail as views do, for the tests of what happens then."""

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from portal import urls


def overtaken(request):
    """Break a deferred constraint: the database speaks at COMMIT, when the view has done its part."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE seat (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP")
        cursor.execute("INSERT INTO seat VALUES (1), (1)")
    return HttpResponse("kept")


def cut_off(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("kept")


def broken(request, token=""):
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    return HttpResponse("kept")


urlpatterns = [
    path("overtaken/", overtaken, name="overtaken"),
    path("cut-off/", cut_off, name="cut-off"),
    path("broken/", broken, name="broken"),
    path("broken/<str:token>/", broken, name="broken-token"),
    *urls.urlpatterns,
]
