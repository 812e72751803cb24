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
from cells.authority import Rule, remember
from cells.choices import Cover, Office
from cells.models import Appointment, Cell, Contact
from core.actors import SYSTEM
from core.dated import since
from ledgers.models import Import
from members.rules import Own
from reports.models import Snapshot
from tests import cast

INSTALLED = [config.name for config in apps.get_app_configs() if "." not in config.name]
OURS = [app for app in INSTALLED if find_spec(f"{app}.rules")]
EVERY = {
    f"{app}.{name}": rule
    for app in OURS
    for name, rule in vars(import_module(f"{app}.rules")).items()
    if isinstance(rule, Rule | Own)
}
REACH = {name: rule for name, rule in EVERY.items() if isinstance(rule, Rule)}
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
    return cast.draw()


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
        Import.objects.create(year=2026, number=number, cell=cell, as_of=cast.TODAY, expires_at=timezone.now())
        Snapshot.objects.create(
            code=f"KZ-{number:06d}", cell=cell, period_kind="daily", period=str(number), on=cast.TODAY,
            known_at=timezone.now(), edition=1, figures={}, digest="0" * 64, drawn_at=timezone.now(),
        )  # fmt: skip
    Import.objects.create(year=2026, number=99, cell=None, as_of=cast.TODAY, expires_at=timezone.now())


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
    path, target = (rule.cell, Cell) if isinstance(rule, Rule) else (rule.person, User)
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
