"""Whatever a program may send, by the published description and against it: no fault, nothing undocumented.

A thousand requests, ten thousand in the long run, by somebody unknown, a member, a secretary, staff, the auditor and a
token; each is taken back. Half of them name things that are there, so that the deeds behind them are reached.
"""

import json
import os
from functools import cache
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from integrations.choices import Scope
from tests.house import furnished
from tests.house.conftest import Undo
from tests.integrations.programs import drawn

LONG = os.environ.get("ZHIBU_FULL") == "1"
REQUESTS = 10_000 if LONG else 1_000
# Each within the time that one test may take.
PARTS = 20 if LONG else 2
WHO = ("anonymous", "plain_member", "secretary", "staff", "auditor", "token")
HELD = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
DESCRIPTION = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"


@cache
def operations():
    """Every operation of the published description, in one order."""
    schema = schemathesis.openapi.from_dict(json.loads(DESCRIPTION.read_text()))
    schema.app = get_wsgi_application()
    return sorted((found.ok() for found in schema.get_all_operations()), key=lambda one: one.label)


@pytest.fixture(scope="module")
def door(house):
    """Asks as one of ``WHO``; there is something on every shelf."""
    furnished.addresses(house.party)
    found = Door(house)
    # As the test client does: what was drawn hangs on a connection that no request may close.
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    with override_settings(ZHIBU_REST_PER_MINUTE=10**9):
        yield found
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


class Door:
    """The requests of a program, each taken back."""

    def __init__(self, house):
        self.house = house
        _token, self.shown = drawn(house.party.staff, house.party.association, *Scope.values)
        self.known = {base: self._keys(base, "staff") for base in self._bases()}

    def send(self, case, who):
        try:
            with transaction.atomic():
                answer = case.call(**self._as(who))
                raise Undo
        except Undo:
            return answer

    def _as(self, who):
        if who == "token":
            return {"headers": {"Authorization": f"Bearer {self.shown}"}}
        kept = {name: morsel.value for name, morsel in self.house.cookies[who].items()}
        return {"cookies": kept, "headers": {"X-CSRFToken": kept.get("csrftoken", "")}}

    def _bases(self):
        return sorted({base_of(one.path) for one in operations() if "{" in one.path})

    def _keys(self, base, who):
        """What stands in the addresses of the things that this person is shown in the list."""
        answer = self.house.clients[who].get(f"/api/v1/{base}/")
        results = answer.json().get("results", []) if answer.status_code == 200 else []
        return [one["url"].rstrip("/").rsplit("/", 1)[1] for one in results if "url" in one][:5]


def base_of(path):
    return path.removeprefix("/api/v1/").partition("/")[0]


def cases(operation):
    """What the description allows, and what it does not."""
    return st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_a_program_sends_meets_a_fault_or_an_undocumented_answer(door, part):
    each = -(-REQUESTS // len(operations()))
    asked, wrong = 0, []
    for operation in operations()[part::PARTS]:
        known = door.known.get(base_of(operation.path), [])

        @seed(20261120)
        @settings(
            max_examples=each,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=cases(operation),
            who=st.sampled_from(WHO),
            key=st.one_of(st.none(), st.sampled_from(known)) if known else st.none(),
            whatever=st.booleans(),
        )
        def run(case, who, key, whatever):
            nonlocal asked
            asked += 1
            if key is not None and case.path_parameters:
                case.path_parameters = dict.fromkeys(case.path_parameters, key)
            if whatever and case.method in ("POST", "PATCH", "DELETE"):
                case.headers["If-Match"] = "*"
            case.validate_response(door.send(case, who), checks=HELD)

        try:
            run()
        except FailureGroup as found:
            wrong += [f"{operation.label}: {one}" for one in found.exceptions]
    assert not wrong, "\n\n".join(wrong)
    assert asked >= each * len(operations()[part::PARTS]) * 0.9
