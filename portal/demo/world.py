"""The fictional association, built month by month through the same deeds that people use."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction

from accounts.models import User
from cells.choices import CellKind, FormationMode
from cells.domain import companies, tree
from cells.domain.companies import Registration, Survey
from cells.domain.tree import Founding
from cells.models import Cell, Company
from core.actors import SYSTEM
from members.choices import Category, EntryReason, ExitReason, Gender
from members.domain import roster, standing
from members.domain.roster import Enrolment
from members.models import Member
from portal.demo.cast import hire
from portal.demo.papers import publish_all
from portal.demo.people import Born, Inventor
from portal.demo.requests import ask_all
from portal.demo.rooms import furnish
from portal.demo.words import DISTRICTS, LINES, PARKS, YUNSHAN_GROUPS
from reports.choices import PeriodKind
from reports.domain import snapshots

MONTHS = 24
SEED = 20260711
JOINT_SIZE = 4
TERM_YEARS = 3
OVERDUE = 0.08
LEAVE = 9

CITY = "中共青澜市"
ROOT = f"{CITY}互联网行业协会委员会"
COMMITTEES = (
    (f"{CITY}高新区互联网企业委员会", "高新区党委", CellKind.COMMITTEE, ("高新区", "学府区", "经开区")),
    (f"{CITY}城中区互联网企业委员会", "城中区党委", CellKind.COMMITTEE, ("城中区", "西岸区", "东岸区")),
    (f"{CITY}南浦区互联网企业总支部委员会", "南浦区党总支", CellKind.GENERAL_BRANCH, ("南浦区", "河口区", "临港区")),
)


@dataclass
class Opening:
    """A branch that will be founded: when, under whom, for which companies, with how many members."""

    month: int
    name: str
    short_name: str
    superior: Cell
    companies: list[Company]
    members: int

    @property
    def kind(self) -> str:
        return CellKind.JOINT_BRANCH if len(self.companies) > 1 else CellKind.BRANCH

    @property
    def mode(self) -> str:
        return FormationMode.JOINT if len(self.companies) > 1 else FormationMode.INDEPENDENT


class World:
    """Everything made so far. ``today`` is the last day of its history, ``days`` the first of each month before it."""

    def __init__(self, today: date, months: int = MONTHS) -> None:
        self.today = today
        self.days = list(first_days(today, months))
        self.inventor = Inventor(SEED, today)
        self.chance = self.inventor.chance
        self.root: Cell
        self.yunshan: Cell
        self.by_district: dict[str, Cell] = {}
        self.registrations: dict[int, Registration] = {}
        self.waiting: list[Enrolment] = []

    def superior_of(self, company: Company) -> Cell:
        return self.by_district.get(company.district, self.root)


@transaction.atomic
def build(*, today: date, months: int = MONTHS) -> None:
    """Build the association up to ``today``, its history beginning ``months`` months earlier. All or nothing."""
    world = World(today, months)
    _found_committees(world)
    openings = _plan(world, _register_companies(world))
    _found_yunshan(world)
    for month, day in enumerate(world.days):
        _found_branches(world, [opening for opening in openings if opening.month == month], day)
        _take_in(world, day, EntryReason.ADMITTED if month else EntryReason.ENROLLED)
    _let_some_go(world)
    hire(world)
    ask_all(world.yunshan, today=today)
    furnish(world.yunshan, today=today)
    publish_all(world.root, by=User.objects.get(username="staff"), today=today)
    for first in world.days[-3:-1]:
        snapshots.draw(world.root, by=SYSTEM, on=first - timedelta(days=1), kind=PeriodKind.MONTHLY)


def first_days(today: date, months: int) -> Iterator[date]:
    """The first of each of the last ``months`` months, the present one last."""
    present = today.year * 12 + today.month - 1
    for index in range(present - months + 1, present + 1):
        yield date(index // 12, index % 12 + 1, 1)


def _found_committees(world: World) -> None:
    begun = world.days[0]
    term = {"term_number": 3, "term_from": date(begun.year - 1, 6, 18), "term_due": date(begun.year + 4, 6, 17)}
    foundings = [Founding(ROOT, CellKind.COMMITTEE, None, "青澜协会党委", founded_on=date(2012, 11, 20), **term)]
    for name, short_name, kind, _districts in COMMITTEES:
        foundings.append(Founding(name, kind, 0, short_name, founded_on=date(2018, 3, 7), **term))
    world.root, *committees = tree.found_many(foundings, by=SYSTEM, on=begun)
    for cell, (*_names, districts) in zip(committees, COMMITTEES, strict=True):
        world.by_district |= dict.fromkeys(districts, cell)


def _register_companies(world: World) -> dict[str, list[Company]]:
    """Every company of every district, none of them covered yet."""
    chance, begun = world.chance, world.days[0]
    registrations = [
        Registration(
            name=world.inventor.company_name(),
            keeper=world.by_district.get(district, world.root),
            credit_code=world.inventor.credit_code(),
            district=district,
            park=chance.choice(PARKS),
            line_of_business=chance.choice(LINES),
            surveyed_on=begun,
            operating=chance.random() > 0.04,
            fixed_premises=True,
            staff=int(chance.lognormvariate(3.9, 0.9)) + 8,
            output=Decimal(chance.randint(200, 60_000) * 10_000),
            members_known=chance.randint(0, 4),
            has_mass_organisation=chance.random() < 0.15,
            legal_representative_is_member=chance.random() < 0.3,
        )
        for district, count, _share in DISTRICTS
        for _place in range(count)
    ]
    registered = companies.register_many(registrations, by=SYSTEM, on=begun)
    world.registrations = {company.pk: each for company, each in zip(registered, registrations, strict=True)}
    found: dict[str, list[Company]] = {}
    for company in registered:
        found.setdefault(company.district, []).append(company)
    return found


def _plan(world: World, found: dict[str, list[Company]]) -> list[Opening]:
    """Which companies get a branch and when; half of them from the first month on, the others one after another."""
    chance = world.chance
    openings = []
    for district, count, share in DISTRICTS:
        operating = [company for company in found[district] if world.registrations[company.pk].operating]
        covered = iter(operating[: round(count * share)])
        while group := list(islice(covered, JOINT_SIZE if chance.random() < 0.12 else 1)):
            month = 0 if chance.random() < 0.6 else chance.randrange(1, len(world.days))
            openings.append(_opening(world, district, group, month, len(openings)))
    return openings


def _opening(world: World, district: str, group: list[Company], month: int, serial: int) -> Opening:
    superior = world.superior_of(group[0])
    if len(group) > 1:
        name, short_name = (
            f"{CITY}{district}互联网企业第{serial + 1}联合支部委员会",
            f"{district}第{serial + 1}联合党支部",
        )
        return Opening(month, name, short_name, superior, group, world.chance.randint(6, 12))
    company = group[0].name
    short_name = company.removeprefix("青澜").removesuffix("有限公司") + "党支部"
    return Opening(month, f"中共{company}支部委员会", short_name, superior, group, world.chance.randint(3, 8))


def _found_branches(world: World, openings: list[Opening], day: date) -> None:
    """Found the branches of one month, note whom they cover, and take their members onto the roster."""
    foundings = [
        Founding(
            opening.name, opening.kind, opening.superior, opening.short_name, opening.mode,
            units_text="、".join(company.name for company in opening.companies),
            **_history(world, opening.month, day),
        )
        for opening in openings
    ]  # fmt: skip
    cells = tree.found_many(foundings, by=SYSTEM, on=day) if foundings else []
    surveys = [
        Survey(company, surveyed_on=day, facts={"cover_cell": cell, "formation_mode": opening.mode})
        for cell, opening in zip(cells, openings, strict=True)
        for company in opening.companies
    ]
    companies.survey_many(surveys, by=SYSTEM, on=day)
    born = [
        _enrolment(cell, world.inventor.member(probationary=world.chance.random() < 0.05), opening.companies[0])
        for cell, opening in zip(cells, openings, strict=True)
        for _place in range(opening.members)
    ]
    world.waiting += born


def _take_in(world: World, day: date, reason: str) -> None:
    """Enrol those who have joined by now: somebody who joins the Party next spring is not on a roster this winter."""
    ready = [each for each in world.waiting if _before(each, day)]
    world.waiting = [each for each in world.waiting if not _before(each, day)]
    roster.enrol_many(ready, by=SYSTEM, on=day, reason=reason)


def _let_some_go(world: World) -> None:
    """A few move away, so that the trend knows both directions."""
    rolls = Member.objects.filter(category=Category.FULL, memberships__valid__startswith=world.days[0])
    places = rolls.exclude(memberships__cell__path__startswith=world.yunshan.path).order_by("pk")
    for index, member in enumerate(world.chance.sample(list(places), LEAVE)):
        on = world.days[(index * 5 + 3) % len(world.days)]
        standing.leave(member, reason=ExitReason.TRANSFERRED_OUT, by=SYSTEM, on=on)


def _found_yunshan(world: World) -> None:
    """The branch whose secretary signs in: thirty-four members in three groups."""
    day = world.days[0]
    name, superior = "青澜云杉科技有限公司", world.by_district["高新区"]
    foundings = [
        Founding(
            f"中共{name}支部委员会", CellKind.BRANCH, superior, "云杉科技党支部", FormationMode.INDEPENDENT,
            founded_on=date(2015, 4, 18), units_text=name,
            term_number=4, term_from=date(day.year, 4, 18), term_due=date(day.year + TERM_YEARS, 4, 17),
        ),
        *(Founding(f"第{number}党小组", CellKind.GROUP, 0) for number in "一二三"),
    ]  # fmt: skip
    world.yunshan, *groups = tree.found_many(foundings, by=SYSTEM, on=day)
    company = companies.register(
        name, superior, by=SYSTEM, on=day, credit_code=world.inventor.credit_code(), district="高新区", park="软件园",
        line_of_business="软件服务", surveyed_on=day, staff=412, output=Decimal(386_000_000), fixed_premises=True,
        cover_cell=world.yunshan, formation_mode=FormationMode.INDEPENDENT, members_known=36,
        legal_representative_is_member=False,
    )  # fmt: skip
    for group, words in zip(groups, YUNSHAN_GROUPS, strict=True):
        world.waiting += [_enrolment(group, _named(world.inventor, word), company) for word in words.split()]


def _named(inventor: Inventor, word: str) -> Born:
    """``何静女*`` is a woman of that name, probationary."""
    probationary, plain = word.endswith("*"), word.rstrip("*")
    gender = Gender.FEMALE if plain.endswith("女") else Gender.MALE
    return inventor.member(name=plain[:-1], gender=gender, probationary=probationary)


def _history(world: World, month: int, day: date) -> dict[str, Any]:
    """When a branch was founded and its term: those there from the beginning are older, and a few are overdue."""
    chance = world.chance
    if month:
        return {"founded_on": day, "term_number": 1, "term_from": day, "term_due": _years_later(day)}
    founded = date(chance.randint(2014, 2021), chance.randint(1, 12), 12)
    overdue = chance.random() < OVERDUE
    due = (
        world.today - timedelta(chance.randint(3, 120)) if overdue else world.today + timedelta(chance.randint(30, 900))
    )
    began = _years_later(due, -TERM_YEARS) + timedelta(1)
    number = max(1, (began.year - founded.year) // TERM_YEARS + 1)
    return {"founded_on": founded, "term_number": number, "term_from": began, "term_due": due}


def _years_later(day: date, years: int = TERM_YEARS) -> date:
    """The last day of a term that began on ``day``; no demo day is the 29th of February."""
    return date(day.year + years, day.month, min(day.day, 28)) - timedelta(1)


def _enrolment(cell: Cell, born: Born, company: Company) -> Enrolment:
    return Enrolment(cell=cell, employer=company, **asdict(born))


def _before(enrolment: Enrolment, day: date) -> bool:
    """Was the person on the roll, and already of the category recorded, on ``day``?"""
    since = enrolment.converted_on or enrolment.joined_on
    return isinstance(since, date) and since <= day
