"""What somebody cannot reach looks to their programs like what never was: by address, question, answer and body.

Asked by the secretary of yunshan and by a token of theirs; ``staff`` shows that there is something to be found.
"""

import json
import re
from functools import cached_property
from urllib.parse import urlencode

import pytest
from django.db import transaction

from core.criteria import Criteria
from integrations.rules import scopes_over
from portal.api import RESOURCES
from tests.house import targets
from tests.house.conftest import Undo
from tests.house.described import operations, writes
from tests.integrations.programs import drawn, program

ROOT = "/api/v1/"
WHO = ("secretary", "token")
SHELVES = ("companies", "cells", "requests", "rights", "merges", "jobs", "exports", "imports", "webhooks", "snapshots")
# Whoever else there is cannot be seen in lists.
NAMED = ("cells", "companies", "members", "contacts", "change-requests", "imports", "memberships")
DIFFERING = {"X-Request-ID", "Content-Length", "RateLimit-Remaining"}
CODE = re.compile(r"[A-Z]{1,2}-[0-9A-Z]{4,12}")


class Sight:
    """What each of them is shown, and what of it only staff is."""

    def __init__(self, house):
        self.house = house
        for shelf in SHELVES:
            getattr(targets._props(house.party), shelf)
        targets._props(house.party).tokens
        holder, cell = house.party.secretary, house.party.yunshan
        _token, shown = drawn(holder, cell, *scopes_over(holder, cell))
        self.clients = house.clients | {"token": program(shown)}

    def ask(self, who, method, address, body=None):
        """The answer; what it did is taken back."""
        more = {"data": json.dumps(body), "content_type": "application/json"} if method != "get" else {}
        try:
            with transaction.atomic():
                answer = self.clients[who].generic(method.upper(), address, **more, headers={"if-match": "*"})
                raise Undo
        except Undo:
            return answer

    def keys(self, who, base):
        """What stands in the addresses of the things of a list."""
        answer = self.ask(who, "get", f"{ROOT}{base}/?limit=200")
        rows = answer.json().get("results", []) if answer.status_code == 200 else []
        return [row["url"].rstrip("/").rsplit("/", 1)[1] for row in rows if row.get("url")]

    @cached_property
    def hidden(self):
        """By resource what staff is shown and the secretary is not."""
        found = {one.base: self.keys("staff", one.base) for one in RESOURCES}
        return {base: sorted({*keys} - {*self.keys("secretary", base)}) for base, keys in found.items()}

    @cached_property
    def things(self):
        """One of each kind that is out of reach."""
        party = self.house.party
        return (party.shiguang, party.liu, targets._props(party).companies["luming"], party.deputy_alone)


@pytest.fixture(scope="module")
def sight(house):
    return Sight(house)


def never(key):
    """Of the same form, and nobody's."""
    if re.fullmatch(r"[0-9a-f]{8}-.+", key):
        return "00000000-0000-0000-0000-000000000000"
    if key.isdigit():
        return "9" * 9
    return re.sub(r"-[0-9A-Z]+", lambda found: "-" + "9" * (len(found[0]) - 1), key, count=1)


def told(answer, *asked):
    """All that an answer tells, but for what was asked."""
    text = answer.content.decode()
    for one in asked:
        for written in (one, urlencode({"": one})[1:], json.dumps(one)[1:-1]):
            # The first entry there is has the key 1, which also stands in "v1".
            whole = rf"(?<!\w){written}(?!\w)" if written.isdigit() else re.escape(written)
            text = re.sub(whole, "…", text)
    headers = {name: value for name, value in answer.headers.items() if name not in DIFFERING}
    return answer.status_code, text, sorted(headers.items())


@pytest.mark.parametrize("who", WHO)
def test_an_address_out_of_reach_is_one_that_leads_nowhere(sight, who):
    apart, asked = [], set()
    for method, path, _operation in operations("get", "post", "patch", "delete"):
        base = path.removeprefix(ROOT).partition("/")[0]
        for key in sight.hidden.get(base, [])[:1] if "{" in path else []:
            answers = [told(sight.ask(who, method, re.sub(r"{\w+}", one, path), {}), one) for one in (key, never(key))]
            asked.add(base)
            if answers[0] != answers[1] or answers[0][0] not in (403, 404):
                apart.append(f"{method} {path}: {answers}")
    assert not apart, "\n".join(apart)
    assert {*NAMED, "merges", "jobs", "exports", "webhooks", "snapshots", "appointments", "audit-entries"} <= asked


def questions(sight):
    """For every list each of its criteria with what can be asked of it: out of reach, and nobody's."""
    for resource in RESOURCES:
        criteria = getattr(resource, "criteria", Criteria)
        for name, asked in criteria.base_filters.items():
            kind = asked.criterion.kind
            if kind == "code":
                model = asked.criterion.among(sight.house.party.staff).model
                values = [one.code for one in sight.things if isinstance(one, model)]
            else:
                values = [one.name for one in sight.things] if kind in ("text", "search") else []
            if asked.way in ("", "n", "ic"):
                yield from ((resource.base, name, value, made_up(value)) for value in values)


def made_up(value):
    return never(value) if CODE.fullmatch(value) else "乌有先生"


def test_a_question_about_what_is_out_of_reach_finds_what_one_about_nothing_does(sight):
    apart, bait = [], set()

    def finds_something(who, base, name, value, nothing):
        questions = (urlencode({name: one, "count": "1", "limit": "5"}) for one in (value, nothing))
        pairs = zip(questions, (value, nothing), strict=True)
        first, second = (told(sight.ask(who, "get", f"{ROOT}{base}/?{query}"), one) for query, one in pairs)
        return first != second

    for asked in questions(sight):
        # What staff cannot find either is no bait.
        if finds_something("staff", *asked):
            bait.add(asked[:2])
            apart += [asked] if finds_something("token", *asked) else []
    assert not apart, "\n".join(map(str, apart))
    assert len(bait) > 15


@pytest.mark.parametrize("who", WHO)
def test_no_answer_names_what_is_out_of_reach(sight, who):
    hidden = {key for base in NAMED for key in sight.hidden[base] if CODE.fullmatch(key)}
    named, bait = [], set()
    for _method, path, operation in operations("get"):
        if "{" in path:
            continue
        expand = [one["schema"]["items"]["enum"] for one in operation.get("parameters", ()) if one["name"] == "expand"]
        query = "?limit=200" + (f"&expand={','.join(expand[0])}" if expand else "")
        for asker in ("staff", who):
            answer = sight.ask(asker, "get", path + query)
            found = hidden & set(CODE.findall(answer.content.decode()))
            if answer.status_code not in (200, 400, 403):
                named.append(f"{path}{query}: {answer.status_code}")
            if asker == "staff":
                bait |= found
            elif found:
                named.append(f"{path}{query}: {sorted(found)}")
    assert not named, "\n".join(named)
    assert len(bait) > 10


def test_a_body_may_not_name_what_is_out_of_reach(sight):
    apart, asked = [], set()
    for write in writes(sight.house):
        text = json.dumps(write.body)
        for code in set(CODE.findall(text)):
            for foreign in (one.code for one in sight.things if one.code[:2] == code[:2]):
                bodies = [json.loads(text.replace(code, one)) for one in (foreign, never(foreign))]
                first, second = (
                    told(sight.ask("secretary", write.method, write.address, body), foreign, never(foreign))
                    for body in bodies
                )
                asked |= {str(write)} if first[0] == 400 else set()
                if first != second or first[0] < 400:
                    apart.append(f"{write} {foreign}: {first[:2]} or {second[:2]}")
    assert not apart, "\n".join(apart)
    assert len(asked) > 6
