"""What stands around the cast for docs/matrix.md, by the names it has there; drawn when a row first asks for it."""

from datetime import date, timedelta
from functools import cached_property

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.http import QueryDict
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
from ledgers.domain import exports, folders
from ledgers.domain.uploads import File
from ledgers.laid_out import Wish
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
# An address in the open internet, so that nothing has to be looked up.
WEBHOOK = {"name": "内网名册", "address": "https://93.184.216.34/portal", "types": ["member.placed"]}


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
