"""What goes when its time is over: a report first, bounds, nobody's record, the same result however often."""

import io
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Tries, User
from audit.models import Entry
from members.models import Member
from notices.models import Notice
from portal import tasks
from portal.choices import UpkeepKind
from portal.models import Feedback, Upkeep
from portal.retention import clearing
from portal.retention.keepings import KEEPINGS
from tests import cast

YEARS = timedelta(days=3 * 366)
MINE = {"sessions", "devices", "tries", "notices", "feedback", "accounts"}


@pytest.fixture
def old(party):
    """Somebody who never came, somebody who came long ago, and things of theirs; three years later."""
    now = timezone.now()
    people = {
        "never_came": User.objects.open_dormant("韩磊"),
        "came_once": cast.person("何静"),
        "member": party.plain_member,
        "in_office": party.secretary,
    }
    User.objects.filter(pk__in=[people["came_once"].pk, party.plain_member.pk]).update(last_login=now)
    Notice.objects.create(to=party.staff, sentence="读过", read_at=now)
    Notice.objects.create(to=party.staff, sentence="没读")
    Session.objects.create(session_key="old", session_data="", expire_date=now)
    UserSession.objects.create(user=party.staff, session_key="old", ip="192.0.2.1", user_agent="x")
    Tries.objects.create(key="x", until=now)
    Feedback.objects.create(text="名册打不开", reply_to="13800005678")
    with time_machine.travel(now + YEARS, tick=False):
        yield people


def due():
    return {line.rule.name: line.due for line in clearing.report(timezone.now()) if line.due}


def said(*words, **options):
    out = io.StringIO()
    call_command("retention", *words, stdout=out, **options)
    return out.getvalue()


def test_a_report_counts_and_names_nobody_and_changes_nothing(old):
    before = due()
    assert before.keys() & MINE == MINE
    words = said()
    assert "没有清理任何内容" in words
    assert "保存 540 天，最早" in words
    assert "个人信息保护法第四十七条" in words
    assert not any(person.name in words for person in old.values())
    assert due() == before
    assert Upkeep.objects.get(kind=UpkeepKind.REPORT).facts == before


def test_only_accounts_without_office_or_record_that_nobody_uses_are_closed_and_none_deleted(old):
    many = User.objects.count()
    idle = {
        old["never_came"].pk,
        old["came_once"].pk,
        *User.objects.filter(username="stranger").values_list("pk", flat=True),
    }
    said("--apply", only="accounts")
    closed = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    assert idle <= closed
    assert not closed & {old["member"].pk, old["in_office"].pk}
    assert User.objects.count() == many
    assert Member.objects.count() == 6
    entry = Entry.objects.get(action="accounts.suspended", thing_id=old["never_came"].pk)
    assert (entry.actor_id, entry.facts["reason"]) == (None, "长期未使用，按保存期限停用")


def test_what_is_due_goes_once_and_what_is_not_stays(old):
    said("--apply")
    assert Notice.objects.get().sentence == "没读"
    assert not (Session.objects.exists() or UserSession.objects.exists() or Tries.objects.exists())
    feedback = Feedback.objects.get()
    assert (feedback.text, feedback.reply_to) == ("名册打不开", "")
    assert due().keys() & MINE == set()
    entries = Entry.objects.filter(action="portal.cleared").count()
    assert entries == len(MINE)
    said("--apply")
    assert Entry.objects.filter(action="portal.cleared").count() == entries


def test_a_day_before_its_time_nothing_goes(party):
    read = Notice.objects.create(to=party.staff, sentence="读过", read_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=364), tick=False):
        said("--apply", only="notices")
        assert Notice.objects.filter(pk=read.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=False):
        said("--apply", only="notices")
        assert not Notice.objects.filter(pk=read.pk).exists()


def test_more_than_usual_stays_until_somebody_has_looked(old):
    User.objects.bulk_create(
        [User(name="某人", code=f"U-9{number:05}", date_joined=timezone.now() - YEARS) for number in range(60)]
    )
    before = due()["accounts"]
    words = said("--apply")
    assert f"超过一次 50 条的上限，先核对，再用 --only accounts --most {before}" in words
    assert due()["accounts"] == before
    with pytest.raises(CommandError, match="--most goes with --only"):
        said("--apply", most=before)
    said("--apply", only="accounts", most=before)
    assert "accounts" not in due()


def test_the_clock_clears_nothing_until_it_is_switched_on(old, settings):
    before = due()
    tasks.retention({})
    assert due() == before
    settings.ZHIBU_RETENTION = True
    tasks.retention({})
    assert due().keys() & MINE == set()


def test_days_may_be_changed_but_not_below_what_is_sane(settings):
    settings.ZHIBU_RETENTION_DAYS = {"notices": 400, "accounts": 1, "evidence": 1}
    kept = {keeping.name: keeping.kept_days for keeping in KEEPINGS}
    assert (kept["notices"], kept["accounts"], kept["evidence"]) == (400, 180, 90)


def test_every_rule_says_what_how_long_and_why():
    assert len({keeping.name for keeping in KEEPINGS}) == len(KEEPINGS)
    assert all(str(keeping.what) and str(keeping.why) for keeping in KEEPINGS)
    assert all(keeping.most and keeping.at_least for keeping in KEEPINGS if not keeping.by_itself)
