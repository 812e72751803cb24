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

import functools
import pickle
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection, transaction

from accounts.models import User
from cells.choices import CellKind, Cover, Office
from cells.domain import identity
from cells.domain.identity import reserve
from cells.models import Appointment, Cell, Company, CompanyFact, Placement, Term
from core import names
from core.codes import serial_code
from core.crypto import blind_index
from core.dated import since
from members.choices import Category, EntryReason, Gender, Standing
from members.models import Member, MemberFact, Membership
from members.querysets import mobile_index, mobile_tail_index

LONG_AGO = date(2024, 1, 8)
TODAY = date(2026, 11, 20)

# Those of the cast itself come before, so that whoever a test adds never has one of theirs.
_numbers, _accounts = count(10), count(1)
# The same few names are read for every test.
found_by, readings = functools.cache(identity.found_by), functools.cache(names.readings)


@transaction.atomic
def found(name, kind, parent=None, *, short_name="", on=LONG_AGO):
    """One more cell, standing since ``on``."""
    cell = _cell(*reserve(Cell, 1), name, kind, parent, short_name=short_name, on=on)
    cell.save(force_insert=True)
    _placement(cell).save()
    return cell


def _cell(key, name, kind, parent=None, *, short_name="", on=LONG_AGO):
    return Cell(
        pk=key,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        founded_on=on,
        path=f"{parent.path if parent else '/'}{key}/",
        code=serial_code("ZB", key),
        **found_by(name, short_name),
    )


def _placement(cell):
    place = {name: getattr(cell, name) for name in ("kind", "name", "short_name", "parent", "path")}
    return Placement(cell=cell, valid=since(cell.founded_on), **place)


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
    member = _member(name, category=category, id_number=id_number, mobile=mobile, user=user, **fields)
    member.save()
    _fact(member, on).save()
    _membership(member, cell, on).save()
    return member


def found_by_mobile(number):
    """Those on file, void or not, whom a mobile finds: whole, or by its last four digits."""
    asked = {"mobile_tail_index": mobile_tail_index(number)}
    return Member.objects.filter(**asked if len(number) == 4 else asked | {"mobile_index": mobile_index(number)})


def _member(name, *, number=None, category=Category.FULL, id_number=None, mobile="", user=None, **fields):
    number = number or next(_numbers)
    # The last serial digit of a man's number is odd, and the record says that everybody is one.
    serial = 2 * (number if number < 10 else 10 + number % 490) + 1
    id_number = id_number or fictional_id_number(date(1990, 1, 1), serial)
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
    return Member(
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


def _fact(member, on=LONG_AGO):
    now = {name: getattr(member, name) for name in ("category", "standing", "education", "post")}
    return MemberFact(member=member, valid=since(on), **now)


def _membership(member, cell, on=LONG_AGO):
    return Membership(member=member, cell=cell, valid=since(on), entry_reason=EntryReason.ENROLLED)


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
    """The whole drawing, in the database: a table at a time, since nearly every test begins with it."""
    party = _draw_cells()
    party.people = _draw_people(party)
    party.members = _draw_rolls(party)
    return party


def _draw_cells():
    keys = iter(reserve(Cell, 7))
    committee, branch = CellKind.COMMITTEE, CellKind.BRANCH
    association = _cell(next(keys), "中共青澜市互联网协会委员会", committee, short_name="青澜协会党委")
    above = {"parent": association}
    north = _cell(next(keys), "中共青澜市北屏互联网企业委员会", committee, **above, short_name="北屏党委")
    south = _cell(
        next(keys), "中共青澜市南浦互联网企业总支部委员会", CellKind.GENERAL_BRANCH, **above, short_name="南浦党总支"
    )
    yunshan = _cell(next(keys), "中共云杉科技有限公司支部委员会", branch, north, short_name="云杉科技党支部")
    yuanfan = _cell(next(keys), "中共远帆网络有限公司支部委员会", branch, north, short_name="远帆网络党支部")
    shiguang = _cell(
        next(keys), "中共拾光传媒联合支部委员会", CellKind.JOINT_BRANCH, south, short_name="拾光传媒联合党支部"
    )
    first_group = _cell(next(keys), "第一党小组", CellKind.GROUP, yunshan)
    electing = (association, north, south, yunshan, yuanfan, shiguang)
    Cell.objects.bulk_create([*electing, first_group])
    Placement.objects.bulk_create(map(_placement, (*electing, first_group)))
    term = {"number": 1, "due_on": date(2027, 1, 7), "valid": since(LONG_AGO)}
    Term.objects.bulk_create(Term(cell=cell, **term) for cell in electing)
    return Party(association, north, yunshan, first_group, yuanfan, south, shiguang)


def _draw_people(party):
    """Those with an office, then those without; who held one but holds it no more is among the first."""
    yunshan = party.yunshan
    offices = [
        ("staff", "赵卫东", Office.ASSOCIATION_STAFF, party.association),
        ("auditor", "韦素芬", Office.AUDITOR, party.association),
        ("technician", "马骁", Office.TECHNICAL_ADMINISTRATOR, party.association),
        ("north_staff", "秦立民", Office.COMMITTEE_STAFF, party.north),
        ("secretary", "李敏", Office.SECRETARY, yunshan),
        ("deputy", "陈思远", Office.DEPUTY_SECRETARY, yunshan),
        ("organiser", "周航", Office.ORGANISATION_COMMISSIONER, yunshan),
        ("publicist", "吴倩", Office.PUBLICITY_COMMISSIONER, yunshan),
        ("inspector", "郑凯", Office.DISCIPLINE_COMMISSIONER, yunshan),
        ("leader", "覃小满", Office.GROUP_LEADER, party.first_group),
        ("other_secretary", "刘洋", Office.SECRETARY, party.yuanfan),
        ("advisor", "顾远帆", Office.ADVISOR, party.south),
        ("deputy_alone", "彭佳", Office.DEPUTY_SECRETARY, party.shiguang),
        ("former_secretary", "董立群", Office.SECRETARY, party.shiguang),
    ]
    named = {username: name for username, name, *_office in offices} | {"plain_member": "王涛", "stranger": "黎昕"}
    people = {
        username: User(
            pk=key, code=f"U-{next(_accounts):06}", username=username, name=name, password=make_password("password")
        )
        for key, (username, name) in zip(reserve(User, len(named)), named.items(), strict=True)
    }
    User.objects.bulk_create(people.values())
    until = {"former_secretary": date(2026, 6, 1)}
    Appointment.objects.bulk_create(
        Appointment(holder=people[username], office=office, cell=cell, valid=since(LONG_AGO, until.get(username)))
        for username, _name, office, cell in offices
    )
    return people


def _draw_rolls(party):
    people = party.people
    members = {
        "li": _member("李敏", number=1, mobile="13500009171", gender=Gender.FEMALE, user=people["secretary"]),
        "wang": _member("王涛", number=2, mobile="13800005678", user=people["plain_member"]),
        "sun": _member("孙悦", number=3, category=Category.PROBATIONARY, joined_on=date(2026, 1, 16)),
        "zhou": _member("周子墨", number=4, mobile="13900007492"),
        "liu": _member("刘洋", number=5, mobile="15000004819", user=people["other_secretary"]),
        "chen": _member("单晓东", number=6, mobile="15000008505"),
    }
    elsewhere = {"zhou": party.first_group, "liu": party.yuanfan, "chen": party.shiguang}
    for key, member in zip(reserve(Member, len(members)), members.values(), strict=True):
        member.pk = key
    Member.objects.bulk_create(members.values())
    MemberFact.objects.bulk_create(map(_fact, members.values()))
    Membership.objects.bulk_create(
        _membership(member, elsewhere.get(name, party.yunshan)) for name, member in members.items()
    )
    return members


_drawings = {}


def drawn_again():
    """The drawing of the first test, put into the database once more: rows and keys are the same for every test.

    Under keys of its own, and on a clock of its own, a test has it drawn for itself.
    """
    if time_machine.escape_hatch.is_travelling():
        return draw()
    # What the portal remembers outside of the database, it remembers by keys.
    cache.clear()
    keys = repr(settings.ZHIBU_FIELD_KEYS)
    if keys not in _drawings:
        written = []
        with connection.execute_wrapper(partial(_listen, written)):
            party = draw()
        _drawings[keys] = ";".join(written), pickle.dumps(party)
        return party
    rows, party = _drawings[keys]
    with connection.cursor() as cursor:
        cursor.execute(rows)
    return pickle.loads(party)


def _listen(written, execute, sql, params, many, context):
    if sql.startswith("INSERT"):
        written.append(context["cursor"].mogrify(sql, params).decode())
    return execute(sql, params, many, context)


@pytest.fixture
def party(db):
    """The drawing, for one test."""
    return drawn_again()
