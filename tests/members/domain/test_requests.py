"""A member asks for a correction; somebody else who keeps the roster decides."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from cells.choices import Office
from cells.domain import appointments
from core.errors import OutOfTurn, Refusal, Stale
from members.choices import REQUESTABLE, RequestState
from members.domain import requests, roster
from members.models import ChangeRequest, Member
from notices.models import Notice
from tests.cast import TODAY, appoint, enlist, fictional_id_number, person
from tests.members.paper import photo
from tests.suites import both_suites

pytestmark = pytest.mark.django_db
PAPER = photo()
MASTER = "14"


def ask(member, item="education", new="14", **answers):
    given = {"evidence": PAPER, "note": "今年毕业", "by": member.user, "on": TODAY} | answers
    return requests.ask(member, item=item, new=new, **given)


def now(member):
    return Member.objects.get(pk=member.pk)


def told(user):
    return [notice.text for notice in Notice.objects.to(user).order_by("pk")]


def test_what_is_granted_is_put_right_as_on_the_card(party):
    request = ask(party.wang)
    requests.grant(request, by=party.secretary, on=TODAY)
    assert now(party.wang).education == MASTER
    assert party.wang.facts.current().get().education == MASTER
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (RequestState.GRANTED, party.secretary)


def test_nothing_changes_before_it_is_granted(party):
    ask(party.wang)
    assert now(party.wang).education == party.wang.education
    assert now(party.wang).version == party.wang.version


def test_each_side_is_told(party):
    request = ask(party.wang)
    assert told(party.secretary) == ["王涛申请更正学历"]
    requests.grant(request, by=party.organiser, on=TODAY)
    assert told(party.plain_member) == ["您更正学历的申请已同意，名册已更新"]
    again = ask(party.wang, "name", "王滔")
    requests.refuse(again, reason="证件看不清", by=party.secretary, on=TODAY)
    assert told(party.plain_member)[-1] == "您更正姓名的申请被退回，请看理由"
    requests.withdraw(ask(party.wang, "name", "王滔"), by=party.plain_member, on=TODAY)
    assert told(party.secretary)[-1] == "王涛撤回了更正姓名的申请"


def test_those_nearest_are_told_and_nobody_above_them(party):
    ask(party.wang)
    assert told(party.secretary) and told(party.organiser) and told(party.deputy)
    assert not told(party.north_staff) and not told(party.staff) and not told(party.publicist)


def test_what_was_decided_need_not_be_seen_to_by_the_others_who_were_told(party):
    request = ask(party.wang)
    requests.grant(request, by=party.organiser, on=TODAY)
    assert not Notice.objects.to(party.secretary).unread().exists()


def test_a_secretary_asks_whoever_else_keeps_the_roster_and_alone_the_committee(party):
    assert party.secretary not in requests.deciders(ask(party.li), TODAY)
    assert requests.deciders(ask(party.liu), TODAY) == [party.north_staff]


def test_an_account_nobody_took_up_is_not_waited_for(party):
    for who in (party.secretary, party.deputy, party.organiser):
        type(who).objects.filter(pk=who.pk).update(username=None)
    request = ask(party.wang)
    assert requests.deciders(request, TODAY) == [party.north_staff]
    assert request in ChangeRequest.objects.first_for(party.north_staff, TODAY)


def test_the_lists_agree_with_who_is_told(party):
    """``deciders`` reads it for one request, ``first_for`` for one person."""
    party.people["committee_deputy"] = appoint("代理", Office.DEPUTY_SECRETARY, party.north)
    chen = party.chen
    chen.user = party.stranger
    chen.save(update_fields=["user"])
    asked = [ask(member) for member in (party.wang, party.li, party.liu, chen)]
    zhou = enlist("组员", party.first_group, user=person("组员"))
    asked.append(ask(zhou))
    for request in asked:
        nearest = set(requests.deciders(request, TODAY))
        first = {user for user in party.people.values() if request in ChangeRequest.objects.first_for(user, TODAY)}
        assert nearest and first == nearest
        within = {user for user in party.people.values() if request in ChangeRequest.objects.later_for(user, TODAY)}
        assert not within & nearest


@pytest.mark.parametrize("who", ["secretary", "stranger", "staff"])
def test_nobody_asks_for_somebody_else(party, who):
    with pytest.raises(PermissionDenied):
        ask(party.wang, by=getattr(party, who))


def test_a_record_that_was_taken_back_is_asked_nothing_about(party):
    roster.void(party.wang, reason="录错了人", by=party.secretary, on=TODAY)
    with pytest.raises(OutOfTurn):
        ask(party.wang)


@pytest.mark.parametrize(
    ("item", "new", "sentence"),
    [
        ("education", "21", "与现在登记的相同"),
        ("education", "神学士", "中没有"),
        ("name", "", "请填写姓名"),
        ("joined_on", "2030-01-01", "晚于"),
        ("joined_on", "2013-01-01", "预备期为一年"),
        ("joined_on", "2005-01-01", "不满 18 周岁"),
        ("id_number", "999999199001010018", "校验位"),
        ("birth_date", "1990-02-02", "档案出生日期"),
    ],
)
def test_what_the_card_would_not_take_is_refused_at_once(party, item, new, sentence):
    with pytest.raises(Refusal, match=sentence) as caught:
        ask(party.wang, item, new)
    assert caught.value.field == "new"
    assert not ChangeRequest.objects.exists()


def test_what_members_change_themselves_is_not_asked_for(party):
    for item in ("mobile", "address", "category", "standing", "version", "user"):
        with pytest.raises(Refusal) as caught:
            ask(party.wang, item, "13900000000")
        assert caught.value.field == "item"


def test_every_item_that_can_be_asked_for_can_be_corrected():
    assert set(REQUESTABLE) <= set(roster.CORRECTABLE)


def test_one_request_waits_for_an_item(party):
    ask(party.wang)
    with pytest.raises(OutOfTurn, match="已有一份申请"):
        ask(party.wang, new="31")
    ask(party.wang, "name", "王滔")


def test_after_a_withdrawal_the_item_can_be_asked_for_anew(party):
    requests.withdraw(ask(party.wang), by=party.plain_member, on=TODAY)
    ask(party.wang, new="31")


@pytest.mark.parametrize("deed", ["grant", "refuse", "withdraw"])
def test_what_was_decided_stays_decided(party, deed):
    request = ask(party.wang)
    requests.refuse(request, reason="证件看不清", by=party.secretary, on=TODAY)
    by = party.plain_member if deed == "withdraw" else party.secretary
    more = {"reason": "再看一次"} if deed == "refuse" else {}
    with pytest.raises(OutOfTurn, match="已经有人办过"):
        getattr(requests, deed)(request, by=by, on=TODAY, **more)


@pytest.mark.parametrize("deed", ["grant", "refuse"])
def test_nobody_decides_their_own(party, deed):
    request = ask(party.li)
    more = {"reason": "没有问题"} if deed == "refuse" else {}
    with pytest.raises(Refusal, match="不能核对自己"):
        getattr(requests, deed)(request, by=party.secretary, on=TODAY, **more)
    assert now(party.li).education == party.li.education


def test_an_own_request_stays_ones_own_when_the_record_is_unlinked(party):
    request = ask(party.li)
    Member.objects.filter(pk=party.li.pk).update(user=None)
    with pytest.raises(Refusal, match="不能核对自己"):
        requests.grant(request, by=party.secretary, on=TODAY)


@pytest.mark.parametrize(
    "who", ["plain_member", "publicist", "other_secretary", "auditor", "former_secretary", "leader"]
)
def test_who_does_not_keep_the_roster_decides_nothing(party, who):
    request = ask(party.li if who == "plain_member" else party.wang)
    with pytest.raises(PermissionDenied):
        requests.grant(request, by=getattr(party, who), on=TODAY)
    with pytest.raises(PermissionDenied):
        requests.refuse(request, reason="看不清楚", by=getattr(party, who), on=TODAY)


def test_after_the_office_ended_nothing_is_granted(party):
    request = ask(party.wang)
    office = party.yunshan.appointments.get(holder=party.secretary)
    appointments.end(office, reason="换届", by=party.staff, on=TODAY)
    with pytest.raises(PermissionDenied):
        requests.grant(request, by=party.secretary, on=TODAY)


def test_what_changed_meanwhile_is_said_and_nothing_is_written_over_it(party):
    request = ask(party.wang)
    roster.correct(party.wang, version=party.wang.version, by=party.organiser, on=TODAY, education="31")
    with pytest.raises(Stale, match=r"申请之后已改为“.+”，与申请时的“大学本科毕业”不同"):
        requests.grant(request, by=party.secretary, on=TODAY)
    assert now(party.wang).education == "31"
    request.refresh_from_db()
    assert request.state == RequestState.WAITING


def test_another_item_that_changed_meanwhile_stands_in_nobodys_way(party):
    request = ask(party.wang)
    roster.correct(party.wang, version=party.wang.version, by=party.organiser, on=TODAY, landline="021-1")
    requests.grant(request, by=party.secretary, on=TODAY)
    assert (now(party.wang).education, now(party.wang).landline) == (MASTER, "021-1")


def test_a_number_that_belongs_to_somebody_else_is_refused_to_who_decides_not_to_who_asks(party):
    taken = fictional_id_number(date(1990, 1, 1), 901)
    enlist("另一人", party.yunshan, id_number=taken)
    request = ask(party.wang, "id_number", taken)
    with pytest.raises(Refusal, match="已在"):
        requests.grant(request, by=party.secretary, on=TODAY)


def test_a_new_number_brings_its_birth_date_and_says_so_before(party):
    number = fictional_id_number(date(1991, 3, 5), 811)
    request = ask(party.wang, "id_number", number)
    assert [(str(label), new) for label, _old, new in requests.consequences(request, TODAY)] == [
        ("出生日期", "1991-03-05")
    ]
    requests.grant(request, by=party.secretary, on=TODAY)
    assert (now(party.wang).id_number, now(party.wang).birth_date) == (number, date(1991, 3, 5))


@pytest.mark.parametrize("reason", ["", "　", "无"])
def test_a_refusal_says_why(party, reason):
    with pytest.raises(Refusal) as caught:
        requests.refuse(ask(party.wang), reason=reason, by=party.secretary, on=TODAY)
    assert caught.value.field == "reason"


def test_no_number_stands_in_the_trail_in_a_notice_or_in_the_reason(party):
    number = fictional_id_number(date(1990, 1, 1), 811)
    request = ask(party.wang, "id_number", number, note=f"应为 {number}")
    with pytest.raises(Refusal, match="不要写完整的证件号码"):
        requests.refuse(request, reason=f"{number} 不对", by=party.secretary, on=TODAY)
    requests.grant(request, by=party.secretary, on=TODAY)
    written = [str(entry.facts) for entry in Entry.objects.all()] + [str(one.facts) for one in Notice.objects.all()]
    assert not any(number in words or party.wang.id_number in words for words in written)


@both_suites
def test_old_new_and_note_are_sealed(party):
    ask(party.wang, "name", "王滔", note="写错了")
    with connection.cursor() as cursor:
        cursor.execute("SELECT old || new || note FROM members_changerequest")
        kept = cursor.fetchone()[0]
    assert not any(words in kept for words in ("王涛", "王滔", "写错了"))


def test_every_step_stands_in_the_trail_of_the_member(party):
    requests.grant(ask(party.wang), by=party.secretary, on=TODAY)
    requests.withdraw(ask(party.wang, "name", "王滔"), by=party.plain_member, on=TODAY)
    requests.refuse(ask(party.wang, "name", "王滔"), reason="证件看不清", by=party.secretary, on=TODAY)
    actions = set(Entry.objects.about(party.wang).values_list("action", flat=True))
    steps = {"asked", "granted", "withdrawn", "refused"}
    assert {f"members.change_{step}" for step in steps} | {"members.corrected"} <= actions


def test_several_for_one_item_are_granted_together_or_not_at_all(party):
    wang, li = ask(party.wang), ask(party.li)
    with pytest.raises(Refusal, match="不能核对自己"):
        requests.grant_many([wang, li], by=party.secretary, on=TODAY)
    assert now(party.wang).education == party.wang.education
    requests.grant_many([wang, li], by=party.north_staff, on=TODAY)
    assert now(party.wang).education == now(party.li).education == MASTER


def test_requests_for_different_items_are_not_granted_together(party):
    with pytest.raises(Refusal, match="同一项目"):
        requests.grant_many([ask(party.wang), ask(party.li, "degree", "硕士")], by=party.north_staff, on=TODAY)


def test_who_is_to_decide_costs_two_questions_at_most(party):
    request = ask(party.wang)
    with CaptureQueriesContext(connection) as queries:
        requests.deciders(request, TODAY)
    assert len(queries) <= 2


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"state": "granted", "decided_by": "asker", "closed_at": timezone.now}, "nobody_decides_their_own_request"),
        ({"state": "granted"}, "a_decided_request_says_who_and_when"),
        ({"state": "withdrawn"}, "a_decided_request_says_who_and_when"),
        ({"closed_at": timezone.now}, "a_decided_request_says_who_and_when"),
        ({"state": "refused", "decided_by": "other", "closed_at": timezone.now}, "a_refused_request_says_why"),
    ],
)
def test_the_database_holds_it_too(party, broken, constraint):
    request = ask(party.wang)
    people = {"asker": party.plain_member, "other": party.secretary}
    values = {name: value() if callable(value) else people.get(value, value) for name, value in broken.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ChangeRequest.objects.filter(pk=request.pk).update(**values)


def test_two_waiting_requests_for_an_item_are_no_state_of_the_database(party):
    first, second = ask(party.wang), ask(party.wang, "name", "王滔")
    with pytest.raises(IntegrityError, match="one_waiting_request_per_member_and_item"), transaction.atomic():
        ChangeRequest.objects.filter(pk=second.pk).update(item=first.item)
