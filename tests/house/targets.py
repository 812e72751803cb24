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
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts import invitations
from accounts.domain import recovery
from accounts.models import User
from acts.models import Act
from cells.choices import CellKind, Cover, Office
from cells.domain import saved_filters
from cells.models import Appointment, Assignment, Contact
from core.dated import since
from core.lists.listing import listing_named
from integrations.domain import tokens, webhooks
from ledgers.choices import Kind
from ledgers.domain import exports, folders
from ledgers.domain.uploads import File
from ledgers.laid_out import Wish
from ledgers.models import StagedRow
from members.choices import Category, RightKind
from members.domain import activation, merges, requests, roster, standing
from members.models import Member, SubjectRequest
from news.domain import publishing
from notices.models import Notice
from reports.choices import PeriodKind
from reports.domain import snapshots
from tests import cast
from tests.members.paper import photo
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
        for name in ("baita", "luming"):
            Assignment.objects.create(
                advisor=party.advisor, company=drawn[name], valid=since(cast.LONG_AGO), assigned_by=party.staff
            )
        return drawn

    @property
    def assignments(self):
        """What the advisor looks after, by company."""
        return {name: company.assignments.get() for name, company in self.companies.items() if name != "qingshan"}

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
    def requests(self):
        """One of each of three members for their education."""
        asked = {"item": "education", "new": "14", "evidence": photo(), "on": cast.TODAY}
        members = {name: getattr(self.party, name) for name in ("li", "wang", "liu")}
        return {name: requests.ask(member, by=member.user, **asked) for name, member in members.items()}

    @cached_property
    def rights(self):
        """What three members asked about their own data."""
        members = {name: getattr(self.party, name) for name in ("wang", "liu", "chen")}
        asked = {"kind": RightKind.COPY, "words": "要一份纸质的", "due_on": cast.TODAY + timedelta(days=15)}
        return {
            name: SubjectRequest.objects.create(member=member, asked_by=member.user or self.party.stranger, **asked)
            for name, member in members.items()
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
    def acts(self):
        """The last thing that was done to two members."""
        done = {}
        for name in ("wang", "liu"):
            member = Member.objects.get(pk=getattr(self.party, name).pk)
            roster.correct(member, version=member.version, school="青澜大学", by=self.party.staff, on=cast.TODAY)
            done[name] = Act.objects.latest("pk").uid
        return done

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
    def exports(self):
        """A roster of yunshan, taken by each of two."""
        wish = Wish(listing_named("members.roster"), QueryDict(), self.party.yunshan, "csv")
        return {
            name: exports.export(wish, keep=True, by=getattr(self.party, name), on=cast.TODAY)
            for name in ("secretary", "staff")
        }

    @cached_property
    def tokens(self):
        """Over yunshan, of its secretary."""
        asked = {"name": "名册同步", "scopes": ["members:read"], "expires_on": cast.TODAY + timedelta(days=30)}
        how = {"by": self.party.secretary, "on": cast.TODAY}
        return {"secretary": tokens.draw_up(self.party.yunshan, **asked, **how)[0]}

    @cached_property
    def webhooks(self):
        """By their cells, each of who keeps it there."""
        owners = {"association": self.party.staff, "north": self.party.north_staff}
        return {
            name: webhooks.set_up(getattr(self.party, name), **WEBHOOK, by=owner)[0] for name, owner in owners.items()
        }

    @cached_property
    def snapshots(self):
        party, by = self.party, self.party.staff
        return {
            name: snapshots.draw(getattr(party, name), by=by, on=YESTERDAY)
            for name in ("association", "north", "yunshan", "shiguang")
        }

    @cached_property
    def monthlies(self):
        """October of the committees."""
        party, october = self.party, {"on": date(2026, 10, 31), "kind": PeriodKind.MONTHLY}
        return [snapshots.draw(cell, by=party.staff, **october) for cell in (party.association, party.north)]

    @cached_property
    def announcements(self):
        party, staff = self.party, {"by": self.party.staff, "on": cast.TODAY}
        words = {"kind": "notice", "body": "请按时参加。"}
        drawn = {
            name: publishing.publish(party.association, title=name, **words, **staff)
            for name in ("published", "withdrawn")
        }
        return drawn | {"withdrawn": publishing.withdraw(drawn["withdrawn"], reason="日期写错", **staff)}

    @cached_property
    def filters(self):
        party = self.party
        asked = {"own": "kind=branch", "shared": "kind=branch", "afar": f"kind=branch&scope={party.yuanfan.code}"}
        return {
            name: saved_filters.save(
                listing="cells.cells",
                name=name,
                query=query,
                shared_with=None if name == "own" else party.yunshan,
                by=party.secretary if name == "own" else party.staff,
                on=cast.TODAY,
            )
            for name, query in asked.items()
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
    def recoveries(self):
        """The secretary lost the second factor."""
        secretary = self.party.secretary
        return {"secretary": recovery.ask(secretary, by=secretary, on=cast.TODAY)}

    @cached_property
    def devices(self):
        """The secretary is signed in on a telephone as well."""
        phone = SessionStore()
        phone.create()
        facts = {"user": self.party.secretary, "ip": "10.0.0.99", "session_key": phone.session_key}
        return {"secretary": UserSession.objects.create(**facts)}

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
    def closed(self):
        """An advisor of yunshan whose account is closed."""
        closed = cast.appoint("停用的人", Office.ADVISOR, self.party.yunshan)
        closed.is_active = False
        closed.save()
        return closed

    @cached_property
    def own_invitation(self):
        """To chen, for whom an account is opened with it."""
        return activation.invite(self.party.chen, by=self.party.staff, on=cast.TODAY)

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


def assignment(props, company, name):
    return NO_NUMBER if name == "nobody" else props.assignments[company].pk


def advisor(props, name):
    return "U-222222" if name == "nobody" else getattr(props.party, name).code


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


def change_request(props, name):
    return "GZ-999999" if name == "nobody" else props.requests[name].code


def right(props, name):
    return "GX-999999" if name == "nobody" else props.rights[name].code


def notice(props, name):
    return NO_NUMBER if name == "nobody" else props.notices[name].pk


def job(props, name):
    return "RW-999999" if name == "nobody" else props.jobs[name].code


def act(props, name):
    return UUID(int=0) if name == "nobody" else props.acts[name]


def the_import(props, name):
    return "2026-9999" if name == "nowhere" else props.imports[name].ref


def staged(props, _import, name):
    if name == "nowhere":
        return NO_NUMBER
    return StagedRow.objects.of(props.imports[name]).order_by("number").first().pk


def taken(props, name):
    return "DC-999999" if name == "nobody" else props.exports[name].code


def own_invitation(props, name):
    return "of-nobodys-making" if name == "made up" else props.own_invitation.rstrip("/").split("/")[-1]


def word(_props, *names):
    return names[-1]


def snapshot(props, name):
    return "KZ-999999" if name == "nowhere" else props.snapshots[name].code


def account(props, name):
    if name == "closed":
        return props.closed.code
    return "U-NOBODY" if name == "nobody" else getattr(props.party, name).code


def announcement(props, name):
    return "GG-9999" if name == "nowhere" else props.announcements[name].code


def kept_filter(props, name):
    return "SX-999999" if name == "nowhere" else props.filters[name].code


def passkey(props, name):
    return NO_NUMBER if name == "nobody" else props.passkeys[name].pk


def lost(props, name):
    return "CZ-999999" if name == "nobody" else props.recoveries[name].code


def device(props, name):
    return NO_NUMBER if name == "nobody" else props.devices[name].pk


def program_token(props, name):
    return "LP-999999" if name == "nobody" else props.tokens[name].code


def webhook(props, name):
    return "TS-999999" if name == "nowhere" else props.webhooks[name].code


def token(props, name):
    return "of-nobodys-making" if name == "made up" else props.invitation.split("/")[-2]


# What must be there although the address does not name it.
DRAWN = {
    "readyz": "a_worker",
    "mfa_reauthenticate_webauthn": "passkeys",
    "mfa_deactivate_totp": "factors",
    "mfa_view_recovery_codes": "factors",
    "mfa_download_recovery_codes": "factors",
    "reports:monthly": "monthlies",
}

# What is asked for behind the question mark.
ASKED = {"scope": cell, "member": member, "of": snapshot, "list": word}

# What fills the gaps in the address of a route, from left to right.
SHELVES = {
    **dict.fromkeys(
        [
            "cells:cell", "cells:cell-history", "cells:cell-reveal", "cells:term-begin", "cells:officers",
            "cells:preview",
            "cells:cell-setup",
            *(f"cells:cell-{deed}" for deed in ("correct", "rename", "move", "reorganise", "merge", "dissolve")),
            "members:roster", "members:roster-place", "members:member-enrol", "members:enrol-number",
            "reports:snapshot-draw",
        ],
        (cell,),
    ),
    **dict.fromkeys(["cells:officer-end", "cells:officer-invite"], (cell, officer)),
    **dict.fromkeys(
        ["cells:company", "cells:company-correct", "cells:company-survey", "cells:contact-add",
         "cells:company-advisors"],
        (company,),
    ),
    "cells:assignment-end": (company, assignment),
    "cells:advisor": (advisor,),
    **dict.fromkeys(["cells:contact-correct", "cells:contact-remove", "cells:contact-reveal"], (company, contact)),
    **dict.fromkeys(
        [
            "members:member",
            *(
                f"members:member-{deed}"
                for deed in (
                    "correct", "in-place", "reveal", "convert", "place", "suspend", "restore", "leave", "record-death",
                    "merge", "void", "link", "unlink", "invite",
                )
            ),
        ],
        (member,),
    ),
    "members:merge-undo": (member, merge),
    "portal:act-undo": (act,),
    **dict.fromkeys(["members:own-item", "members:privacy-answer"], (word,)),
    **dict.fromkeys(["members:activate", "members:activate-doubt"], (own_invitation,)),
    **dict.fromkeys(
        [
            "members:request",
            *(f"members:request-{part}" for part in ("withdraw", "decide", "grant", "refuse", "evidence")),
        ],
        (change_request,),
    ),
    **dict.fromkeys(["members:right", "members:right-grant", "members:right-refuse"], (right,)),
    "notices:notice-open": (notice,),
    **dict.fromkeys(["work:job", "work:job-cancel", "work:job-retry"], (job,)),
    "exports:new": (word,),
    **dict.fromkeys(["exports:file", "exports:discard", "api:exports-detail", "api:exports-file"], (taken,)),
    **dict.fromkeys([f"api:jobs-{part}" for part in ("detail", "log", "cancel", "retry")], (job,)),
    "ledgers:template": (word,),
    **dict.fromkeys(
        [
            "ledgers:import",
            *(f"ledgers:import-{step}" for step in ("files", "columns", "trial", "commit", "abandon", "replace")),
            *("ledgers:import-undo-trial", "ledgers:import-undo"),
        ],
        (the_import,),
    ),
    **dict.fromkeys(["ledgers:row", "ledgers:row-cell"], (the_import, staged)),
    "ledgers:problems": (the_import, word),
    **dict.fromkeys(["reports:figure", "reports:figure-csv"], (word,)),
    **dict.fromkeys(["reports:snapshot", "reports:snapshot-xlsx"], (snapshot,)),
    "reports:monthly": (word,),
    **dict.fromkeys(["mfa_remove_webauthn", "mfa_edit_webauthn"], (passkey,)),
    "accounts:invitation": (token,),
    "accounts:settings-list": (word,),
    **dict.fromkeys(["cells:filter", "cells:filter-remove", "api:saved-filters-detail"], (kept_filter,)),
    "accounts:device-end": (device,),
    **dict.fromkeys(["cells:recovery", "cells:recovery-refuse"], (lost,)),
    **dict.fromkeys(["portal:guide", "portal:rule", "portal:problem"], (word,)),
    **dict.fromkeys(
        ["cells:person", "cells:account-close", "cells:account-reopen", "cells:account-unlock"], (account,)
    ),
    **dict.fromkeys([f"integrations:token{deed}" for deed in ("", "-rotate", "-end")], (program_token,)),
    **dict.fromkeys([f"api:tokens-{deed}" for deed in ("detail", "rotate", "end")], (program_token,)),
    "integrations:person-tokens": (account,),
    **dict.fromkeys(
        [f"integrations:webhook{part}" for part in ("", "-edit", "-rotate", "-replay", "-end")], (webhook,)
    ),
    "integrations:webhook-step": (webhook, word),
    **dict.fromkeys(
        [
            f"api:webhooks-{part}"
            for part in (
                "detail", "rotate", "pause", "resume", "take-over", "end", "test", "replay", "deliveries",
            )
        ],
        (webhook,),
    ),
    **dict.fromkeys(["news:announcement", "news:correct", "news:withdraw"], (announcement,)),
}  # fmt: skip

TODAY = cast.TODAY.isoformat()
# Of a token, which is counted from the day it is drawn.
IN_TWO_MONTHS = (timezone.localdate() + timedelta(days=60)).isoformat()
# An address in the open internet, so that nothing has to be looked up.
WEBHOOK = {"name": "内网名册", "address": "https://93.184.216.34/portal", "types": ["member.placed"]}
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
    "cells:cell-setup": {"act": "put_away"},
    "cells:company-advisors": lambda props: {"advisor": props.party.advisor.pk, "assigned_on": TODAY},
    "cells:assignment-end": {"reason": "轮换", "ended_on": TODAY},
    "cells:advisor": lambda props: {"company": props.companies["qingshan"].code, "assigned_on": TODAY},
    "cells:contact-add": {"name": "何联络", "phone": "021-11111111"},
    "cells:contact-correct": {"name": "何联络"},
    "cells:contact-reveal": {"purpose": "通知座谈会"},
    "members:member-enrol": SOMEBODY,
    "members:enrol-number": {"id_number": SOMEBODY["id_number"]},
    "members:member-correct": _corrected,
    "members:member-in-place": lambda props: {
        "version": Member.objects.get(pk=props.party.wang.pk).version, "post": "022", "mobile": "13900008866"
    },
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
    "members:request-new": lambda props: {
        "item": "name", "new": "王滔", "evidence": SimpleUploadedFile("证件.jpg", photo())
    },
    "members:rights": {"kind": RightKind.CORRECTION, "words": "籍贯写错了"},
    "members:right-grant": {"answer": ""},
    "members:right-refuse": {"answer": "与档案一致，不能更改"},
    "members:request-withdraw": {},
    "members:request-grant": {},
    "members:request-refuse": {"reason": "证件看不清"},
    "members:requests-grant": lambda props: {"code": [props.requests["wang"].code]},
    "members:own-item": {"mobile": "13900008866"},
    "members:privacy-answer": {"given": "yes", "version": "1"},
    "members:activate": {"step": "facts"},
    "members:activate-doubt": {"doubts": ["name"]},
    "members:member-link": lambda props: {"user": props.party.stranger.code},
    "exports:new": {"format": "csv", "every": "seen"},
    "api:exports-list": {"resource": "members"},
    "ledgers:template-filled": {"kind": Kind.MEMBERS, "purpose": "年底核对"},
    "ledgers:import-replace": {"kind": Kind.MEMBERS, "field": "category", "old": "正式党员", "new": "预备党员"},
    "ledgers:row": {"name": "林小"},
    "ledgers:row-cell": {"field": "name", "text": "林小"},
    "reports:snapshot-draw": {"on": TODAY},
    "cells:preview": {"office": Office.ORGANISATION_COMMISSIONER},
    "cells:recovery": {"checked": "当面核对身份证", "met": "on"},
    "cells:recovery-refuse": {"refuse-reason": "本人说没有申请"},
    "account_login": {"login": "nobody", "password": "guess"},
    "accounts:settings-display": {"theme": "dark"},
    "accounts:settings-list": {"columns": "name,code", "density": "compact", "size": "20"},
    "api:saved-filters-list": {"listing": "cells.cells", "name": "各支部", "query": "kind=branch"},
    "api:saved-filters-detail": {"name": "各支部"},
    "cells:filter-new": {"name": "各支部", "query": "kind=branch"},
    "cells:filter": {"name": "各支部", "query": "kind=branch", "version": 1},
    "accounts:settings-profile": {"name": "新名", "email": ""},
    **dict.fromkeys(
        ["integrations:token-new", "api:tokens-list"],
        lambda props: {
            "name": "名册同步", "cell": props.party.yunshan.code, "scopes": ["cells:read"], "expires_on": IN_TWO_MONTHS
        },
    ),
    "integrations:token-rotate": {"expires_on": IN_TWO_MONTHS},
    "api:tokens-rotate": {"expires_on": IN_TWO_MONTHS},
    "integrations:token-end": {},
    **dict.fromkeys(
        ["integrations:webhook-new", "api:webhooks-list"], lambda props: WEBHOOK | {"cell": props.party.north.code}
    ),
    "integrations:webhook-edit": WEBHOOK | {"version": 1},
    "integrations:webhook-rotate": {"hours": 24},
    "integrations:webhook-replay": {"since": TODAY},
    "integrations:webhook-end": {},
    "integrations:webhook-step": {},
    "api:webhooks-detail": {"name": "新名册"},
    "api:webhooks-rotate": {"hours": 24},
    "api:webhooks-replay": {"since": "2026-11-20T00:00:00+08:00"},
    "cells:account-close": {"reason": "离职"},
    "cells:account-reopen": {"reason": "返岗"},
    "portal:rule": {"value": 200, "shown": 200, "on": TODAY, "reason": "早作准备", "save": "1"},
    "news:publish": {
        "kind": "notice", "title": "系统维护公告", "body": "周日 1 时至 3 时。", "title_en": "", "body_en": "",
    },
    "news:correct": {"version": 1, "title": "改期", "body": "改在下周。", "title_en": "", "body_en": ""},
    "news:withdraw": {"reason": "日期写错"},
    "accounts:invitation": {"username": "newcomer", "password": NEW_WORDS, "again": NEW_WORDS},
}  # fmt: skip
