"""Organisations and companies through the door for programs: the same deeds, the same reach."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.models import Entry
from cells.choices import CellKind, Cover, Office
from cells.domain import appointments, assignments, companies, tree
from cells.models import Appointment, Cell, Company
from tests.cast import TODAY, found, person, register

pytestmark = pytest.mark.django_db
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _the_day_of_the_cast():
    with time_machine.travel(NOON):
        yield


def tag(program, path):
    return {"if-match": program.get(path).headers["ETag"]}


def done(response, status=200):
    assert response.status_code == status, response.content.decode()
    return response.json() if response.content else None


def test_a_cell_is_founded_corrected_and_changed(party, program):
    staff = program(party.staff)
    made = staff.post(
        "cells/", {"name": "中共青屿软件有限公司支部委员会", "kind": "branch", "superior": party.north.code}
    )
    shown = done(made, 201)
    place = shown["url"].removeprefix("/api/v1/")
    assert made.headers["Location"] == shown["url"]
    assert staff.get(place).headers["ETag"] == made.headers["ETag"]
    assert shown["parent"]["code"] == party.north.code

    on = TODAY.isoformat()
    steps = [
        ("rename", {"name": "中共青屿科技有限公司支部委员会", "on": on}, "name", "中共青屿科技有限公司支部委员会"),
        ("move", {"superior": party.association.code, "on": on}, "parent.code", party.association.code),
        ("reorganise", {"kind": "joint_branch", "on": on}, "kind", "joint_branch"),
    ]
    for verb, answers, field, value in steps:
        shown = done(staff.post(f"{place}{verb}/", answers, headers=tag(staff, place)))
        for step in field.split("."):
            shown = shown[step]
        assert shown == value
    corrected = done(staff.patch(place, {"contact_name": "何联"}, headers=tag(staff, place)))
    assert corrected["contact_name"] == "何联"
    term = done(staff.post(f"{place}begin-term/", {"from_on": on, "due_on": "2029-11-20"}, headers=tag(staff, place)))
    assert term == {"number": None, "from_on": on, "due_on": "2029-11-20"}
    told = Entry.objects.filter(thing_code=corrected["code"]).order_by("pk").values_list("action", flat=True)
    assert list(told) == [
        f"cells.{what}" for what in ("founded", "renamed", "moved", "reorganised", "corrected", "term_begun")
    ]


def test_a_cell_is_dissolved(party, program):
    staff = program(party.staff)
    place = f"cells/{found('中共青屿软件有限公司支部委员会', CellKind.BRANCH, party.north).code}/"
    body = {"reason": "企业注销", "on": TODAY.isoformat()}
    assert done(staff.post(f"{place}dissolve/", body, headers=tag(staff, place)))["dissolved_on"] == body["on"]
    assert staff.post(f"{place}dissolve/", body, headers=tag(staff, place)).status_code == 409


def test_a_cell_is_merged_into_another(party, program):
    staff = program(party.staff)
    place = f"cells/{party.yuanfan.code}/"
    body = {"into": party.yunshan.code, "on": TODAY.isoformat()}
    assert (
        done(staff.post(f"{place}merge/", body, headers=tag(staff, place)))["merged_into"]["code"] == party.yunshan.code
    )


def test_the_set_up_list_is_put_away_and_brought_back(party, program):
    secretary = program(party.secretary)
    place = f"cells/{party.yunshan.code}/"
    assert done(secretary.get(f"{place}setup/"))["put_away"] is False
    done(secretary.post(f"{place}put-away-setup/", headers=tag(secretary, place)))
    assert done(secretary.get(f"{place}setup/"))["put_away"] is True
    done(secretary.post(f"{place}bring-back-setup/", headers=tag(secretary, place)))
    decided = secretary.post(f"{place}confirm-setup/", {"task": "roster"}, headers=tag(secretary, place))
    assert decided.status_code == 409


def test_a_company_is_put_on_file_corrected_and_surveyed(party, program):
    staff = program(party.staff)
    body = {"name": "青屿软件有限公司", "keeper": party.north.code, "staff": 12, "output": "1500000.50"}
    shown = done(staff.post("companies/", body), 201)
    assert (shown["now"]["staff"], shown["now"]["output"]) == (12, "1500000.50")
    place = f"companies/{shown['code']}/"
    assert done(staff.patch(place, {"park": "软件园"}, headers=tag(staff, place)))["park"] == "软件园"
    facts = {"surveyed_on": TODAY.isoformat(), "staff": 60, "cover_cell": party.yunshan.code}
    shown = done(staff.post(f"{place}survey/", facts, headers=tag(staff, place)))
    assert (shown["now"]["cover"], shown["cover_cell"]["code"]) == (Cover.OWN, party.yunshan.code)


def test_a_contact_is_added_corrected_called_and_removed(party, program):
    company = register("云杉科技有限公司", party.north)
    staff = program(party.staff)
    made = done(staff.post("contacts/", {"company": company.code, "name": "何联", "phone": "13800001234"}), 201)
    assert made["phone"] == "138****1234"
    place = made["url"].removeprefix("/api/v1/")
    assert done(staff.patch(place, {"post": "经理"}))["post"] == "经理"
    whole = done(staff.get(f"{place}?reveal=phone&purpose=通知本周五座谈会"))
    assert whole["phone"] == "13800001234"
    assert Entry.objects.filter(action="cells.phone_revealed").count() == 1
    done(staff.delete(place), 204)
    assert staff.get(place).status_code == 404


def test_somebody_is_appointed_invited_and_leaves_office(party, program):
    staff = program(party.staff)
    body = {"cell": party.yuanfan.code, "name": "郑安", "office": "deputy_secretary", "on": TODAY.isoformat()}
    shown = done(staff.post("appointments/", body), 201)
    place = shown["url"].removeprefix("/api/v1/")
    assert done(staff.get(place))["holder"]["name"] == "郑安"
    assert done(staff.post(f"{place}invite/?dry_run=1"))["result"] is None
    assert done(staff.post(f"{place}invite/"))["address"].startswith("http://testserver/")
    done(staff.post(f"{place}end/", {"reason": "登记有误", "on": TODAY.isoformat()}), 204)


def test_an_office_that_ended_keeps_its_address(party, program):
    staff = program(party.staff)
    body = {"cell": party.yunshan.code, "holder": party.organiser.code}
    [row] = done(staff.get("appointments/", data=body))["results"]
    place = row["url"].removeprefix("/api/v1/")
    ended = done(staff.post(f"{place}end/", {"reason": "换届", "on": TODAY.isoformat()}))
    assert (ended["url"], ended["until"]) == (row["url"], TODAY.isoformat())
    assert done(staff.get(place))["until"] == TODAY.isoformat()


def test_an_advisor_is_assigned_and_released(party, program):
    company = register("拾光传媒有限公司", party.south)
    staff = program(party.staff)
    body = {"company": company.code, "advisor": party.advisor.code, "assigned_on": TODAY.isoformat()}
    place = done(staff.post("assignments/", body), 201)["url"].removeprefix("/api/v1/")
    done(staff.post(f"{place}end/", {"reason": "轮换", "ended_on": TODAY.isoformat()}), 204)


def test_an_account_is_closed_and_opened_again(party, program):
    technician = program(party.technician)
    place = f"people/{party.secretary.code}/"
    assert done(technician.post(f"{place}close/", {"reason": "调离"}))["account"] == "closed"
    assert done(technician.post(f"{place}reopen/", {"reason": "登记有误"}))["account"] == "open"
    assert technician.post(f"{place}unlock/").status_code == 409


def test_a_rule_of_the_association_is_tightened(party, program):
    staff = program(party.staff)
    body = {"value": 30, "on": TODAY.isoformat(), "reason": "从严掌握"}
    assert done(staff.post("policies/large_company/set-value/", body))["value"] == 30
    assert program(party.secretary).get("policies/").status_code == 403


@pytest.mark.parametrize(
    "address", ["cells/", "cells/?expand=parent&ordering=-code", "companies/?expand=keeper", "appointments/", "people/"]
)
def test_a_list_of_three_costs_what_a_list_of_one_costs(party, program, queries_of, address):
    staff = program(party.staff)
    staff.get(address)
    register("一号有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    mark = "&" if "?" in address else "?"
    one = queries_of(staff.get, f"{address}{mark}limit=1")
    for name in ("二号有限公司", "三号有限公司"):
        register(name, party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    assert len(done(staff.get(f"{address}{mark}limit=3"))["results"]) == 3
    assert queries_of(staff.get, f"{address}{mark}limit=3") == one


# Each names, in one answer, something that exists where the asker does not reach.
FOREIGN = [
    ("north_staff", "cells/", {"name": "某支部", "kind": "branch"}, "superior", lambda party: party.south.code),
    ("north_staff", "companies/", {"name": "某公司"}, "keeper", lambda party: party.south.code),
    (
        "north_staff", "appointments/", {"office": "secretary", "on": "2026-11-20"}, "cell",
        lambda party: party.shiguang.code,
    ),
    (
        "secretary", "appointments/", {"office": "organisation_commissioner", "on": "2026-11-20"}, "holder",
        lambda party: party.other_secretary.code,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("who", "address", "body", "field", "foreign"), FOREIGN)
def test_a_body_may_not_name_what_is_out_of_reach(party, program, who, address, body, field, foreign):
    asker = program(getattr(party, who))
    bait = foreign(party)
    nowhere = bait[:3] + "9" * len(bait[3:])
    told = []
    for code in (bait, nowhere):
        response = asker.post(address, body | {field: code})
        assert response.status_code == 400
        told.append([error for error in response.json()["errors"] if error["pointer"] == f"/{field}"])
    assert told[0] and repr(told[0]).replace(bait, nowhere) == repr(told[1])


def test_what_lies_beyond_is_withheld_and_named(party, program):
    shown = done(program(party.secretary).get(f"cells/{party.yunshan.code}/?expand=parent"))
    assert (shown["parent"], shown["meta"]["withheld"]) == (None, ["parent"])
    assert party.north.code not in str(shown)


@pytest.mark.parametrize("office", ["auditor", "secretary", "advisor", "plain_member"])
def test_who_keeps_nothing_changes_nothing(party, program, office):
    """The first refusal is of the person: nobody is asked for a version of what they may not change."""
    asker = program(party.plain_member if office == "plain_member" else getattr(party, office))
    before = Cell.objects.count(), Company.objects.count(), Appointment.objects.count()
    assert asker.post("cells/").status_code == 403
    assert asker.post("companies/").status_code == 403
    place = f"cells/{party.yunshan.code}/rename/"
    assert asker.post(place).status_code == (404 if office in ("plain_member", "advisor") else 403)
    assert before == (Cell.objects.count(), Company.objects.count(), Appointment.objects.count())


def test_a_thing_shown_whole_beside_another_is_as_whole_as_by_itself(party, program):
    staff = program(party.staff)
    company = register("云杉科技有限公司", party.north)
    done(staff.post("contacts/", {"company": company.code, "name": "何联络"}), 201)
    cell = done(staff.get(f"cells/{party.north.code}/"))
    assert cell["due_on"]
    beside = done(staff.get(f"contacts/?expand=company&company={company.code}"))["results"][0]["company"]
    alone = done(staff.get(f"companies/{company.code}/"))
    assert beside["now"] == alone["now"] and alone["now"]["staff"]
    parent = done(staff.get(f"cells/{party.yunshan.code}/?expand=parent"))["parent"]
    assert parent["due_on"] == cell["due_on"]


class TestWhatChangedSince:
    """A list fetched again in part: what somebody did something to, and nothing else."""

    # Later than whatever the cast was drawn at.
    LATER = NOON + timedelta(days=7300)

    def rows(self, program, party, name, moment):
        query = urlencode({"modified_since": moment.isoformat()})
        return done(program(party.staff).get(f"{name}/?{query}"))["results"]

    def test_tells_cells_and_offices(self, party, program):
        with time_machine.travel(self.LATER):
            tree.correct(party.yunshan, version=party.yunshan.version, by=party.staff, on=TODAY, contact_name="何联")
            appointments.appoint(
                party.shiguang, holder=person("何静"), office=Office.SECRETARY, by=party.staff, on=TODAY
            )
        assert [row["code"] for row in self.rows(program, party, "cells", self.LATER)] == [party.yunshan.code]
        offices = self.rows(program, party, "appointments", self.LATER)
        assert [row["cell"]["code"] for row in offices] == [party.shiguang.code]
        for name in ("cells", "appointments"):
            assert self.rows(program, party, name, self.LATER + timedelta(hours=1)) == []

    def test_tells_companies_with_their_contacts_and_advisors(self, party, program):
        _quiet, met, advised = (register(name, party.north) for name in ("静海软件", "青屿软件", "白塔软件"))
        with time_machine.travel(self.LATER):
            companies.add_contact(met, name="何联", phone="021-00000000", by=party.staff, on=TODAY)
            assignments.assign(advised, advisor=party.advisor, assigned_on=TODAY, by=party.staff, on=TODAY)
        found = self.rows(program, party, "companies", self.LATER)
        assert {row["code"] for row in found} == {met.code, advised.code}
        assert [row["company"]["code"] for row in self.rows(program, party, "assignments", self.LATER)] == [
            advised.code
        ]
        for name in ("companies", "assignments"):
            assert self.rows(program, party, name, self.LATER + timedelta(hours=1)) == []
