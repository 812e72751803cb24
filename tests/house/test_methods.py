"""A page answers to being looked at and to its form being sent, and to nothing else."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver
from rest_framework.test import APIRequestFactory, force_authenticate


def doors(patterns, way=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            elsewhere = pattern.callback.__module__.split(".")[0] in ("allauth", "django")
            if not (elsewhere or hasattr(pattern.callback, "actions") or pattern.name == "nothing"):
                yield pytest.param(pattern.callback, id=f"{way}{pattern.pattern}")
        else:
            yield from doors(pattern.url_patterns, f"{way}{pattern.pattern}")


@pytest.mark.parametrize("view", [*doors(get_resolver().url_patterns)])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_answered_with_405(view, method):
    request = RequestFactory().generic(method, "/")
    request.user = SimpleNamespace(is_authenticated=True)
    assert view(request).status_code == 405


def test_a_program_that_asks_in_another_way_is_answered_with_405():
    """Each address with every method it was not given."""
    for view, methods in programs(get_resolver("portal.api").url_patterns):
        for method in {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - methods:
            request = APIRequestFactory().generic(method, "/api/v1/")
            force_authenticate(request, user=SimpleNamespace(is_authenticated=True, pk=0))
            assert view(request).status_code == 405, (view, method)


def programs(patterns):
    """What answers programs, with the methods it was given at one address."""
    for pattern in patterns:
        if not isinstance(pattern, URLPattern):
            yield from programs(pattern.url_patterns)
        elif hasattr(pattern.callback, "actions"):
            yield pattern.callback, {method.upper() for method in pattern.callback.actions}
