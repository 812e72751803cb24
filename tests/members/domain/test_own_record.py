"""Nobody keeps the roster over themselves: not by a deed, not by a ledger, not by undoing what others did."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from acts.domain import undoing
from acts.models import Act
from cells.choices import Office
from cells.domain import appointments, tree
from core.errors import OutOfTurn, Refusal
from ledgers.domain import undoing as import_undoing
from ledgers.models import StagedRow
from members.choices import Category, ExitReason
from members.domain import evidence, merges, places, requests, roster, sign_ins, standing
from members.models import Member, Membership
from notices.models import Notice
from tests.cast import TODAY, enlist, person
from tests.ledgers.conftest import Quiet, carried_out, somebody, staged
from tests.ledgers.conftest import roster as ledger
from tests.members.paper import photo

pytestmark = pytest.mark.django_db
OWN = "自己的资料请在“我的”里提出更正，由上级或另一位同志核对"


def now(member):
    return Member.objects.get(pk=member.pk)


def undo_last(by):
    undoing.undo(Act.objects.latest("pk"), by=by, on=TODAY)


@pytest.fixture
def own(party):
    """The probationary member who is organisation commissioner."""
    days = {"joined_on": date(2025, 6, 1), "converted_on": None}
    return enlist("周航", party.yunshan, user=party.organiser, category=Category.PROBATIONARY, **days)


DEEDS = {
    "correct": lambda p, own, by: roster.correct(own, version=own.version, by=by, on=TODAY, joined_on="2024-07-01"),
    "promote": lambda p, own, by: roster.correct(
        own, version=own.version, by=by, on=TODAY, category=Category.FULL, converted_on="2026-07-01"
    ),
    "convert": lambda p, own, by: standing.convert(own, by=by, on=TODAY),
    "leave": lambda p, own, by: standing.leave(own, reason=ExitReason.WITHDREW, by=by, on=TODAY),
    "place": lambda p, own, by: places.place(own, cell=p.first_group, reason="编入小组", by=by, on=TODAY),
    "void": lambda p, own, by: roster.void(own, reason="录错了人", by=by, on=TODAY),
    "unlink": lambda p, own, by: sign_ins.unlink(own, by=by, on=TODAY),
    "merge": lambda p, own, by: merges.merge(p.wang, absorbed=own, reason="同一个人", by=by, on=TODAY),
    "merge into": lambda p, own, by: merges.merge(own, absorbed=p.sun, reason="同一个人", by=by, on=TODAY),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_is_done_to_ones_own_record(party, own, deed):
    with pytest.raises(Refusal, match=OWN):
        DEEDS[deed](party, own, party.organiser)
    assert now(own).version == own.version


def test_what_need_not_be_asked_for_is_put_right_still(party, own):
    roster.correct(own, version=own.version, by=party.organiser, on=TODAY, landline="0431-8001")
    assert now(own).landline == "0431-8001"


def test_where_everybody_moves_one_moves_along(party):
    enlist("秦立民", party.yuanfan, user=party.north_staff)
    tree.merge(party.yuanfan, into=party.yunshan, by=party.north_staff, on=TODAY)
    assert Membership.objects.current().filter(member__user=party.north_staff, cell=party.yunshan).exists()
    undo_last(party.north_staff)
    assert Membership.objects.current().filter(member__user=party.north_staff, cell=party.yuanfan).exists()


def test_what_others_put_right_on_ones_record_is_not_undone_by_oneself(party):
    roster.correct(party.li, version=party.li.version, by=party.north_staff, on=TODAY, joined_on="2011-07-01")
    with pytest.raises(Refusal, match=OWN):
        undo_last(party.secretary)
    assert now(party.li).joined_on == date(2011, 7, 1)
    undo_last(party.north_staff)
    assert now(party.li).joined_on == party.li.joined_on


def test_nobody_is_linked_to_a_record_by_undoing_that_they_were_unlinked(party):
    sign_ins.link(party.sun, user=party.organiser, by=party.north_staff, on=TODAY)
    sign_ins.unlink(party.sun, by=party.north_staff, on=TODAY)
    with pytest.raises(Refusal, match=OWN):
        undo_last(party.organiser)
    assert now(party.sun).user is None


def test_an_officer_is_not_unlinked_by_undoing_though_the_office_will_end(party):
    he = person("何文")
    member = enlist("何文", party.yunshan)
    sign_ins.link(member, user=he, by=party.north_staff, on=TODAY)
    linked = Act.objects.latest("pk")
    appointments.appoint(
        party.yunshan, holder=he, office=Office.PUBLICITY_COMMISSIONER, by=party.north_staff, on=TODAY,
        until=date(2027, 11, 1),
    )  # fmt: skip
    with pytest.raises(Refusal, match="何文还担任宣传委员"):
        undoing.undo(linked, by=party.organiser, on=TODAY)
    with pytest.raises(Refusal, match="担任宣传委员，不能撤销这项操作"):
        undoing.undo(linked, by=party.north_staff, on=TODAY)
    assert now(member).user == he


def test_a_merge_with_ones_own_record_is_not_undone_by_oneself(party):
    double = enlist("周航", party.yunshan, user=party.organiser)
    Member.objects.filter(pk=double.pk).update(id_number="", id_number_index="")
    done = merges.merge(party.sun, absorbed=now(double), reason="同一个人", by=party.north_staff, on=TODAY)
    with pytest.raises(Refusal, match=OWN):
        merges.undo_merge(done, by=party.organiser, on=TODAY)
    with pytest.raises(Refusal, match="周航还担任组织委员"):
        merges.undo_merge(done, by=party.deputy, on=TODAY)
    merges.undo_merge(done, by=party.north_staff, on=TODAY)
    assert now(double).user == party.organiser


def test_a_ledger_leaves_the_importers_own_row_out(party):
    own_row = somebody(
        1,
        姓名="李敏",
        公民身份证号=str(party.li.id_number),
        性别="男",
        出生日期="1990-01-01",
        加入党组织日期="2011-06-01",
    )
    reviewed = staged(ledger(own_row, somebody(2)), cell=party.yunshan, by=party.secretary)
    first, second = StagedRow.objects.filter(upload__the_import=reviewed).order_by("number")
    assert OWN in str(first.found)
    assert OWN not in str(second.found)
    carried_out(ledger(own_row, somebody(2)), cell=party.yunshan, by=party.secretary)
    assert now(party.li).joined_on == party.li.joined_on
    assert Membership.objects.current().filter(cell=party.yunshan, member__name="林晓").exists()


def test_who_was_appointed_by_the_asker_decides_nothing_of_theirs(party):
    puppet = appointments.appoint_named(
        party.yunshan, holder=None, name="马甲", office=Office.ORGANISATION_COMMISSIONER, by=party.secretary, on=TODAY
    ).holder
    type(puppet).objects.filter(pk=puppet.pk).update(username="majia")
    puppet.refresh_from_db()
    asked = {"item": "joined_on", "new": "2011-07-01", "evidence": photo(), "on": TODAY}
    request = requests.ask(party.li, by=party.secretary, **asked)
    assert puppet not in requests.deciders(request, TODAY)
    assert request not in type(request).objects.first_for(puppet, TODAY)
    with pytest.raises(OutOfTurn, match="职务由申请人任命"):
        requests.grant(request, by=puppet, on=TODAY)
    assert puppet in requests.deciders(requests.ask(party.wang, by=party.plain_member, **asked), TODAY)


def test_who_is_called_otherwise_has_an_account_called_so_too(party):
    request = requests.ask(party.wang, item="name", new="王滔", evidence=photo(), by=party.plain_member, on=TODAY)
    requests.grant(request, by=party.secretary, on=TODAY)
    assert now(party.wang).user.name == "王滔"


def test_the_name_of_an_account_goes_back_with_the_records(party):
    roster.correct(party.wang, version=party.wang.version, by=party.secretary, on=TODAY, name="王滔")
    undo_last(party.organiser)
    assert (now(party.wang).name, now(party.wang).user.name) == ("王涛", "王涛")


def test_who_was_unlinked_from_a_record_opens_nothing_of_it_any_more(party):
    request = requests.ask(party.wang, item="name", new="王滔", evidence=photo(), by=party.plain_member, on=TODAY)
    sign_ins.unlink(party.wang, by=party.north_staff, on=TODAY)
    request = type(request).objects.get(pk=request.pk)
    assert not type(request).objects.asked_by(party.plain_member).exists()
    with pytest.raises(PermissionDenied):
        evidence.open_evidence(request, by=party.plain_member, on=TODAY)
    with pytest.raises(PermissionDenied):
        requests.withdraw(request, by=party.plain_member, on=TODAY)


def test_undoing_a_ledger_leaves_ones_own_record_as_others_put_it_right(party):
    rows = [
        somebody(
            姓名=who.name,
            公民身份证号=str(who.id_number),
            性别="男",
            出生日期="1990-01-01",
            加入党组织日期="2011-06-01",
        )
        for who in (party.wang, party.li)
    ]
    done = carried_out(ledger(*rows), cell=party.yunshan, by=party.north_staff)
    assert now(party.wang).joined_on == now(party.li).joined_on == date(2011, 6, 1)
    done = import_undoing.confirm(done, by=party.secretary, on=TODAY)
    done = import_undoing.carry_out(done, by=party.secretary, on=TODAY, progress=Quiet())
    assert now(party.wang).joined_on == party.wang.joined_on
    assert now(party.li).joined_on == date(2011, 6, 1)
    assert "自己的资料" in str(done.undone["kept"])


def test_a_branch_takes_no_account_in_use_off_a_record_and_whose_it_was_is_told(party):
    with pytest.raises(Refusal, match="由上级党组织办理"):
        sign_ins.unlink(party.wang, by=party.secretary, on=TODAY)
    sign_ins.unlink(party.wang, by=party.north_staff, on=TODAY)
    assert "不再绑定" in Notice.objects.get(to=party.plain_member).text
