"""A rule says the same of one thing, of many, and read backwards: for every rule there is and everybody in the cast."""

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.utils import timezone

from accounts.models import User
from cells.authority import Assigned, Rule, remember
from cells.choices import Cover, Office, SetupTask
from cells.models import Appointment, Assignment, Cell, Company, Contact, SetupMark
from core.actors import SYSTEM
from core.dated import since
from integrations.models import Token, Webhook
from ledgers.models import Import
from members.models import ChangeRequest
from members.rules import Own
from news.models import Announcement
from reports.models import Snapshot
from tests import cast

INSTALLED = [config.name for config in apps.get_app_configs() if "." not in config.name]
OURS = [app for app in INSTALLED if find_spec(f"{app}.rules")]
EVERY = {
    f"{app}.{name}": rule
    for app in OURS
    for name, rule in vars(import_module(f"{app}.rules")).items()
    if isinstance(rule, Rule | Own | Assigned)
}
REACH = {name: rule for name, rule in EVERY.items() if isinstance(rule, Rule)}
ASSIGNED = {name: rule for name, rule in EVERY.items() if isinstance(rule, Assigned)}
OWN = {name: rule for name, rule in EVERY.items() if isinstance(rule, Own)}


def models_with(path, target):
    """Every model of ours from which the fields of ``path`` lead to ``target``."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in OURS and leads_to(model, path, target):
            yield model


def leads_to(model, path, target):
    for name in filter(None, path.split("__")):
        try:
            model = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return False
        if model is None:
            return False
    return model is target


def all_of(model, path):
    rows = model._default_manager.all()
    return list(rows.select_related(path) if path else rows)


@pytest.fixture(scope="module")
def party(ground):
    party = cast.draw()
    for member in (party.wang, party.liu):
        asked = {"item": "name", "new": "新名", "version": 1, "asked_by": member.user}
        ChangeRequest.objects.create(code=f"GZ-{member.pk:06d}", member=member, **asked)
    return party


@pytest.fixture(scope="module")
def people(party):
    """The cast, and those whose case is harder: two offices, one here only, one not begun, one of a closed account."""
    everybody = {name: User.objects.get(pk=person.pk) for name, person in party.people.items()}
    two = cast.appoint("双任", Office.SECRETARY, party.north)
    Appointment.objects.create(holder=two, office=Office.ADVISOR, cell=party.shiguang, valid=since(cast.LONG_AGO))
    tomorrow = timezone.localdate() + timedelta(days=1)
    closed = cast.appoint("停用", Office.COMMITTEE_STAFF, party.south)
    closed.is_active = False
    closed.save()
    everybody |= {
        "two offices": two,
        "here only": cast.appoint("本级", Office.ORGANISATION_COMMISSIONER, party.north),
        "from tomorrow": cast.appoint("候任", Office.COMMITTEE_STAFF, party.south, on=tomorrow),
        "closed": closed,
    }
    for person in everybody.values():
        remember(person)
    return everybody


@pytest.fixture(scope="module")
def bait(party, people):
    """Things of every kind in several places of the tree, some of them nowhere."""
    cells = Cell.objects.all()
    for number, cell in enumerate(cells, start=1):
        covered = {"cover": Cover.OWN, "cover_cell": cell} if number % 2 else {}
        company = cast.register(f"企业{number}", cell, **covered)
        Contact.objects.create(company=company, name="何联")
        SetupMark.objects.create(cell=cell, task=SetupTask.FACTS, valid=since(cast.TODAY))
        Announcement.objects.create(
            code=f"GG-{number:04}", publisher=cell, kind="notice", title="通知", body="正文",
            published_on=cast.TODAY, published_by=party.staff,
        )  # fmt: skip
        Import.objects.create(year=2026, number=number, cell=cell, as_of=cast.TODAY, expires_at=timezone.now())
        Snapshot.objects.create(
            code=f"KZ-{number:06d}", cell=cell, period_kind="daily", period=str(number), on=cast.TODAY,
            known_at=timezone.now(), edition=1, figures={}, digest="0" * 64, drawn_at=timezone.now(),
        )  # fmt: skip
        Webhook.objects.create(
            owner=party.staff, cell=cell, name="推送", address="https://a.example/", types=["member.changed"],
            secret="whsec_0", sequence=0,
        )  # fmt: skip
        Token.objects.create(
            holder=party.staff, cell=cell, name="名册同步", scopes=["cells:read"], secret_hash=f"{number:064x}",
            session_round=0, drawn_on=cast.TODAY, expires_on=cast.TODAY,
        )  # fmt: skip
    Import.objects.create(year=2026, number=99, cell=None, as_of=cast.TODAY, expires_at=timezone.now())
    _assign(people)


def _assign(people):
    """The advisor looks after one company now, after another no longer, after a third from tomorrow; others after one
    each: an advisor beside another office, one whose office is none, one whose account is closed."""
    first, second, third, *_rest = Company.objects.order_by("pk")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    closed = people["closed"]
    Appointment.objects.create(
        holder=closed, office=Office.ADVISOR, cell=Cell.objects.first(), valid=since(cast.LONG_AGO)
    )
    for who, company, valid in (
        ("advisor", first, since(cast.LONG_AGO)),
        ("advisor", second, since(cast.LONG_AGO, today)),
        ("advisor", third, since(tomorrow)),
        ("two offices", second, since(cast.LONG_AGO)),
        ("secretary", first, since(cast.LONG_AGO)),
        ("closed", first, since(cast.LONG_AGO)),
    ):
        Assignment.objects.create(advisor=people[who], company=company, valid=valid)


@pytest.mark.parametrize("name", REACH)
def test_a_rule_says_the_same_of_one_thing_of_many_and_read_backwards(bait, people, name):
    rule, said = REACH[name], set()
    found = list(models_with(rule.cell, Cell))
    assert found, f"no model has a cell at {rule.cell!r}"
    for model in found:
        things = all_of(model, rule.cell)
        assert len(things) > 2, f"draw some {model._meta.verbose_name_plural}"
        together = {who: within(rule, person, model) for who, person in people.items()}
        for thing in things:
            one_by_one = {who for who, person in people.items() if rule.allows(person, thing)}
            assert one_by_one == {who for who, keys in together.items() if thing.pk in keys}, thing
            holders = set(rule.holders(thing))
            assert one_by_one == {who for who, person in people.items() if person in holders}, thing
            said |= {person in one_by_one for person in people}
    assert said == {True, False}


@pytest.mark.parametrize("name", ASSIGNED)
def test_a_rule_about_what_is_assigned_says_the_same_of_one_thing_of_many_and_read_backwards(bait, people, name):
    rule = ASSIGNED[name]
    for model in models_with(rule.company, Company):
        things, reached = all_of(model, rule.company), set()
        together = {who: within(rule, person, model) for who, person in people.items()}
        for thing in things:
            one_by_one = {who for who, person in people.items() if rule.allows(person, thing)}
            assert one_by_one == {who for who, keys in together.items() if thing.pk in keys}, thing
            holders = set(rule.holders(thing))
            assert one_by_one == {who for who, person in people.items() if person in holders}, thing
            reached |= {(who, thing.pk) for who in one_by_one}
        if model is Company:
            first, second, *_others = sorted(thing.pk for thing in things)
            assert reached == {("advisor", first), ("two offices", second)}
        assert within(rule, SYSTEM, model) == {thing.pk for thing in things}


@pytest.mark.parametrize("name", OWN)
def test_a_rule_about_ones_own_says_the_same_of_one_thing_and_of_many(party, people, name):
    rule, said = OWN[name], set()
    for model in models_with(rule.person, User):
        for thing in all_of(model, rule.person):
            one_by_one = {who for who, person in people.items() if rule.allows(person, thing)}
            assert one_by_one == {who for who, person in people.items() if thing.pk in within(rule, person, model)}
            assert {people[who] for who in one_by_one} <= {getattr(thing, rule.person)}
            said |= {person in one_by_one for person in people}
    assert said == {True, False}


@pytest.mark.parametrize("name", EVERY)
def test_a_rule_opens_nothing_to_whom_nobody_knows(bait, name):
    rule, nobody = EVERY[name], AnonymousUser()
    path, target = {
        Rule: lambda: (rule.cell, Cell),
        Own: lambda: (rule.person, User),
        Assigned: lambda: (rule.company, Company),
    }[type(rule)]()
    for model in models_with(path, target):
        assert not within(rule, nobody, model)
        for thing in all_of(model, path)[:3]:
            with pytest.raises(PermissionDenied):
                rule.require(nobody, thing)


@pytest.mark.parametrize("name", REACH)
def test_a_rule_opens_everything_to_the_clock(bait, name):
    rule = REACH[name]
    for model in models_with(rule.cell, Cell):
        things = all_of(model, rule.cell)
        assert rule.allows_all(SYSTEM, things)
        assert within(rule, SYSTEM, model) == {thing.pk for thing in things}


def within(rule, person, model):
    return set(model._default_manager.filter(rule.scope(person)).values_list("pk", flat=True))
