"""A lost second factor: two people say that it is really them, and the way in opens once."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RecoveryState
from accounts.domain import recovery
from accounts.models import RecoveryCase, User
from audit.models import Entry
from cells.authority import remember
from cells.choices import Office
from cells.domain import appointments, invitations, recoveries
from core.errors import OutOfTurn, Refusal
from members.domain import activation
from notices.models import Notice
from tests import cast
from tests.accounts.test_sign_in import SECRET, code_now
from tests.cast import LONG_AGO, TODAY
from tests.cells.test_races import at_once

LOGIN, ASK, PROOF = reverse("account_login"), reverse("accounts:recovery"), reverse("accounts:recovery-proof")
MET = {"checked": "在支部见到本人，核对身份证", "met": True, "on": TODAY}
CALLED = {"checked": "打电话核对了三件事", "met": False, "on": TODAY}


@pytest.fixture(autouse=True)
def _outside_the_demo(settings):
    settings.ZHIBU_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def lost(party):
    """The secretary has a factor, and no longer the telephone it was on."""
    TOTP.activate(party.secretary, SECRET)
    return recovery.ask(party.secretary, by=party.secretary, on=TODAY)


def at_the_door(username="secretary"):
    client = Client()
    client.post(LOGIN, {"login": username, "password": "password"})
    return client


def confirmed(case, *people):
    return [recoveries.confirm(case, by=by, **(MET if place == 0 else CALLED)) for place, by in enumerate(people)][-1]


def test_after_the_right_password_one_may_ask_and_those_who_may_confirm_are_told(party):
    TOTP.activate(party.secretary, SECRET)
    client = at_the_door()
    assert ASK in client.get(reverse("mfa_authenticate")).content.decode()
    assert "申请编号" in client.post(ASK).content.decode()
    case = RecoveryCase.objects.get()
    assert client.post(ASK).status_code == 200
    assert RecoveryCase.objects.get() == case
    told = set(Notice.objects.filter(facts__code=case.code).values_list("to__username", flat=True))
    assert told == {"staff", "north_staff", "technician"}
    assert Notice.objects.get(to=party.secretary).text.startswith("有人凭您的密码")


def test_who_has_an_address_is_mailed_too_but_never_the_proof(
    party, lost, settings, django_capture_on_commit_callbacks
):
    settings.ZHIBU_MAIL = True
    User.objects.filter(pk=party.secretary.pk).update(email="limin@example.cn")
    with django_capture_on_commit_callbacks(execute=True):
        proof = confirmed(lost, party.staff, party.technician)
    (sent,) = mail.outbox
    assert sent.to == ["limin@example.cn"]
    assert "一次性口令登录" in sent.body
    assert proof not in sent.body + sent.subject


def test_without_the_right_password_there_is_nothing_to_ask(client, party):
    TOTP.activate(party.secretary, SECRET)
    for name in ("secretary", "nobody"):
        client.post(LOGIN, {"login": name, "password": "guess"})
        assert client.post(ASK).url == LOGIN
        assert client.get(PROOF).url == LOGIN
    assert not RecoveryCase.objects.exists()


def test_looking_at_the_headers_of_the_page_asks_for_nothing(party):
    TOTP.activate(party.secretary, SECRET)
    assert at_the_door().head(ASK).status_code == 200
    assert not RecoveryCase.objects.exists()


def test_asking_has_an_end(party):
    for _time in range(recovery.ASKING.most):
        case = recovery.ask(party.secretary, by=party.secretary, on=TODAY)
        recovery.close(case, RecoveryState.REFUSED)
    with pytest.raises(Refusal, match="次数过多"):
        recovery.ask(party.secretary, by=party.secretary, on=TODAY)


def test_who_finds_the_factor_again_withdraws_by_signing_in(party, lost):
    client = at_the_door()
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    lost.refresh_from_db()
    assert lost.state == RecoveryState.WITHDRAWN
    with pytest.raises(OutOfTurn):
        recoveries.confirm(lost, by=party.staff, **MET)


def test_two_people_open_the_way_once_and_the_person_sets_up_a_new_factor(party, lost):
    elsewhere = Client()
    elsewhere.force_login(party.secretary)
    assert recoveries.confirm(lost, by=party.technician, **CALLED) == ""
    assert Authenticator.objects.exists()

    desk = Client()
    TOTP.activate(party.north_staff, SECRET)
    desk.force_login(party.north_staff)
    page = reverse("cells:recovery", args=[lost.code])
    assert "打电话核对了三件事" in desk.get(page).content.decode()
    html = desk.post(page, {"checked": "在支部见到本人", "met": "on"}).content.decode()
    proof = html.split('id="proof" value="')[1][:11]
    assert desk.get(page).status_code == 404

    assert not Authenticator.objects.filter(user=party.secretary).exists()
    assert elsewhere.get(reverse("accounts:settings")).url.startswith(LOGIN)
    person = at_the_door()
    assert "_auth_user_id" not in person.session
    assert person.get(LOGIN).url == PROOF
    assert person.post(PROOF, {"proof": "22222-22222"}).status_code == 422
    assert person.post(PROOF, {"proof": proof.lower().replace("-", " ")}).url == reverse("portal:home")
    assert person.get(reverse("portal:home")).url.startswith(reverse("mfa_index"))
    assert Entry.objects.filter(action="accounts.signed_in").latest("pk").facts == {"way": ["password", "recovery"]}

    again = at_the_door()
    assert again.post(PROOF, {"proof": proof}).status_code == 422
    assert "_auth_user_id" not in again.session
    assert [entry.actor for entry in Entry.objects.filter(action="accounts.recovery_confirmed").order_by("pk")] == [
        party.technician,
        party.north_staff,
    ]


def test_a_new_factor_settles_it(party, lost, django_capture_on_commit_callbacks):
    proof = confirmed(lost, party.staff, party.technician)
    person = at_the_door()
    person.post(PROOF, {"proof": proof})
    path = reverse("mfa_activate_totp")
    person.post(reverse("account_reauthenticate"), {"password": "password"})
    secret = person.get(path).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        person.post(path, {"code": code_now(secret)})
    lost.refresh_from_db()
    assert lost.state == RecoveryState.USED
    assert at_the_door().get(LOGIN).url == reverse("mfa_authenticate")


def test_the_proof_stands_nowhere_in_the_open(party, lost):
    proof = confirmed(lost, party.staff, party.technician)
    lost.refresh_from_db()
    assert proof.replace("-", "") not in lost.proof
    kept = [str(entry.facts) for entry in Entry.objects.all()] + [notice.text for notice in Notice.objects.all()]
    assert not any(proof in text for text in kept)


def test_a_proof_ages_and_the_password_alone_still_does_not_open(party, lost):
    proof = confirmed(lost, party.staff, party.technician)
    with time_machine.travel(timezone.now() + timedelta(hours=recovery.HOURS, minutes=1)):
        person = at_the_door()
        assert person.post(PROOF, {"proof": proof}).status_code == 422
        assert "_auth_user_id" not in person.session
        person.post(ASK)
        late = at_the_door()
        assert late.get(LOGIN).url == PROOF
        newer = RecoveryCase.objects.first()
        assert newer != lost
        fresh = confirmed(newer, party.staff, party.technician)
        assert at_the_door().post(PROOF, {"proof": fresh}).url == reverse("portal:home")


def test_wrong_proofs_are_counted(party, lost):
    confirmed(lost, party.staff, party.technician)
    person = at_the_door()
    answers = [person.post(PROOF, {"proof": "22222-22222"}).status_code for _time in range(7)]
    assert answers[-1] == 429


@pytest.mark.parametrize("who", ["secretary", "organiser", "other_secretary", "auditor", "advisor", "plain_member"])
def test_who_may_not_answer_for_the_person_confirms_nothing(client, party, lost, settings, who):
    settings.ZHIBU_SECOND_FACTOR = False
    for deed, answers in ((recoveries.confirm, MET), (recoveries.refuse, {"reason": "不是", "on": TODAY})):
        with pytest.raises(PermissionDenied):
            deed(lost, by=getattr(party, who), **answers)
    client.force_login(getattr(party, who))
    assert client.get(reverse("cells:recovery", args=[lost.code])).status_code == 404


def test_one_person_does_not_count_twice_and_one_has_to_have_met_them(party, lost):
    recoveries.confirm(lost, by=party.staff, **CALLED)
    with pytest.raises(Refusal, match="另一位"):
        recoveries.confirm(lost, by=party.staff, **MET)
    with pytest.raises(Refusal, match="当面"):
        recoveries.confirm(lost, by=party.technician, **CALLED)
    with pytest.raises(Refusal, match="怎样核实"):
        recoveries.confirm(lost, by=party.technician, checked=" ", met=True, on=TODAY)
    assert Authenticator.objects.exists()


class TestOneWhoPlaysTwo:
    """The same person behind both confirmations: an account of their making, or a password of their giving."""

    def ask(self, party, days=0):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            return recovery.ask(party.secretary, by=party.secretary, on=TODAY)

    def puppet(self, party):
        made = cast.person("马甲")
        office = appointments.appoint(
            party.north, holder=made, office=Office.ACCOUNT_ADMINISTRATOR, by=party.north_staff, on=LONG_AGO
        )
        return made, office

    def test_does_not_confirm_by_an_office_given_for_the_purpose(self, party):
        puppet, _office = self.puppet(party)
        case = self.ask(party)
        with pytest.raises(Refusal, match="不满七天"):
            recoveries.confirm(case, by=puppet, **MET)
        assert recoveries.confirm(case, by=party.technician, **MET) == ""

    def test_does_not_confirm_beside_whom_they_put_in_office(self, party):
        puppet, _office = self.puppet(party)
        case = self.ask(party, days=8)
        recoveries.confirm(case, by=party.north_staff, **MET)
        with pytest.raises(Refusal, match="秦立民近 90 天内"):
            recoveries.confirm(case, by=puppet, **CALLED)
        assert recoveries.confirm(case, by=party.technician, **CALLED)

    def test_nor_the_other_way_round(self, party):
        puppet, _office = self.puppet(party)
        case = self.ask(party, days=8)
        recoveries.confirm(case, by=puppet, **MET)
        with pytest.raises(Refusal, match="马甲近 90 天内"):
            recoveries.confirm(case, by=party.north_staff, **CALLED)

    def test_does_not_confirm_beside_whom_they_invited(self, party):
        invitations.invite(party.north_staff.appointments.get(), by=party.staff, on=TODAY)
        case = self.ask(party)
        recoveries.confirm(case, by=party.staff, **MET)
        with pytest.raises(Refusal, match="赵卫东近 90 天内"):
            recoveries.confirm(case, by=party.north_staff, **CALLED)

    @pytest.mark.parametrize("by_record", [False, True])
    def test_does_not_confirm_whom_they_gave_the_password(self, party, by_record):
        if by_record:
            activation.invite(party.li, by=party.north_staff, on=TODAY)
        else:
            invitations.invite(party.secretary.appointments.get(), by=party.north_staff, on=TODAY)
        case = self.ask(party)
        with pytest.raises(Refusal, match="秦立民近七天内为李敏生成过登录邀请"):
            recoveries.confirm(case, by=party.north_staff, **MET)
        assert confirmed(case, party.staff, party.technician)

    def test_nor_once_they_have_confirmed(self, party):
        case = self.ask(party)
        recoveries.confirm(case, by=party.north_staff, **MET)
        invitations.invite(party.secretary.appointments.get(), by=party.north_staff, on=TODAY)
        with pytest.raises(Refusal, match="秦立民近七天内"):
            recoveries.confirm(case, by=party.technician, **CALLED)

    def test_but_who_was_appointed_long_ago_is_somebody_of_their_own(self, party):
        puppet, _office = self.puppet(party)
        case = self.ask(party, days=91)
        assert confirmed(case, party.north_staff, puppet)

    def test_the_page_says_why(self, client, party, settings):
        settings.ZHIBU_SECOND_FACTOR = False
        puppet, _office = self.puppet(party)
        client.force_login(puppet)
        answer = client.post(reverse("cells:recovery", args=[self.ask(party).code]), {"checked": "见过", "met": "on"})
        assert answer.status_code == 422
        assert "不满七天" in answer.content.decode()


def test_the_database_itself_wants_two_others(party, lost):
    for wrong in (
        {"first_by": party.staff, "second_by": party.staff},
        {"first_by": party.secretary},
        {"state": RecoveryState.CONFIRMED, "first_by": party.staff, "second_by": party.technician},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryCase.objects.filter(pk=lost.pk).update(**wrong)


def test_one_refusal_ends_it_and_the_person_reads_why(client, party, lost, settings):
    settings.ZHIBU_SECOND_FACTOR = False
    client.force_login(party.staff)
    path = reverse("cells:recovery-refuse", args=[lost.code])
    assert client.post(path, {"refuse-reason": ""}).status_code == 422
    assert client.post(path, {"refuse-reason": "本人说没有申请"}).url == reverse("cells:recoveries")
    assert "本人说没有申请" in Notice.objects.filter(to=party.secretary).latest("pk").text
    with pytest.raises(OutOfTurn):
        recoveries.confirm(lost, by=party.technician, **MET)


def test_an_old_case_cannot_be_confirmed(party, lost):
    with time_machine.travel(timezone.now() + timedelta(days=recovery.DAYS, minutes=1)):
        with pytest.raises(OutOfTurn):
            recoveries.confirm(lost, by=party.staff, **MET)
        assert recoveries.waiting_for(party.staff, on=TODAY) == []


def test_where_but_one_is_left_at_the_head_an_office_holder_stands_witness(party):
    case = recovery.ask(party.staff, by=party.staff, on=TODAY)
    recoveries.confirm(case, by=party.secretary, **MET)
    with pytest.raises(Refusal, match="见证人"):
        recoveries.confirm(case, by=party.other_secretary, **CALLED)
    assert recoveries.confirm(case, by=party.technician, **CALLED)
    with pytest.raises(PermissionDenied):
        recoveries.confirm(recovery.ask(party.technician, by=party.technician, on=TODAY), by=party.stranger, **MET)


def test_where_there_are_two_at_the_head_nobody_else_does(party):
    cast.appoint("另一位", Office.ASSOCIATION_STAFF, party.association)
    case = recovery.ask(party.staff, by=party.staff, on=TODAY)
    assert not recoveries.may_confirm(case, by=party.secretary, on=TODAY)


def test_the_list_costs_the_same_for_one_and_for_three(party, lost, queries_of):
    remember(party.staff)
    one = queries_of(recoveries.waiting_for, party.staff, on=TODAY)
    for who in ("organiser", "other_secretary"):
        recovery.ask(getattr(party, who), by=getattr(party, who), on=TODAY)
    assert queries_of(recoveries.waiting_for, party.staff, on=TODAY) == one
    assert len(recoveries.waiting_for(party.staff, on=TODAY)) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_second_confirmations_at_once_one_wins(party):
    case = recovery.ask(party.secretary, by=party.secretary, on=TODAY)
    recoveries.confirm(case, by=party.staff, **MET)
    outcomes = at_once(
        lambda: recoveries.confirm(case, by=party.north_staff, **CALLED),
        lambda: recoveries.confirm(case, by=party.technician, **CALLED),
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["OutOfTurn", "str"]
