"""The description and the addresses are one: nothing undescribed, nothing described that is not there."""

import re

import pytest
from django.urls import URLPattern, get_resolver
from drf_spectacular.validation import validate_schema
from rest_framework.viewsets import ViewSetMixin

from portal import openapi

pytestmark = pytest.mark.django_db

METHODS = {"get", "post", "put", "patch", "delete"}


def addresses(patterns, before=""):
    """Every method of every address below ``/api/v1/`` and of the description itself, as the resolver has them."""
    for entry in patterns:
        pattern = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if not isinstance(entry, URLPattern):
            yield from addresses(entry.url_patterns, pattern)
        elif issubclass(getattr(entry.callback, "cls", type), ViewSetMixin):
            yield from ((pattern.count("(?P<"), entry.name, method) for method in set(entry.callback.actions) & METHODS)


def test_every_address_is_described_and_every_description_has_its_address():
    described = openapi.document("zh-hans")["paths"]
    told = [(path.count("{"), method) for path, methods in described.items() for method in methods]
    there = [(variables, method) for variables, _name, method in addresses(get_resolver("portal.api").url_patterns)]
    assert sorted(told) == sorted(there)


def test_the_description_is_openapi():
    validate_schema(openapi.document("en"))


def test_the_english_description_says_nothing_in_chinese():
    assert [words for words in said(openapi.document("en")) if re.match(r"[一-鿿]", words)] == []


def test_the_chinese_description_says_nothing_in_english():
    assert [words for words in said(openapi.document("zh-hans")) if re.match(r"[A-Z]?[a-z]+ [a-z]", words)] == []


@pytest.mark.parametrize("language", openapi.LANGUAGES)
def test_every_kind_of_things_has_a_name(language):
    described = openapi.document(language)
    used = {tag for methods in described["paths"].values() for one in methods.values() for tag in one["tags"]}
    assert used == {tag["name"] for tag in described["tags"]}
    assert all(one["summary"] for methods in described["paths"].values() for one in methods.values())


def said(found):
    """Every title, summary and description of a document."""
    for key, more in found.items() if isinstance(found, dict) else enumerate(found):
        if isinstance(more, dict | list):
            yield from said(more)
        elif key in ("summary", "description", "title"):
            yield str(more)


def test_every_operation_names_its_refusals_and_its_name_stands_once():
    operations = [
        operation for methods in openapi.document("zh-hans")["paths"].values() for operation in methods.values()
    ]
    names = [operation["operationId"] for operation in operations]
    assert sorted(names) == sorted(set(names))
    assert [one["operationId"] for one in operations if not {"400", "401", "403", "429"} <= set(one["responses"])] == []


def test_the_description_is_for_who_may_come_in(party, program, client):
    assert client.get("/api/schema/").status_code == 401
    assert program(party.secretary).client.get("/api/schema/?lang=en").json()["openapi"] == "3.1.0"
    assert client.get("/api/docs/").status_code == 302
    page = program(party.secretary).client.get("/api/docs/")
    assert page.status_code == 200 and "/api/v1/cells/" in page.content.decode()


def test_choices_are_told_in_both_languages(party, program):
    told = program(party.plain_member).get("meta/choices/").json()
    assert {"code": "branch", "zh": "党支部", "en": "Party branch"} in told["cells.CellKind"]
