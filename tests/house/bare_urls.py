"""The portal's own addresses, with refusals that draw no page: for whoever asks for the number alone."""

from django.http import HttpResponse

from portal.urls import urlpatterns

__all__ = ["handler403", "handler404", "urlpatterns"]


def handler403(request, exception):
    return HttpResponse(status=403)


def handler404(request, exception):
    return HttpResponse(status=404)
