"""Whatever is sent in place of an answer: 4xx with a sentence at its place, never a fault, and nothing is changed."""

import json
from itertools import cycle, product

import pytest

from audit.models import Entry
from members.models import ChangeRequest, Member, Membership
from members.serializers.answers import AskAnswers, LeaveAnswers, MergeAnswers, OwnAnswers, PlaceTogetherAnswers
from members.serializers.records import EnrolAnswers, RecordAnswers
from tests.members.test_api_deeds import ON, SOMEBODY

pytestmark = pytest.mark.django_db
NONSENSE = [
    5, 1e300, -1, True, [], ["a"], {}, {"a": 1}, "\x07", "9" * 5000, "0000-00-00", "9999-12-31", "٣", "\u202e", " ",
    "a\nb", "张" * 3000, [[[]]], "DY-222222", "=1+1", "<b>", "%s", "'; --",
]  # fmt: skip
UNREADABLE = [
    b"{", b"[]", b'"text"', b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b'{"name": 1, "name": 2}',
    b'{"name": 1e400}', b'{"name": NaN}', b"[" * 10_000, b'{"a":' * 10_000, b"\xff\xfe",
    b'{"name": "' + b"x" * 2_100_000 + b'"}',
]  # fmt: skip


def state():
    return [
        list(table.objects.order_by("pk").values_list("pk")) for table in (Member, Membership, ChangeRequest, Entry)
    ]


@pytest.fixture
def sends(party, program):
    """What is sent where, by whom: a whole and proper answer that one field at a time is taken out of."""
    wang, group = f"members/{party.wang.code}/", party.first_group.code
    keeper, own = program(party.secretary), program(party.plain_member)
    moved = {"cell": group, "reason": "编入", "on": ON}
    return [
        (keeper.post, "members/", EnrolAnswers, SOMEBODY | {"cell": party.yunshan.code}),
        (keeper.post, "members/place-together/", PlaceTogetherAnswers, moved | {"members": [party.wang.code]}),
        (keeper.post, f"{wang}leave/", LeaveAnswers, {"reason": "withdrew", "on": ON}),
        (keeper.post, f"{wang}merge/", MergeAnswers, {"absorbed": party.sun.code, "reason": "同一个人", "on": ON}),
        (own.post, f"{wang}change/", OwnAnswers, {"mobile": "13900008866"}),
        (own.post, "change-requests/", AskAnswers, {"item": "name", "new": "王滔", "evidence": "bm8gZmlsZQ=="}),
    ]


def spoilt(proper, names):
    """The proper answer with one thing in the place of every field, and with something else in each field alone."""
    for value in NONSENSE:
        yield dict.fromkeys(names, value)
    for name, value in zip(names, cycle(NONSENSE)):
        yield proper | {name: value}
    for name in names:
        yield proper | {name: None}


@pytest.mark.parametrize("place", range(6))
def test_a_wrong_value_in_any_field_is_no_fault(sends, place):
    send, path, answers, proper = sends[place]
    for body in spoilt(proper, list(answers().get_fields())):
        answer = send(f"{path}?dry_run=1", body, headers={"if-match": "*"})
        assert answer.status_code in (200, 400, 409), (body, answer.content.decode()[:300])


def test_a_wrong_value_in_a_correction_is_no_fault(party, program):
    keeper, path = program(party.secretary), f"members/{party.wang.code}/?dry_run=1"
    names = list(RecordAnswers().get_fields())
    for body in (dict.fromkeys(names, value) for value in [*NONSENSE, None]):
        answer = keeper.patch(path, body, headers={"if-match": "*"})
        assert answer.status_code in (200, 400), (body, answer.content.decode()[:300])


def test_what_cannot_be_read_is_refused_and_changes_nothing(party, program):
    keeper, before = program(party.secretary), state()
    paths = ("members/", f"members/{party.wang.code}/suspend/", "members/enrol-many/", "change-requests/")
    for path, body in product(paths, UNREADABLE):
        answer = keeper.client.post(f"/api/v1/{path}", body, content_type="application/json", headers={"if-match": "*"})
        assert 400 <= answer.status_code < 500, (path, body[:40])
        assert answer.json()["detail"]
    assert state() == before


def test_other_kinds_of_bodies_are_refused(party, program):
    keeper = program(party.secretary)
    kinds = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "text/html")
    for path, kind in product(("members/", "change-requests/", f"members/{party.wang.code}/suspend/"), kinds):
        answer = keeper.client.post(f"/api/v1/{path}", json.dumps({}), content_type=kind, headers={"if-match": "*"})
        assert answer.status_code == 415, (path, kind)


WRONG = [
    "nonsense=1", "limit=0", "limit=201", "limit=x", "offset=-1", "start=abc", "ordering=id_number", "fields=password",
    "expand=user", "count=2", "category=knight", "joined_on__gte=0000-01-01", "joined_on=9999-99-99", "cell=%00",
    "q=%ff", "member__id_number=1", "brief=yes", "format=exe", "cell=ZB-9999", "include_sub=perhaps",
    "ordering=name,-name", "start=a&before=b", "education=" + "9" * 300,
]  # fmt: skip


def test_a_wrong_question_is_refused_and_says_where(party, program):
    keeper = program(party.secretary)
    for query in WRONG:
        answer = keeper.get(f"members/?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["location"]) == (400, "query"), query


def test_a_method_is_not_overridden(party, program):
    keeper, path = program(party.secretary), f"members/{party.wang.code}/"
    assert keeper.post(path, {"name": "新名"}, headers={"x-http-method-override": "PATCH"}).status_code == 405
    assert keeper.post(f"{path}?_method=PATCH", {"name": "新名"}).status_code == 405
    assert keeper.delete(path).status_code == 405
    assert Member.objects.get(pk=party.wang.pk).name == "王涛"
