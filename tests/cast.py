"""The drawn tree and its cast. Nearly every test stands on it.

    association                     staff (association staff) · auditor · technician
    ├── north                       north_staff (committee staff)
    │   ├── yunshan                 secretary · deputy · organiser · publicist · inspector · members li, wang, sun
    │   │   └── first_group         leader · member zhou
    │   └── yuanfan                 other_secretary · member liu
    └── south                       advisor
        └── shiguang (joint)        deputy_alone (no secretary in post) · member chen

Everybody is fictional; the division code 999999 exists nowhere. What happened before the test began happened on
``LONG_AGO``; the tests' own day is ``TODAY``.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import count

import pytest
from django.db import transaction

from accounts.models import User
from cells.choices import CellKind, Cover, Office
from cells.domain.identity import found_by
from cells.models import Appointment, Cell, Company, CompanyFact, Placement, Term
from core.codes import serial_code
from core.crypto import blind_index
from core.dated import since
from core.names import readings
from members.choices import Category, EntryReason, Gender, Standing
from members.models import Member, MemberFact, Membership

LONG_AGO = date(2024, 1, 8)
TODAY = date(2026, 11, 20)

_numbers = count(1)


@transaction.atomic
def found(name, kind, parent=None, *, short_name="", on=LONG_AGO):
    """One more cell, standing since ``on``."""
    cell = Cell(
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        founded_on=on,
        path=f"/new-{next(_numbers)}/",
        code=f"new-{next(_numbers)}",
        **found_by(name, short_name),
    )
    cell.save()
    cell.path = f"{parent.path if parent else '/'}{cell.pk}/"
    cell.code = serial_code("ZB", cell.pk)
    cell.save()
    Placement.objects.create(
        cell=cell, kind=kind, name=name, short_name=short_name, parent=parent, path=cell.path, valid=since(on)
    )
    return cell


def person(name, username=None):
    """Somebody who can sign in with the password ``password``."""
    return User.objects.create_user(username or f"person-{next(_numbers)}", "password", name=name)


def appoint(name, office, cell, *, username=None, on=LONG_AGO, until=None):
    """Somebody who holds ``office`` in ``cell``."""
    holder = person(name, username)
    Appointment.objects.create(holder=holder, office=office, cell=cell, valid=since(on, until))
    return holder


@transaction.atomic
def enlist(name, cell, *, category=Category.FULL, id_number=None, mobile="", user=None, on=LONG_AGO, **fields):
    """One more member of ``cell``, on its roster since ``on``."""
    number = next(_numbers)
    id_number = id_number or fictional_id_number(date(1990, 1, 1), number)
    read = readings(name)
    defaults = {
        "gender": Gender.MALE,
        "ethnicity": "01",
        "birth_date": date(1990, 1, 1),
        "education": "21",
        "joined_on": date(2012, 6, 1),
        "converted_on": date(2013, 6, 1) if category == Category.FULL else None,
        "post": "022",
    }
    member = Member.objects.create(
        code=f"DY-{number:06d}",
        name=name,
        id_number=id_number,
        mobile=mobile,
        category=category,
        standing=Standing.NORMAL,
        user=user,
        name_pinyin=read.pinyin,
        name_search=read.search,
        id_number_index=blind_index(id_number, field="members.id_number"),
        mobile_index=blind_index(mobile, field="members.mobile") if mobile else "",
        mobile_tail_index=blind_index(mobile[-4:], field="members.mobile_tail") if mobile else "",
        **(defaults | fields),
    )
    MemberFact.objects.create(
        member=member,
        category=category,
        standing=Standing.NORMAL,
        education=member.education,
        post=member.post,
        valid=since(on),
    )
    Membership.objects.create(member=member, cell=cell, valid=since(on), entry_reason=EntryReason.ENROLLED)
    return member


@transaction.atomic
def register(name, keeper, *, cover=Cover.NONE, cover_cell=None, on=LONG_AGO, credit_code="", **fields):
    """One more company, its file kept by ``keeper``."""
    read = readings(name)
    company = Company.objects.create(
        code=f"new-{next(_numbers)}",
        name=name,
        keeper=keeper,
        cover_cell=cover_cell,
        credit_code=credit_code,
        district=fields.pop("district", "高新区"),
        park=fields.pop("park", ""),
        name_pinyin=read.pinyin,
        name_search=read.search,
    )
    company.code = serial_code("QY", company.pk)
    company.save()
    facts = {"operating": True, "staff": 60} | fields
    CompanyFact.objects.create(
        company=company, keeper=keeper, cover=cover, cover_cell=cover_cell, valid=since(on), **facts
    )
    return company


def fictional_id_number(born, serial):
    """A number with a right check digit in the division that does not exist."""
    body = f"999999{born:%Y%m%d}{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


@dataclass
class Party:
    """The cast, by the names in the drawing above."""

    association: Cell
    north: Cell
    yunshan: Cell
    first_group: Cell
    yuanfan: Cell
    south: Cell
    shiguang: Cell
    people: dict[str, User] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    def __getattr__(self, name):
        """``party.secretary`` is a person, ``party.wang`` a member."""
        for shelf in ("people", "members"):
            if name in self.__dict__.get(shelf, {}):
                return self.__dict__[shelf][name]
        raise AttributeError(name)


@transaction.atomic
def draw():
    """The whole drawing, in the database."""
    association = found("中共青澜市互联网协会委员会", CellKind.COMMITTEE, short_name="青澜协会党委")
    north = found("中共青澜市北屏互联网企业委员会", CellKind.COMMITTEE, association, short_name="北屏党委")
    south = found("中共青澜市南浦互联网企业总支部委员会", CellKind.GENERAL_BRANCH, association, short_name="南浦党总支")
    yunshan = found("中共云杉科技有限公司支部委员会", CellKind.BRANCH, north, short_name="云杉科技党支部")
    yuanfan = found("中共远帆网络有限公司支部委员会", CellKind.BRANCH, north, short_name="远帆网络党支部")
    shiguang = found("中共拾光传媒联合支部委员会", CellKind.JOINT_BRANCH, south, short_name="拾光传媒联合党支部")
    first_group = found("第一党小组", CellKind.GROUP, yunshan)
    for cell in (association, north, south, yunshan, yuanfan, shiguang):
        Term.objects.create(cell=cell, number=1, due_on=date(2027, 1, 7), valid=since(LONG_AGO))
    party = Party(association, north, yunshan, first_group, yuanfan, south, shiguang)
    party.people = {
        "staff": appoint("赵卫东", Office.ASSOCIATION_STAFF, association, username="staff"),
        "auditor": appoint("韦素芬", Office.AUDITOR, association, username="auditor"),
        "technician": appoint("马骁", Office.TECHNICAL_ADMINISTRATOR, association, username="technician"),
        "north_staff": appoint("秦立民", Office.COMMITTEE_STAFF, north, username="north_staff"),
        "secretary": appoint("李敏", Office.SECRETARY, yunshan, username="secretary"),
        "deputy": appoint("陈思远", Office.DEPUTY_SECRETARY, yunshan, username="deputy"),
        "organiser": appoint("周航", Office.ORGANISATION_COMMISSIONER, yunshan, username="organiser"),
        "publicist": appoint("吴倩", Office.PUBLICITY_COMMISSIONER, yunshan, username="publicist"),
        "inspector": appoint("郑凯", Office.DISCIPLINE_COMMISSIONER, yunshan, username="inspector"),
        "leader": appoint("覃小满", Office.GROUP_LEADER, first_group, username="leader"),
        "other_secretary": appoint("刘洋", Office.SECRETARY, yuanfan, username="other_secretary"),
        "advisor": appoint("顾远帆", Office.ADVISOR, south, username="advisor"),
        "deputy_alone": appoint("彭佳", Office.DEPUTY_SECRETARY, shiguang, username="deputy_alone"),
        "former_secretary": appoint(
            "董立群", Office.SECRETARY, shiguang, username="former_secretary", until=date(2026, 6, 1)
        ),
        "plain_member": person("王涛", "plain_member"),
        "stranger": person("黎昕", "stranger"),
    }
    party.members = {
        "li": enlist("李敏", yunshan, mobile="13500009171", gender=Gender.FEMALE, user=party.people["secretary"]),
        "wang": enlist("王涛", yunshan, mobile="13800005678", user=party.people["plain_member"]),
        "sun": enlist("孙悦", yunshan, category=Category.PROBATIONARY, joined_on=date(2026, 1, 16)),
        "zhou": enlist("周子墨", first_group, mobile="13900007492"),
        "liu": enlist("刘洋", yuanfan, mobile="15000004819", user=party.people["other_secretary"]),
        "chen": enlist("单晓东", shiguang, mobile="15000008505"),
    }
    return party


@pytest.fixture
def party(db):
    """The drawing, for one test."""
    return draw()
