"""What the targets of docs/matrix.md stand for: an address for each, and what is posted to it.

``yunshan`` is the cell of that name in tests/cast.py, ``wang`` a member, ``qingshan`` one of the companies below;
``yunshan · organiser`` is something inside something else, each by its own name; ``nowhere`` and ``nobody`` do not
exist. Things are drawn when a row first asks for them.
"""

from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from django.utils import timezone

from accounts import invitations
from accounts.models import User
from cells.choices import CellKind, Cover, Office
from cells.models import Appointment, Contact
from core.dated import since
from ledgers.choices import Kind
from ledgers.domain import folders
from ledgers.domain.uploads import File
from ledgers.models import StagedRow
from members.choices import Category
from members.domain import merges, standing
from members.models import Member
from notices.models import Notice
from reports.domain import snapshots
from tests import cast
from work.choices import JobState
from work.models import Heartbeat, Job

YESTERDAY = cast.TODAY - timedelta(days=1)
NO_NUMBER = 999_999_999
# What a browser answered when a passkey was set up.
PASSKEY = {
    "id": "a2tra2tra2tra2tra2traw",
    "rawId": "a2tra2tra2tra2tra2traw",
    "response": {
        "clientDataJSON": (
            "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiWTJOalkyTmpZMk5qWTJOalkyTmpZdyIsIm9yaWdpbiI6"
            "Imh0dHA6Ly9sb2NhbGhvc3QiLCJjcm9zc09yaWdpbiI6ZmFsc2V9"
        ),
        "attestationObject": (
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NBAAAAAAAAAAAA"
            "AAAAAAAAAAAAAAAAEGtra2tra2tra2tra2tra2ulAQIDJiABIVggjBlV5OUkaLPQvlPFQCiA_jEZtaGsE1wIpZBDu9fKGnci"
            "WCAkcMNs2Vg3QtKptkRyYmwN-1nt_NYIMjZE828d1odKTA"
        ),
    },
    "clientExtensionResults": {},
    "type": "public-key",
}


def address(party, row):
    """Where the row leads."""
    name, mark, query = row.target.partition("?")
    names = [part.strip() for part in name.split("·")] if row.route in SHELVES else []
    props = _props(party)
    if row.route in DRAWN:
        getattr(props, DRAWN[row.route])
    if mark:
        key, value = query.split("=")
        query = f"{key}={ASKED[key](props, value)}"
    shelves = SHELVES.get(row.route, ())
    found = [shelf(props, *names[: place + 1]) for place, shelf in enumerate(shelves)]
    return reverse(row.route, args=found) + mark + query


def body(party, row):
    """What is posted: answers with which the deed is really tried."""
    asked = BODIES.get(row.route, {})
    return asked(_props(party)) if callable(asked) else asked


def _props(party):
    return party.__dict__.setdefault("props", Props(party))


class Unwatched:
    """Progress that nobody looks at."""

    def __init__(self):
        self.checkpoint = {}

    def step(self, done, total=None, note=""):
        pass

    def save(self):
        pass


class Props:
    """What stands around the cast, by the names in docs/matrix.md."""

    def __init__(self, party):
        self.party = party

    @cached_property
    def companies(self):
        party, drawn = self.party, {}
        for name, keeper, cover in (
            ("qingshan", party.north, party.yunshan),
            ("baita", party.north, None),
            ("luming", party.south, party.shiguang),
        ):
            covered = {"cover": Cover.OWN, "cover_cell": cover} if cover else {}
            drawn[name] = cast.register(f"{name}有限公司", keeper, **covered)
            Contact.objects.create(company=drawn[name], name="何联", phone="021-00000000")
        return drawn

    @cached_property
    def cells(self):
        """Each with somebody to call."""
        party = self.party
        names = ("association", "north", "yunshan", "first_group", "yuanfan", "south", "shiguang")
        for name in names:
            cell = getattr(party, name)
            cell.contact_name, cell.contact_phone = "何联", "021-00000000"
            cell.save()
        idle = cast.found("中共闲庭有限公司支部委员会", CellKind.BRANCH, party.north)
        return {name: getattr(party, name) for name in names} | {"idle": idle}

    @cached_property
    def wu(self):
        """Suspended from yunshan."""
        wu = cast.enlist("吴桐", self.party.yunshan)
        return standing.suspend(wu, reason="失去联系", by=self.party.staff, on=YESTERDAY)

    @cached_property
    def gao(self):
        """On the roster of yunshan, with the year of probation behind."""
        return cast.enlist("高远", self.party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 6, 1))

    @cached_property
    def double(self):
        """A second record of wang, without a number."""
        return self._double_of("wang")

    def _double_of(self, name):
        kept = getattr(self.party, name)
        double = cast.enlist(kept.name, kept.cell)
        Member.objects.filter(pk=double.pk).update(id_number="", id_number_index="")
        return Member.objects.get(pk=double.pk)

    @cached_property
    def merges(self):
        """Records absorbed by that of ``li`` and by that of ``liu``."""
        how = {"reason": "录入两次", "by": self.party.staff, "on": cast.TODAY}
        return {
            name: merges.merge(getattr(self.party, name), absorbed=self._double_of(name), **how)
            for name in ("li", "liu")
        }

    @cached_property
    def notices(self):
        party = self.party
        told = ("secretary", "staff")
        return {name: Notice.objects.create(to=getattr(party, name), sentence="请看") for name in told}

    @cached_property
    def jobs(self):
        """One that stopped, of each."""
        failed = {"kind": "reports.draw", "title": "生成报表快照", "state": JobState.FAILED}
        return {
            name: Job.objects.create(owner=getattr(self.party, name), **failed)
            for name in ("secretary", "north_staff", "staff")
        }

    @cached_property
    def imports(self):
        """A reviewed one for each of four cells, begun by whoever imports there."""
        party = self.party
        begun = {
            "yunshan": party.secretary,
            "first_group": party.organiser,
            "yuanfan": party.other_secretary,
            "north": party.north_staff,
        }
        return {name: self._import(getattr(party, name), by) for name, by in begun.items()}

    def _import(self, cell, by):
        number = cast.fictional_id_number(date(1991, 3, 4), cell.pk)
        text = f"姓名,公民身份证号,人员类别,入党日期\n林晓,{number},正式党员,2015-06-01\n林晚,1,正式党员,2015-06-01\n"
        files = [File("名册.csv", text.encode())]
        return folders.prepare(files=files, cell=cell, as_of=cast.TODAY, by=by, on=cast.TODAY, progress=Unwatched())

    @cached_property
    def snapshots(self):
        party, by = self.party, self.party.staff
        return {
            name: snapshots.draw(getattr(party, name), by=by, on=YESTERDAY)
            for name in ("association", "north", "yunshan", "shiguang")
        }

    @cached_property
    def passkeys(self):
        party = self.party
        return {
            name: Authenticator.objects.create(
                user=getattr(party, name), type="webauthn", data={"name": "钥匙", "credential": PASSKEY}
            )
            for name in ("secretary", "staff")
        }

    @cached_property
    def factors(self):
        """The secretary has an authenticator app, and codes for the day it is lost."""
        secretary = self.party.secretary
        return [TOTP.activate(secretary, generate_totp_secret()), RecoveryCodes.activate(secretary)]

    @cached_property
    def a_worker(self):
        return Heartbeat.objects.create(name="worker", seen_at=timezone.now())

    @cached_property
    def newcomer(self):
        """Discipline commissioner of yunshan, whose account nobody has taken up yet."""
        newcomer = User.objects.open_dormant("新来的人")
        Appointment.objects.create(
            holder=newcomer, office=Office.DISCIPLINE_COMMISSIONER, cell=self.party.yunshan, valid=since(cast.LONG_AGO)
        )
        return newcomer

    @cached_property
    def invitation(self):
        office = self.newcomer.appointments.get()
        return invitations.address_for(self.newcomer, by=self.party.staff, offices=[office.pk])


def cell(props, name):
    return "ZB-9999" if name == "nowhere" else props.cells[name].code


def company(props, name):
    return "QY-9999" if name == "nowhere" else props.companies[name].code


def contact(props, _company, name):
    return NO_NUMBER if name == "nobody" else props.companies[name].contacts.get().pk


def officer(props, _cell, name):
    if name == "nobody":
        return NO_NUMBER
    holder = props.newcomer if name == "newcomer" else getattr(props.party, name)
    return holder.appointments.get().pk


def member(props, name):
    if name == "nobody":
        return "DY-999999"
    return getattr(props if name in ("wu", "gao") else props.party, name).code


def merge(props, _member, name):
    return UUID(int=0) if name == "nobody" else props.merges[name].uid


def notice(props, name):
    return NO_NUMBER if name == "nobody" else props.notices[name].pk


def job(props, name):
    return "RW-999999" if name == "nobody" else props.jobs[name].code


def the_import(props, name):
    return "2026-9999" if name == "nowhere" else props.imports[name].ref


def staged(props, _import, name):
    if name == "nowhere":
        return NO_NUMBER
    return StagedRow.objects.of(props.imports[name]).order_by("number").first().pk


def word(_props, *names):
    return names[-1]


def snapshot(props, name):
    return "KZ-999999" if name == "nowhere" else props.snapshots[name].code


def passkey(props, name):
    return NO_NUMBER if name == "nobody" else props.passkeys[name].pk


def token(props, name):
    return "of-nobodys-making" if name == "made up" else props.invitation.split("/")[-2]


# What must be there although the address does not name it.
DRAWN = {
    "readyz": "a_worker",
    "mfa_reauthenticate_webauthn": "passkeys",
    "mfa_deactivate_totp": "factors",
    "mfa_view_recovery_codes": "factors",
    "mfa_download_recovery_codes": "factors",
}

# What is asked for behind the question mark.
ASKED = {"scope": cell, "member": member}

# What fills the gaps in the address of a route, from left to right.
SHELVES = {
    **dict.fromkeys(
        [
            "cells:cell", "cells:cell-history", "cells:cell-reveal", "cells:term-begin", "cells:officers",
            *(f"cells:cell-{deed}" for deed in ("correct", "rename", "move", "reorganise", "merge", "dissolve")),
            "members:roster", "members:roster-place", "members:member-enrol", "members:enrol-number",
            "reports:snapshot-draw",
        ],
        (cell,),
    ),
    **dict.fromkeys(["cells:officer-end", "cells:officer-invite"], (cell, officer)),
    **dict.fromkeys(
        ["cells:company", "cells:company-correct", "cells:company-survey", "cells:contact-add"], (company,)
    ),
    **dict.fromkeys(["cells:contact-correct", "cells:contact-remove", "cells:contact-reveal"], (company, contact)),
    **dict.fromkeys(
        [
            "members:member",
            *(
                f"members:member-{deed}"
                for deed in (
                    "correct", "reveal", "convert", "place", "suspend", "restore", "leave", "record-death", "merge",
                    "void", "link", "unlink",
                )
            ),
        ],
        (member,),
    ),
    "members:merge-undo": (member, merge),
    "notices:notice-open": (notice,),
    **dict.fromkeys(["work:job", "work:job-cancel", "work:job-retry"], (job,)),
    "ledgers:template": (word,),
    **dict.fromkeys(
        [
            "ledgers:import",
            *(f"ledgers:import-{step}" for step in ("files", "columns", "trial", "commit", "abandon", "replace")),
        ],
        (the_import,),
    ),
    **dict.fromkeys(["ledgers:row", "ledgers:row-cell"], (the_import, staged)),
    "ledgers:problems": (the_import, word),
    **dict.fromkeys(["reports:figure", "reports:figure-csv"], (word,)),
    "reports:snapshot": (snapshot,),
    **dict.fromkeys(["mfa_remove_webauthn", "mfa_edit_webauthn"], (passkey,)),
    "accounts:invitation": (token,),
}  # fmt: skip

TODAY = cast.TODAY.isoformat()
NEW_WORDS = "云杉 银杏 白桦 水曲柳"
SOMEBODY = {
    "id_number": cast.fictional_id_number(date(1991, 3, 4), 997), "name": "林晓", "category": "full",
    "joined_on": "2015-06-01", "converted_on": "2016-06-01", "ethnicity": "01", "education": "21", "post": "022",
}  # fmt: skip


def _corrected(props):
    now = Member.objects.get(pk=props.party.wang.pk)
    return SOMEBODY | {
        "id_number": "",
        "name": "王滔",
        "version": now.version,
        "gender": "1",
        "birth_date": "1990-01-01",
    }


# What the forms are sent with. A route that is not here is posted to with nothing.
BODIES = {
    "portal:feedback": {"text": "名册打不开", "reply_to": "", "page": ""},
    "cells:cell-found": lambda props: {
        "superior": props.party.north.code, "name": "中共新枝有限公司支部委员会", "kind": "branch"
    },
    "cells:cell-correct": {"version": 0, "name": "中共新名有限公司支部委员会"},
    "cells:cell-rename": {"name": "中共新名有限公司支部委员会", "on": TODAY},
    "cells:cell-move": lambda props: {"superior": props.party.north.code, "on": TODAY},
    "cells:cell-reorganise": {"kind": "joint_branch", "on": TODAY},
    "cells:cell-merge": lambda props: {"into": props.party.yuanfan.code, "on": TODAY},
    "cells:cell-dissolve": {"reason": "企业注销", "on": TODAY},
    "cells:term-begin": {"number": 2, "from_on": TODAY, "due_on": "2029-11-19"},
    "cells:cell-reveal": {"purpose": "通知座谈会"},
    "cells:officers": {"name": "林晓", "office": Office.ORGANISATION_COMMISSIONER, "on": TODAY, "open_account": "on"},
    "cells:officer-end": {"reason": "换届", "on": TODAY},
    "cells:company-register": lambda props: {
        "name": "新枝有限公司", "keeper": props.party.north.code, "surveyed_on": TODAY, "operating": "on"
    },
    "cells:company-correct": lambda props: {"version": 0, "name": "新名有限公司", "keeper": props.party.north.code},
    "cells:company-survey": {"version": 0, "surveyed_on": TODAY, "operating": "on", "staff": 61},
    "cells:contact-add": {"name": "何联络", "phone": "021-11111111"},
    "cells:contact-correct": {"name": "何联络"},
    "cells:contact-reveal": {"purpose": "通知座谈会"},
    "members:member-enrol": SOMEBODY,
    "members:enrol-number": {"id_number": SOMEBODY["id_number"]},
    "members:member-correct": _corrected,
    "members:member-reveal": {"item": "id_number", "purpose": "核对组织关系"},
    "members:member-convert": {"on": TODAY},
    "members:member-place": lambda props: {"cell": props.party.first_group.code, "reason": "编入小组", "on": TODAY},
    "members:member-suspend": {"reason": "失去联系六个月", "on": TODAY},
    "members:roster-place": lambda props: {"cell": props.party.first_group.code, "reason": "编入小组", "on": TODAY},
    "members:member-void": {"reason": "补录错了人", "on": TODAY},
    "members:member-restore": lambda props: {"cell": props.party.yunshan.code, "reason": "已经找到", "on": TODAY},
    "members:member-leave": {"reason": "transferred_out", "on": TODAY},
    "members:member-record-death": {"on": TODAY},
    "members:member-merge": lambda props: {"absorbed": props.double.code, "reason": "同一个人", "on": TODAY},
    "members:member-link": lambda props: {"user": props.party.stranger.code},
    "ledgers:template-filled": {"kind": Kind.MEMBERS, "purpose": "年底核对"},
    "ledgers:import-replace": {"kind": Kind.MEMBERS, "field": "category", "old": "正式党员", "new": "预备党员"},
    "ledgers:row": {"name": "林小"},
    "ledgers:row-cell": {"field": "name", "text": "林小"},
    "reports:snapshot-draw": {"on": TODAY},
    "account_login": {"login": "nobody", "password": "guess"},
    "accounts:settings-display": {"theme": "dark"},
    "accounts:settings-profile": {"name": "新名", "email": ""},
    "accounts:invitation": {"username": "newcomer", "password": NEW_WORDS, "again": NEW_WORDS},
}  # fmt: skip
