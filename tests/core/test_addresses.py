import pytest
from django.test import RequestFactory
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from core.addresses import local_path


@pytest.mark.parametrize("wanted", ["/", "/members/?q=1", "/imports/2026-0001/?show=error#row-1"])
def test_a_path_of_ours_leads_back(wanted):
    assert local_path(RequestFactory().get("/"), wanted) == wanted


@pytest.mark.parametrize(
    "wanted", ["", "abc", "members:members", "accounts:settings", "//evil.example/", "/\\evil.example", "?q=1", "\0",
               "http://evil.example/", "javascript:alert(1)"]
)  # fmt: skip
def test_nothing_else_does(wanted):
    assert local_path(RequestFactory().get("/"), wanted) == ""


@pytest.mark.parametrize("code", ["ZB-0231", "DY-7K3M9Q", "QY-0107", "RW-7K3M9Q"])
def test_codes_stand_in_addresses(code):
    assert resolve(f"/members/{code}/").kwargs == {"code": code}
    assert resolve(f"/tasks/{code}/").kwargs == {"code": code}


@pytest.mark.parametrize("code", ["\0", "DY-7K3\0", "dy-7k3m9q", "' OR 1=1", "DY-", "長"])
def test_nothing_but_a_code_stands_where_one_belongs(code):
    with pytest.raises(NoReverseMatch):
        reverse("members:member", args=[code])
    for place in ("members", "cells", "companies", "tasks"):
        with pytest.raises(Resolver404):
            resolve(f"/{place}/{code}/")
