"""Rosters as programs read them: the same people as on the pages, and no more of anybody than their reader may see."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from core.crypto import Sealed
from members import rows
from members.domain import places, reveals, standing
from members.domain.disclosures import READ_BY_API
from members.models import Member
from tests import cast
from tests.cast import LONG_AGO, TODAY, enlist
from tests.integrations.programs import drawn

pytestmark = pytest.mark.django_db
EVERYTHING = set(rows.ORDER)
# What of a member each office is shown: whoever reads the record reads all of it, numbers masked.
ALLOWED = {
    **dict.fromkeys(("staff", "north_staff", "secretary", "deputy", "organiser", "publicist", "auditor"), EVERYTHING),
    "leader": set(rows.CONTACT),
}
NOBODY = ("stranger", "plain_member", "advisor", "technician", "former_secretary")
NARROWED = (
    "q=wt", "q=涛", "q=5678", "q=567", "q=13800005678", "category=probationary", "category__n=probationary", "gender=2",
    "education=2", "missing=1", "missing=0", "lost=1", "migrant=0", "standing=suspended", "joined_on__gte=2020-01-01",
    "converted_on__empty=1", "birth_date=1990-01-01",
)  # fmt: skip


@pytest.fixture
def secretary(party, program):
    return program(party.secretary)


def by_token(program, holder, cell, *scopes):
    """A program that acts for somebody by a token."""
    _token, shown = drawn(holder, cell, *scopes)
    return program(authorization=f"Bearer {shown}")


def rows_of(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()["results"]


def names(response):
    return [row["name"] for row in rows_of(response)]


def seen(answer):
    """The headers of an answer but for those that count, or name the request."""
    return {name: value for name, value in answer.headers.items() if not name.startswith(("RateLimit", "X-Request"))}


def since(moment):
    return f"members/?{urlencode({'modified_since': moment})}"


def on_the_page(client, who, query=""):
    client.force_login(who)
    return re.findall(r'class="name"[^>]*>([^<]+)<', client.get(f"/members/{query}").content.decode())


class TestTheList:
    @pytest.mark.parametrize("who", ALLOWED)
    def test_shows_each_office_its_people_and_no_more_of_them_than_it_may_see(self, party, program, client, who):
        person = getattr(party, who)
        response = program(person).get("members/")
        assert {key for row in rows_of(response) for key in row} == ALLOWED[who]
        assert set(response.json()["meta"]["withheld"]) == EVERYTHING - ALLOWED[who]
        assert sorted(names(response)) == sorted(on_the_page(client, person, "?columns=mobile"))

    @pytest.mark.parametrize("who", NOBODY)
    def test_is_for_nobody_without_an_office_for_it(self, party, program, client, who):
        assert program(getattr(party, who)).get("members/").status_code == 403
        client.force_login(getattr(party, who))
        assert client.get("/members/").status_code == 403

    @pytest.mark.parametrize("who", ["secretary", "leader"])
    def test_tells_no_whole_number(self, party, program, who):
        body = program(getattr(party, who)).get("members/").content.decode()
        assert "139****7492" in body
        assert party.zhou.mobile not in body and party.zhou.id_number not in body

    def test_is_narrowed_as_the_page_is(self, party, secretary, client):
        standing.suspend(enlist("吴桐", party.yunshan), reason="失去联系", by=party.staff, on=TODAY)
        for query in NARROWED:
            found = names(secretary.get(f"members/?{query}"))
            assert sorted(found) == sorted(on_the_page(client, party.secretary, f"?{query}")), query

    def test_is_ordered_as_the_page_is(self, party, secretary, client):
        enlist("丁一", party.yunshan, birth_date=date(1985, 5, 5), joined_on=date(2009, 7, 1))
        for ordering, column in {"name": "name", "-birth_date": "-birth", "joined_on": "joined"}.items():
            page = on_the_page(client, party.secretary, f"?sort={column}&flat=1")
            assert names(secretary.get(f"members/?ordering={ordering}")) == page

    def test_takes_a_cell_alone_or_with_what_is_below_it(self, party, program):
        staff = program(party.staff)
        here, group = party.yunshan.code, party.first_group.code
        assert set(names(staff.get(f"members/?cell={here}"))) == {"李敏", "王涛", "孙悦"}
        assert set(names(staff.get(f"members/?cell={here}&include_sub=1"))) == {"李敏", "王涛", "孙悦", "周子墨"}
        both = f"members/?cell={here}&cell={party.shiguang.code}&include_sub=1"
        assert set(names(staff.get(both))) == {"李敏", "王涛", "孙悦", "周子墨", "单晓东"}
        assert names(staff.get(f"members/?cell={group}&include_sub=0")) == ["周子墨"]

    def test_tells_of_a_cell_elsewhere_what_it_tells_of_none(self, party, secretary):
        told = [
            secretary.get(f"members/?cell={code}").content.decode().replace(code, "")
            for code in (party.yuanfan.code, "ZB-9999")
        ]
        assert told[0] == told[1]
        assert "unknown_parameter" not in told[0] and "invalid" in told[0]

    def test_may_be_asked_of_a_birthday_by_nobody_who_sees_names_alone(self, party, program):
        leader = program(party.leader)
        for query in (
            "gender=1",
            "birth_date=1990-01-01",
            f"cell={party.first_group.code}",
            "ordering=birth_date",
            "format=csv",
        ):
            assert leader.get(f"members/?{query}").status_code == 400
        assert names(leader.get("members/?ordering=-name&q=zzm")) == ["周子墨"]

    def test_brings_what_changed_since_a_moment(self, party, secretary):
        moment = timezone.now()
        assert names(secretary.get(since(moment.isoformat()))) == []
        places.place(party.wang, cell=party.first_group, reason="编入", by=party.secretary, on=TODAY)
        assert names(secretary.get(since(moment.isoformat()))) == ["王涛"]

    def test_refuses_a_moment_that_is_none(self, secretary):
        for moment in ("yesterday", "2026-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59"):
            assert secretary.get(since(moment)).status_code == 400

    @pytest.mark.parametrize("who", ["staff", "leader"])
    def test_costs_as_many_queries_for_three_as_for_one(self, party, program, who):
        reader = program(getattr(party, who))
        address = "members/?q=黎&expand=cell,memberships&count=1"
        address = address if who == "staff" else "members/?q=黎&count=1"
        costs = []
        for number in (1, 2, 3):
            enlist(f"黎{'一二三'[number - 1]}", party.first_group)
            with CaptureQueriesContext(connection) as asked:
                assert len(rows_of(reader.get(address))) == number
            costs.append(len(asked))
        assert costs[0] == costs[2]

    def test_of_a_number_that_cannot_be_opened_says_so(self, party, secretary):
        Member.objects.filter(pk=party.wang.pk).update(mobile=Sealed("v1|aes-256-gcm|gone|AAAA|AAAA"))
        [wang] = rows_of(secretary.get(f"members/?code={party.wang.code}"))
        assert wang["mobile"] == "无法解密"

    def test_of_what_is_missing_says_what_the_record_says(self, party, secretary):
        bare = enlist("林空", party.yunshan, gender="", post="", birth_date=None)
        [shown] = rows_of(secretary.get(f"members/?code={bare.code}"))
        labels = [Member._meta.get_field(name).verbose_name for name in shown["missing"]]
        assert labels == bare.missing_items


class TestOne:
    @pytest.mark.parametrize("who", sorted(ALLOWED.keys() - {"leader"}))
    def test_is_shown_as_in_the_list_and_its_reading_noted(self, party, program, who):
        reader = program(getattr(party, who))
        [listed] = rows_of(reader.get(f"members/?code={party.wang.code}"))
        assert not Entry.objects.about(party.wang).exists()
        alone = reader.get(f"members/{party.wang.code}/").json()
        assert alone.pop("meta") == {"withheld": []}
        assert alone == listed
        noted = Entry.objects.about(party.wang).get()
        assert (noted.action, noted.actor) == (READ_BY_API, getattr(party, who))

    def test_is_read_by_the_person_who_sees_where_they_belong(self, party, program):
        own = program(party.plain_member).get(f"members/{party.wang.code}/").json()
        assert own["cell"]["code"] == party.yunshan.code
        assert not Entry.objects.about(party.wang).exists()

    def test_read_by_who_was_turned_away_is_not_noted(self, party, program):
        publicist = program(party.publicist)
        refused = publicist.post(f"members/{party.wang.code}/suspend/", {"reason": "失联", "on": TODAY.isoformat()})
        assert refused.status_code == 403
        assert publicist.get(f"members/{party.wang.code}/?nonsense=1").status_code == 400
        assert not Entry.objects.about(party.wang).exists()

    @pytest.mark.parametrize("who", ["secretary", "leader", "plain_member", "advisor", "stranger"])
    def test_elsewhere_looks_like_one_that_does_not_exist(self, party, program, who):
        reader = program(getattr(party, who))
        told = []
        for code in (party.liu.code, "DY-222222"):
            answers = [
                reader.get(f"members/{code}/"),
                reader.get(f"members/{code}/?reveal=id_number&purpose=核对组织关系"),
                reader.post(f"members/{code}/suspend/", {"reason": "失联", "on": TODAY.isoformat()}),
                reader.patch(f"members/{code}/", {"name": "新名"}),
            ]
            assert {answer.status_code for answer in answers} == {404}
            told.append([(seen(answer), answer.content.decode().replace(code, "")) for answer in answers])
        assert told[0] == told[1]

    def test_brings_history_and_cell_as_far_as_they_are_seen(self, party, program):
        places.place(party.liu, cell=party.yunshan, reason="调入", by=party.staff, on=TODAY)
        shown = program(party.secretary).get(f"members/{party.liu.code}/?expand=cell,memberships").json()
        now, before = shown["memberships"]
        assert (now["cell"]["code"], now["starts_on"], now["ends_on"]) == (party.yunshan.code, TODAY.isoformat(), None)
        assert (before["cell"], before["exit_reason"]) == (None, "placed")
        assert shown["cell"]["due_on"] == "2027-01-07"
        assert shown["meta"]["withheld"] == ["cell.parent", "memberships.cell"]

    def test_has_an_etag_of_what_is_shown(self, party, program, secretary):
        path = f"members/{party.wang.code}/"
        first = secretary.get(path)
        assert secretary.get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
        narrow = secretary.get(f"{path}?fields=name")
        assert narrow.json() == {"name": "王涛", "meta": {"withheld": []}}
        assert narrow.headers["ETag"] != first.headers["ETag"]


class TestRevealing:
    PURPOSE = "reveal=id_number&purpose=核对组织关系"

    def test_shows_one_number_for_a_purpose_and_the_member_reads_who_saw_it(self, party, secretary, client):
        shown = secretary.get(f"members/{party.wang.code}/?{self.PURPOSE}").json()
        assert shown["id_number"] == party.wang.id_number
        assert shown["mobile"] == "138****5678"
        noted = Entry.objects.about(party.wang).did("members.revealed").get()
        assert (noted.actor, noted.facts["purpose"]) == (party.secretary, "核对组织关系")
        client.force_login(party.plain_member)
        assert "核对组织关系" in client.get("/me/seen/").content.decode()

    @pytest.mark.parametrize(
        ("purpose", "sentence"),
        [("", "至少 4 个字"), ("查号", "至少 4 个字"), ("号码13800005678要核对", "不要写本人的")],
    )
    def test_is_refused_without_a_purpose_that_can_be_kept(self, party, secretary, purpose, sentence):
        answer = secretary.get(f"members/{party.wang.code}/?{urlencode({'reveal': 'mobile', 'purpose': purpose})}")
        assert answer.status_code == 400
        assert sentence in answer.json()["errors"][0]["detail"]
        assert party.wang.mobile not in answer.content.decode()

    def test_is_for_no_office_without_the_power(self, party, program):
        for who in ("organiser", "publicist", "auditor"):
            assert program(getattr(party, who)).get(f"members/{party.wang.code}/?{self.PURPOSE}").status_code == 403
        assert not Entry.objects.did("members.revealed").exists()

    def test_takes_a_token_that_was_given_it(self, party, program):
        path = f"members/{party.wang.code}/?{self.PURPOSE}"
        plain = by_token(program, party.secretary, party.yunshan, "members:read")
        refused = plain.get(path)
        assert refused.status_code == 403
        assert party.wang.id_number not in refused.content.decode()
        whole = by_token(program, party.secretary, party.yunshan, "members:read", "members.sensitive:read")
        assert whole.get(path).json()["id_number"] == party.wang.id_number

    def test_of_several_leaves_an_entry_for_each(self, party, secretary):
        secretary.get(f"members/{party.wang.code}/?reveal=id_number,mobile&purpose=核对组织关系")
        assert Entry.objects.did("members.revealed").count() == len(reveals.ITEMS) - 1


class TestTokens:
    def test_a_token_sees_within_its_cell_what_its_holder_sees_there(self, party, program):
        staff = by_token(program, party.staff, party.yunshan, "members:read", "cells:read")
        assert set(names(staff.get("members/"))) == {"李敏", "王涛", "孙悦", "周子墨"}
        assert staff.get(f"members/{party.liu.code}/").status_code == 404
        assert staff.get("members/?count=1").json()["count"] == 4

    def test_a_token_without_cells_is_not_told_of_any(self, party, program):
        listed = by_token(program, party.staff, party.yunshan, "members:read").get("members/?expand=cell")
        assert {row["cell"] for row in rows_of(listed)} == {None}
        assert listed.json()["meta"]["withheld"] == ["cell"]

    def test_a_token_is_told_of_cells_and_companies_by_their_own_scopes(self, party, program):
        """Both carry one power, so that power alone does not tell them apart."""
        Member.objects.filter(pk=party.wang.pk).update(employer=cast.register("云杉科技有限公司", party.north))
        path = f"members/{party.wang.code}/?expand=cell,memberships"
        of_companies = by_token(program, party.staff, party.north, "members:read", "companies:read").get(path).json()
        assert of_companies["cell"] is None and of_companies["employer"]["name"] == "云杉科技有限公司"
        assert {place["cell"] for place in of_companies["memberships"]} == {None}
        assert of_companies["meta"]["withheld"] == ["cell", "memberships.cell"]
        of_cells = by_token(program, party.staff, party.north, "members:read", "cells:read").get(path).json()
        assert of_cells["employer"] is None and of_cells["cell"]["code"] == party.yunshan.code
        assert of_cells["meta"]["withheld"] == ["employer"]

    def test_a_token_is_told_no_more_by_what_it_changes(self, party, program):
        writer = by_token(program, party.secretary, party.yunshan, "members:write", "companies:read")
        path = f"members/{party.wang.code}/"
        changed = writer.patch(path, {"remarks": "新"}, headers={"if-match": "*"}).json()
        assert changed["cell"] is None and "cell" in changed["meta"]["withheld"]

    def test_a_token_that_reads_does_not_write(self, party, program):
        reader = by_token(program, party.secretary, party.yunshan, "members:read")
        path = f"members/{party.wang.code}/"
        assert reader.patch(path, {"remarks": "新"}, headers={"if-match": "*"}).status_code == 403
        writer = by_token(program, party.secretary, party.yunshan, "members:write")
        assert writer.patch(path, {"remarks": "新"}, headers={"if-match": "*"}).status_code == 200

    def test_to_a_program_nothing_is_its_holders_own(self, party, program):
        other = by_token(program, party.secretary, party.first_group, "members:read", "members:write")
        assert other.get(f"members/{party.li.code}/").status_code == 404
        assert other.post("change-requests/", {"item": "name", "new": "新名", "evidence": ""}).status_code == 403


class TestMemberships:
    def test_are_the_whole_history_of_whoever_is_within_reach_now(self, party, program):
        day = (TODAY - timedelta(days=3)).isoformat()
        places.place(party.wang, cell=party.yuanfan, reason="调出", by=party.staff, on=TODAY - timedelta(days=3))
        gone = program(party.secretary).get("memberships/")
        assert party.wang.code not in gone.content.decode()
        shown = rows_of(program(party.other_secretary).get(f"memberships/?member={party.wang.code}"))
        assert [(row["cell"] and row["cell"]["code"], row["starts_on"], row["ends_on"]) for row in shown] == [
            (None, LONG_AGO.isoformat(), day),
            (party.yuanfan.code, day, None),
        ]
        one = program(party.other_secretary).get(f"memberships/{party.wang.code}.{day}/")
        assert one.json()["note"] == "调出"

    @pytest.mark.parametrize(
        "key", ["DY-222222.2024-01-08", "{liu}.2024-01-08", "{wang}.2024-01-09", "{wang}.2024-13-01"]
    )
    def test_elsewhere_and_nowhere_are_not_found(self, party, secretary, key):
        path = f"memberships/{key.format(liu=party.liu.code, wang=party.wang.code)}/"
        assert secretary.get(path).status_code == 404

    def test_are_narrowed_by_what_began_and_ended(self, party, program):
        staff = program(party.staff)
        places.place(party.wang, cell=party.yuanfan, reason="调出", by=party.staff, on=TODAY)
        for query, count in (
            (f"starts_on={TODAY}", 1), (f"ends_on__lte={TODAY}", 1), ("ends_on__empty=1", 6), ("exit_reason=placed", 1),
            ("entry_reason=placed", 1), (f"cell={party.yunshan.code}", 3), (f"under={party.yunshan.code}", 4),
        ):  # fmt: skip
            assert len(rows_of(staff.get(f"memberships/?{query}"))) == count, query

    def test_cost_as_many_queries_for_three_as_for_one(self, party, program):
        staff, costs = program(party.staff), []
        for number in (1, 2, 3):
            member = enlist(f"黎{'一二三'[number - 1]}", party.yuanfan)
            with CaptureQueriesContext(connection) as asked:
                staff.get(f"memberships/?cell={party.yuanfan.code}&member={member.code}&limit={number}")
            costs.append(len(asked))
        assert costs[0] == costs[2]
