"""What a new branch sees to before it works by itself: how each task is known, what is confirmed, what is put away."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from cells import setup
from cells.choices import CellKind, Office, SetupState, SetupTask
from cells.domain import setting_up
from cells.models import Appointment, Cell, SetupMark, Term
from core.dated import since
from core.errors import OutOfTurn, Refusal
from ledgers.models import Import
from members.models import Member
from portal import workbench
from tests import cast
from tests.cast import LONG_AGO, TODAY

pytestmark = pytest.mark.django_db


def how(cell, task):
    return next(step for step in setup.of(cell, on=TODAY).steps if step.task == task)


def completed(cell):
    """With nothing missing in its record."""
    Cell.objects.filter(pk=cell.pk).update(contact_name="何联", formation_mode="independent")


def confirm(cell, *, by, task=SetupTask.FACTS):
    return setting_up.confirm(cell, task=task, by=by, on=TODAY)


class TestTheCellsOwnRecord:
    def test_what_is_missing_is_named(self, party):
        Term.objects.filter(cell=party.yunshan).void(by=party.staff)
        step = how(party.yunshan, SetupTask.FACTS)
        assert (step.state, step.reason) == (SetupState.LACKING, "缺组建方式、联系人、届次，请上级党组织补齐")
        assert not step.to_confirm

    def test_a_complete_one_waits_to_be_read_and_says_who_did(self, party):
        completed(party.yunshan)
        assert how(party.yunshan, SetupTask.FACTS).state == SetupState.NOT_BEGUN
        confirm(party.yunshan, by=party.secretary)
        step = how(party.yunshan, SetupTask.FACTS)
        assert (step.state, step.reason) == (SetupState.DONE, f"李敏于 {TODAY} 确认")

    def test_what_changes_afterwards_is_to_be_read_again(self, party):
        completed(party.yunshan)
        confirm(party.yunshan, by=party.secretary)
        Cell.objects.filter(pk=party.yunshan.pk).update(version=9)
        assert how(party.yunshan, SetupTask.FACTS).state == SetupState.UNDER_WAY
        confirm(party.yunshan, by=party.organiser)
        assert how(party.yunshan, SetupTask.FACTS).state == SetupState.DONE
        assert SetupMark.objects.standing().count() == 1


class TestTheRoster:
    def test_nobody_on_it_an_import_begun_a_number_missing_and_done(self, party):
        empty = cast.found("中共新枝有限公司支部委员会", CellKind.BRANCH, party.north)
        assert how(empty, SetupTask.ROSTER).state == SetupState.NOT_BEGUN
        Import.objects.create(year=2026, number=1, cell=empty, as_of=TODAY, expires_at=timezone.now())
        assert how(empty, SetupTask.ROSTER).state == SetupState.UNDER_WAY
        assert how(party.yunshan, SetupTask.ROSTER).state == SetupState.DONE
        Member.objects.filter(pk=party.zhou.pk).update(id_number="", id_number_index="")
        step = how(party.yunshan, SetupTask.ROSTER)
        assert (step.state, step.reason) == (SetupState.LACKING, "1 名党员没有公民身份证号")

    def test_a_committee_has_none(self, party):
        assert how(party.north, SetupTask.ROSTER).state == SetupState.NOT_ASKED


class TestTheCommittee:
    def test_below_seven_a_secretary_will_do(self, party):
        assert how(party.yunshan, SetupTask.COMMITTEE).state == SetupState.NOT_ASKED
        assert how(party.shiguang, SetupTask.COMMITTEE).state == SetupState.LACKING

    def test_from_seven_on_three_sit_on_it(self, party):
        for number in range(6):
            cast.enlist(f"党员{number}", party.yuanfan)
        assert how(party.yuanfan, SetupTask.COMMITTEE).state == SetupState.NOT_BEGUN
        cast.appoint("甲", Office.DEPUTY_SECRETARY, party.yuanfan)
        assert how(party.yuanfan, SetupTask.COMMITTEE).state == SetupState.UNDER_WAY
        cast.appoint("乙", Office.PUBLICITY_COMMISSIONER, party.yuanfan)
        assert how(party.yuanfan, SetupTask.COMMITTEE).state == SetupState.DONE


def test_no_duties_are_kept_so_none_are_confirmed(party):
    assert how(party.yunshan, SetupTask.DUTIES).state == SetupState.NOT_ASKED
    with pytest.raises(OutOfTurn):
        confirm(party.yunshan, by=party.secretary, task=SetupTask.DUTIES)


def test_the_secretary_s_address_is_what_notices_want(party):
    assert how(party.yunshan, SetupTask.NOTICES).state == SetupState.NOT_BEGUN
    User.objects.filter(pk=party.secretary.pk).update(email="limin@example.cn")
    step = how(party.yunshan, SetupTask.NOTICES)
    assert step.state == SetupState.DONE
    assert "limin" not in step.reason


def test_a_second_hand_counts_once_the_account_is_taken_up(party):
    assert how(party.yuanfan, SetupTask.SECOND).state == SetupState.NOT_BEGUN
    second = User.objects.open_dormant("新来的人")
    Appointment.objects.create(
        holder=second, office=Office.ORGANISATION_COMMISSIONER, cell=party.yuanfan, valid=since(LONG_AGO)
    )
    assert how(party.yuanfan, SetupTask.SECOND).state == SetupState.UNDER_WAY
    User.objects.filter(pk=second.pk).update(username="second")
    assert how(party.yuanfan, SetupTask.SECOND).state == SetupState.DONE


class TestPuttingAway:
    def test_it_leaves_workbench_and_page_and_comes_back(self, client, party):
        client.force_login(party.secretary)
        page = f"/cells/{party.yunshan.code}/setup/"
        assert page in client.get("/home/").content.decode()
        assert page in client.get(party.yunshan.get_absolute_url()).content.decode()
        client.post(page, {"act": "put_away"})
        assert page not in client.get("/home/").content.decode()
        assert "李敏于" in client.get(page).content.decode()
        assert client.post(page, {"act": "put_away"}).status_code == 422
        client.post(page, {"act": "bring_back"})
        assert page in client.get("/home/").content.decode()
        assert client.post(page, {"act": "bring_back"}).status_code == 422
        actions = Entry.objects.about(party.yunshan).values_list("action", flat=True)
        assert set(actions) == {"cells.setup_put_away", "cells.setup_brought_back"}

    def test_a_colleague_without_the_seat_has_none_on_the_workbench(self, party):
        assert workbench.of(party.secretary, on=TODAY).setup.cell == party.yunshan
        for who in (party.organiser, party.staff, party.publicist, party.plain_member):
            assert workbench.of(who, on=TODAY).setup is None
        assert workbench.of(party.deputy_alone, on=TODAY).setup.cell == party.shiguang


def test_nobody_confirms_or_puts_away_who_does_not_keep_the_roster(party):
    completed(party.yunshan)
    for who in (party.publicist, party.auditor, party.other_secretary, party.advisor):
        with pytest.raises(PermissionDenied):
            confirm(party.yunshan, by=who)
        with pytest.raises(PermissionDenied):
            setting_up.put_away(party.yunshan, by=who, on=TODAY)
    assert not SetupMark.objects.exists()


def test_a_group_has_no_list(client, party):
    with pytest.raises(Refusal):
        setting_up.put_away(party.first_group, by=party.secretary, on=TODAY)
    client.force_login(party.secretary)
    assert client.get(f"/cells/{party.first_group.code}/setup/").status_code == 404


def test_it_costs_the_same_however_many_members_and_officers_there_are(party):
    counted = []
    for number in range(3):
        cast.enlist(f"党员{number}", party.yuanfan)
        cast.appoint(f"委员{number}", Office.ADVISOR, party.yuanfan)
        with CaptureQueriesContext(connection) as queries:
            setup.of(party.yuanfan, on=TODAY)
        counted.append(len(queries))
    assert counted[0] == counted[2]


PASSWORD = "清晨的银杏和海棠" * 2


def a_member(number):
    return {
        "id_number": cast.fictional_id_number(date(1991, 3, 4), 100 + number), "name": "林晓晨旭"[number] + "明",
        "category": "full", "joined_on": "2015-06-01", "converted_on": "2016-06-01", "ethnicity": "01",
        "education": "21", "post": "022",
    }  # fmt: skip


class TestFromAnInvitationToAWorkingBranch:
    """J8: the invited secretary needs nobody but the list."""

    @pytest.fixture
    def branch(self, party):
        return cast.found(
            "中共新枝有限公司支部委员会", CellKind.BRANCH, party.north, on=timezone.localdate() - timedelta(days=9)
        )

    def invited(self, client, by, cell):
        """The way in that ``by`` is shown for whoever was appointed last."""
        client.force_login(by)
        office = cell.appointments.latest("pk")
        shown = client.post(f"/cells/{cell.code}/officers/{office.pk}/invitation/").content.decode()
        return shown.partition("http://testserver")[2].partition('"')[0].partition("<")[0].strip()

    def taken_up(self, client, address, name):
        client.logout()
        answer = client.post(
            address, {"username": name, "password": PASSWORD, "again": PASSWORD, "way": "password", "agreed": "on"}
        )
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        return User.objects.get(username=name)

    def appointed(self, client, by, cell, name, office):
        client.force_login(by)
        answers = {"name": name, "office": office, "on": timezone.localdate(), "open_account": "on"}
        assert client.post(f"/cells/{cell.code}/officers/", answers).status_code == 302
        return self.taken_up(client, self.invited(client, by, cell), f"new-{office}")

    def test_every_task_is_done_from_its_own_button(self, client, party, branch):
        today = timezone.localdate()
        completed(branch)
        Term.objects.create(cell=branch, number=1, due_on=today + timedelta(days=900), valid=since(today))
        secretary = self.appointed(client, party.north_staff, branch, "林晓", Office.SECRETARY)
        client.force_login(secretary)
        page = f"/cells/{branch.code}/setup/"
        assert page in client.get("/home/").content.decode()

        assert client.post(page, {"act": "confirm", "task": "facts"}).url == page
        assert f"/imports/new/?scope={branch.code}" in client.get(page).content.decode()
        for number in range(3):
            assert client.post(reverse("members:member-enrol", args=[branch.code]), a_member(number)).status_code == 302
        client.post("/settings/profile/", {"name": "林晓", "email": "linxiao@example.cn", "agreed": "on"})
        assert f"/cells/{branch.code}/officers/" in client.get(page).content.decode()
        self.appointed(client, secretary, branch, "林晚", Office.ORGANISATION_COMMISSIONER)

        client.force_login(secretary)
        done = client.get(page)
        assert "都办好了" in done.content.decode()
        assert page not in client.get("/home/").content.decode()
