"""Who signs in to the demo, and the secretaries of its branches."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from accounts.models import User
from cells.choices import BRANCHES, CellKind, Office
from cells.domain import appointments, assignments, companies, tree
from cells.domain.appointments import Naming
from cells.models import Cell, Company
from core.actors import SYSTEM
from members.models import Member, Membership
from portal.demo import PASSWORD

if TYPE_CHECKING:
    from portal.demo.world import World

# Branches left without a secretary, so that the lists of what is missing are not empty.
VACANT_EVERY = 17
# Companies without a branch that the advisor visits.
VISITED = 5


def hire(world: "World") -> None:
    """Open the demo's accounts, appoint their holders, and name a secretary in every branch but a few."""
    root, committee, yunshan = world.root, world.by_district["高新区"], world.yunshan
    groups = list(Cell.objects.filter(parent=yunshan).order_by("pk"))
    namings = [
        Naming(root, _account("赵卫东", "staff"), Office.ASSOCIATION_STAFF),
        Naming(committee, _account("秦立民", "committee"), Office.COMMITTEE_STAFF),
        Naming(root, _account("韦素芬", "auditor"), Office.AUDITOR),
        Naming(root, _account("贺明川", "technician"), Office.TECHNICAL_ADMINISTRATOR),
        Naming(yunshan, _account_of(yunshan, "李敏", "secretary"), Office.SECRETARY),
        Naming(yunshan, _account_of(yunshan, "周航", "organiser"), Office.ORGANISATION_COMMISSIONER),
        Naming(yunshan, _account_of(yunshan, "陈思远", None), Office.DEPUTY_SECRETARY),
        Naming(yunshan, _account_of(yunshan, "吴倩", None), Office.PUBLICITY_COMMISSIONER),
        Naming(yunshan, _account_of(yunshan, "郑凯", None), Office.DISCIPLINE_COMMISSIONER),
    ]
    for group, leader in zip(groups, ("李敏", "周航", "郑凯"), strict=True):
        namings.append(Naming(group, _account_of(yunshan, leader, None), Office.GROUP_LEADER))
    advisor = _account("顾远帆", "advisor")
    older = Cell.objects.filter(parent=committee, kind=CellKind.BRANCH, founded_on__lt=world.days[0])
    beside = list(older.exclude(pk=yunshan.pk).order_by("pk")[:2])
    namings += [Naming(cell, advisor, Office.ADVISOR) for cell in (yunshan, *beside)]
    for cell in dict.fromkeys([root, *world.by_district.values()]):
        namings.append(Naming(cell, User.objects.open_dormant(world.inventor.name()), Office.SECRETARY))
    _account_of(yunshan, "王涛", "member")
    appointments.appoint_many(namings, by=SYSTEM, on=world.days[0])
    for day, secretaries in _secretaries(world).items():
        appointments.appoint_many(secretaries, by=SYSTEM, on=day)
    _send_out(world, advisor, [yunshan, *beside])


def _send_out(world: "World", advisor: User, cells: list[Cell]) -> None:
    """Let the advisor look after companies that have no branch and one that has, with somebody to call everywhere."""
    bare = Company.objects.filter(cover_cell=None, facts__operating=True, facts__valid__upper_inf=True)
    near = bare.filter(keeper=world.by_district["高新区"]).order_by("pk").distinct()[:VISITED]
    day = world.days[-4]
    for company in [*near, Company.objects.get(cover_cell=world.yunshan)]:
        name, phone = world.inventor.name(), world.inventor.mobile()
        companies.add_contact(company, name=name, post="人力资源部", phone=phone, by=SYSTEM, on=day)
        assignments.assign(company, advisor=advisor, assigned_on=day, by=SYSTEM, on=day)
    for cell in Cell.objects.filter(pk__in=[cell.pk for cell in cells]).order_by("pk"):
        person = {"contact_name": world.inventor.name(), "contact_phone": world.inventor.mobile()}
        tree.correct(cell, version=cell.version, by=SYSTEM, on=day, **person)


def _secretaries(world: "World") -> dict[date, list[Naming]]:
    """The longest-standing member of each branch, as somebody who has not taken up the account yet, by the first day.

    A branch there from the beginning has its secretary from then on, one founded later from its founding.
    """
    first: dict[int, Membership] = {}
    places = Membership.objects.current().filter(cell__kind__in=BRANCHES, member__category="full")
    for place in places.select_related("member", "cell").order_by("member__joined_on"):
        first.setdefault(place.cell_id, place)
    chosen = [place for index, place in enumerate(first.values()) if index % VACANT_EVERY]
    by_day: dict[date, list[Naming]] = defaultdict(list)
    for place in chosen:
        day = max(world.days[0], place.cell.founded_on or world.days[0])
        by_day[day].append(Naming(place.cell, linked(place.member, None), Office.SECRETARY))
    return by_day


def _account(name: str, username: str) -> User:
    return User.objects.create_user(username, PASSWORD, name=name)


def _account_of(branch: Cell, name: str, username: str | None) -> User:
    place = Membership.objects.current().under(branch).select_related("member").get(member__name=name)
    return linked(place.member, username)


def linked(member: Member, username: str | None) -> User:
    """The member's account: with a user name it can sign in, without one it sleeps."""
    if member.user is None:
        opened = _account(member.name, username) if username else User.objects.open_dormant(member.name)
        member.user = opened
        member.save(update_fields=["user"])
    return member.user
