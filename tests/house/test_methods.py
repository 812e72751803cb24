"""A page answers to being looked at and to its form being sent, and to nothing else."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver


def doors(patterns, way=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.callback.__module__.split(".")[0] not in ("allauth", "django"):
                yield pytest.param(pattern.callback, id=f"{way}{pattern.pattern}")
        else:
            yield from doors(pattern.url_patterns, f"{way}{pattern.pattern}")


@pytest.mark.parametrize("view", [*doors(get_resolver().url_patterns)])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_answered_with_405(view, method):
    request = RequestFactory().generic(method, "/")
    request.user = SimpleNamespace(is_authenticated=True)
    assert view(request).status_code == 405
