"""Who lets a program in, for what, how long, and how that ends."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from cells.authority import narrow
from cells.choices import Power
from core.errors import OutOfTurn, Refusal
from integrations import rules
from integrations.choices import CARRIES, Scope, TokenState, implied
from integrations.domain import tokens
from integrations.models import Token
from notices.models import Notice
from tests.integrations.programs import drawn

pytestmark = pytest.mark.django_db


def refusal(deed, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        deed(*args, **kwargs)
    return caught.value


def test_the_secret_is_told_once_and_kept_as_a_hash(party):
    token, shown = drawn(party.secretary, party.yunshan)
    code, secret = shown.removeprefix("pbt_").split(".")
    assert code == token.code
    kept = Token.objects.filter(pk=token.pk).values().get()
    assert not any(secret in str(value) for value in kept.values())
    assert token.is_opened_by(secret)
    assert not token.is_opened_by(secret[:-1] + "~")
    told = [*Entry.objects.values_list("facts", flat=True), *Notice.objects.values_list("facts", flat=True)]
    assert secret not in str(told)


def test_the_holder_hears_of_a_new_token_and_the_trail_says_what_it_is_good_for(party):
    token, _shown = drawn(party.secretary, party.yunshan, "members:write", networks="203.0.113.0/24")
    entry = Entry.objects.about(token).get()
    assert (entry.action, entry.path) == ("integrations.token_drawn_up", party.yunshan.path)
    assert entry.facts["scopes"] == ["members:read", "members:write"]
    assert Notice.objects.get(to=party.secretary).facts == {"name": "名册同步"}


def test_every_scope_says_what_it_carries_and_changing_goes_with_looking():
    assert set(CARRIES) == set(Scope)
    assert implied("members.sensitive:read") == implied("members:write") == Scope.MEMBERS_READ
    assert implied("members:read") is None
    assert all(implied(scope) in (*Scope, None) for scope in Scope)
    carried = {power for powers in CARRIES.values() for power in powers}
    assert not carried & {Power.KEEP_ACCOUNTS, Power.KEEP_SETTINGS, Power.KEEP_RULES, Power.PUBLISH, Power.SEE_HEALTH}


@pytest.mark.parametrize("who", ["plain_member", "technician", "stranger"])
def test_who_sees_no_cell_by_an_office_has_no_token(party, who):
    with pytest.raises(PermissionDenied):
        drawn(getattr(party, who), party.yunshan)


def test_a_token_is_bound_within_the_reach_of_its_holder(party):
    with pytest.raises(PermissionDenied):
        drawn(party.secretary, party.yuanfan)
    with pytest.raises(PermissionDenied):
        drawn(party.secretary, party.north)
    assert drawn(party.secretary, party.first_group)[0].cell == party.first_group


def test_nobody_lets_a_program_do_what_they_may_not_do_themselves(party):
    found = refusal(drawn, party.publicist, party.yunshan, "members:write")
    assert found.field == "scopes"
    assert "维护名册" in found.message
    assert refusal(drawn, party.secretary, party.yunshan, "audit:read").field == "scopes"
    assert Scope.AUDIT_READ in rules.scopes_over(party.north_staff, party.yunshan)


def test_a_token_draws_up_no_token_and_changes_none(party):
    token, _shown = drawn(party.staff, party.association, *Scope)
    narrow(party.staff, token.narrowing)
    with pytest.raises(PermissionDenied):
        drawn(party.staff, party.association)
    with pytest.raises(PermissionDenied):
        tokens.rotate(token, expires_on=token.expires_on, by=party.staff, on=timezone.localdate())


def test_no_token_lasts_longer_than_a_year(party):
    today = timezone.localdate()
    for last in (today - timedelta(days=1), today + timedelta(days=366)):
        assert refusal(drawn, party.secretary, party.yunshan, expires_on=last).field == "expires_on"
    token, _shown = drawn(party.secretary, party.yunshan, expires_on=today + timedelta(days=365))
    with pytest.raises(IntegrityError, match="a_token_lasts_a_year_at_most"), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(expires_on=today + timedelta(days=366))


@pytest.mark.parametrize("written", ["nonsense", "10.0.0.1/8", "0.0.0.0/0", "::/0", "300.1.1.1"])
def test_an_address_that_is_none_is_refused(party, written):
    assert refusal(drawn, party.secretary, party.yunshan, networks=written).field == "networks"


def test_addresses_are_kept_in_one_spelling_and_ask_for_a_match(party):
    token, _shown = drawn(party.secretary, party.yunshan, networks="203.0.113.0/24，2001:DB8::/32\n203.0.113.0/24")
    assert token.networks == ["203.0.113.0/24", "2001:db8::/32"]
    for address, welcome in {
        "203.0.113.9": True,
        "::ffff:203.0.113.9": True,
        "2001:db8::1": True,
        "203.0.114.9": False,
        "unknown": False,
    }.items():
        assert token.welcomes(address) is welcome, address


def test_more_than_twenty_live_tokens_are_refused(party):
    last = drawn(party.secretary, party.yunshan)[0]
    told = {
        field.attname: getattr(last, field.attname) for field in Token._meta.fields if field.name not in ("id", "code")
    }
    Token.objects.bulk_create(Token(**told) for _ in range(tokens.MOST_LIVE - 1))
    assert "20" in refusal(drawn, party.secretary, party.yunshan).message
    tokens.end(last, by=party.secretary, on=timezone.localdate())
    assert drawn(party.secretary, party.yunshan)


def test_a_new_secret_ends_the_old_one_and_lasts_anew(party):
    token, shown = drawn(party.secretary, party.yunshan)
    today = timezone.localdate()
    token, anew = tokens.rotate(token, expires_on=today + timedelta(days=365), by=party.secretary, on=today)
    assert not token.is_opened_by(shown.partition(".")[2])
    assert token.is_opened_by(anew.partition(".")[2])
    assert anew.startswith(f"pbt_{token.code}.")
    with pytest.raises(PermissionDenied):
        tokens.rotate(token, expires_on=today, by=party.staff, on=today)


def test_a_token_is_ended_once_by_its_holder_or_by_who_keeps_the_account(party):
    today = timezone.localdate()
    token, _shown = drawn(party.secretary, party.yunshan)
    with pytest.raises(PermissionDenied):
        tokens.end(token, by=party.north_staff, on=today)
    token = tokens.end(token, by=party.technician, on=today)
    assert token.state() == TokenState.ENDED
    assert Notice.objects.filter(to=party.secretary).latest("pk").facts["who"] == party.technician.name
    with pytest.raises(OutOfTurn):
        tokens.end(token, by=party.secretary, on=today)
    with pytest.raises(OutOfTurn):
        tokens.rotate(token, expires_on=today, by=party.secretary, on=today)


def test_who_holds_a_token_that_runs_out_hears_of_it_in_time(party):
    today = timezone.localdate()
    token, _shown = drawn(party.secretary, party.yunshan, expires_on=today + timedelta(days=14))
    assert tokens.remind(by=party.staff, on=today) == 0
    assert tokens.remind(by=party.staff, on=token.expires_on) == 1
    assert Notice.objects.filter(to=party.secretary, url=token.get_absolute_url()).count() == 1
