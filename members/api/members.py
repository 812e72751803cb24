"""名册, member by member."""

from functools import cached_property, partial

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.rest import asking, versions
from core.rest.deeds import deed
from members import letters, rows, rules
from members.api.reading import OnRecord
from members.domain import activation, merges, own, places, reveals, roster, sign_ins, standing
from members.domain.roster import Correction, Enrolment
from members.filters import ContactCriteria, MemberCriteria
from members.models import Member, Membership
from members.querysets import BY_CELL
from members.serializers import answers as asked
from members.serializers import records, shapes

NAMES = ("name", "-name")
MANY = {"on_one": False, "shape": shapes.ManyShape}


class Members(OnRecord):
    """名册. For who sees names and mobiles alone a list of those, and nothing else is there to be read."""

    model = Member
    base = "members"
    shape = shapes.MemberShape
    criteria = MemberCriteria
    orders = {
        "cell": BY_CELL,
        "name": "member__name_pinyin",
        "birth_date": "member__birth_date",
        "joined_on": "member__joined_on",
        "converted_on": "member__converted_on",
    }
    reveals = {item: partial(reveals.reveal, item=item) for item in reveals.ITEMS}

    @cached_property
    def reads_records(self):
        return rules.SEE_MEMBER.anywhere(self.by)

    def reach(self):
        if self.reads_records:
            return Membership.objects.visible_to(self.by)
        return Membership.objects.in_contact_reach_of(self.by).current()

    @property
    def ready(self):
        return rows.ROSTER if self.reads_records else None

    def stretches(self):
        return rules.SEE_MEMBER.stretches(self.by)

    def asked_by_reader(self):
        return MemberCriteria if self.reads_records else ContactCriteria

    def list(self, request):
        """The roster within reach: who belongs there now, unless ``standing`` asks for others."""
        if not self.reads_records:
            if not rules.SEE_CONTACTS.anywhere(self.by):
                raise PermissionDenied
            asking.names(request.query_params, "ordering", NAMES)
            asking.choice(request.query_params, "format", ("json",), "json")
        try:
            return super().list(request)
        except Refusal as refusal:
            raise asking.wrong(refusal.field or "q", str(refusal.message), "refused") from refusal

    def fetched(self, found):
        return rows.fetched(found)

    def rows_shown(self, found, sight):
        return (rows.told if self.reads_records else rows.told_as_contacts)(found, sight)

    def whose(self, thing):
        return thing

    def find(self, key):
        return Member.objects.readable_by(self.by).select_related("user").filter(code=key).first()

    def shown(self, thing, sight, shape=None):
        if shape is not None:
            return super().shown(thing, sight, shape)
        self.told_of = thing
        place = rows.fetched(Membership.objects.filter(member=thing).latest_of_each())
        own_record = thing.pk if rules.OWN_RECORD.allows(self.by, thing) else None
        [shown] = rows.told(list(place), sight, own=own_record)
        return shown | {"meta": {"withheld": sorted(sight.withheld)}}

    # The record

    @deed(_("补录一名"), answers=records.EnrolAnswers, may=rules.KEEP_ROSTER)
    def create(self, cell, **answers):
        return roster.enrol(cell, by=self.by, on=self.today, **answers)

    @deed(_("补录多名"), answers=records.EnrolManyAnswers, may=rules.KEEP_ROSTER, makes=True, **MANY)
    def enrol_many(self, enrolments):
        done = roster.enrol_many([Enrolment(**each) for each in enrolments], by=self.by, on=self.today)
        return self._named(done)

    @deed(_("更正资料"), answers=records.RecordAnswers, may=rules.KEEP_MEMBER)
    def partial_update(self, member, **answers):
        return roster.correct(member, version=self.version, by=self.by, on=self.today, **answers)

    @deed(_("更正多人的资料"), answers=records.CorrectManyAnswers, may=rules.KEEP_MEMBER, **MANY)
    def correct_many(self, corrections):
        versions_read = [each.pop("version") for each in corrections]
        meant = [Correction(each.pop("member"), each) for each in corrections]
        return self._named(roster.correct_many(meant, versions=versions_read, by=self.by, on=self.today))

    @deed(_("撤销补录"), answers=asked.ReasonAnswers, may=rules.KEEP_MEMBER)
    def void(self, member, **answers):
        return roster.void(member, by=self.by, **answers)

    @deed(_("合并重复记录"), answers=asked.MergeAnswers, may=rules.KEEP_MEMBER, shape=shapes.MergeShape)
    def merge(self, member, **answers):
        merged = merges.merge(member, by=self.by, **answers)
        versions.require_unbroken(self, merged.kept)
        return merged

    # Where they belong and how they stand

    @deed(_("调整所在支部"), answers=asked.PlaceAnswers, may=rules.KEEP_MEMBER)
    def place(self, member, **answers):
        places.place(member, version=self.version, by=self.by, **answers)
        member.refresh_from_db(fields=["version"])
        return member

    @deed(_("调整多人"), answers=asked.PlaceTogetherAnswers, may=rules.KEEP_MEMBER, **MANY)
    def place_together(self, members, **answers):
        places.place_together(members, by=self.by, **answers)
        return self._named(members)

    @deed(_("转为正式党员"), answers=asked.OnAnswers, may=rules.KEEP_MEMBER)
    def convert(self, member, **answers):
        return standing.convert(member, version=self.version, by=self.by, **answers)

    @deed(_("停止党籍"), answers=asked.ReasonAnswers, may=rules.KEEP_MEMBER)
    def suspend(self, member, **answers):
        return standing.suspend(member, version=self.version, by=self.by, **answers)

    @deed(_("恢复党籍"), answers=asked.RestoreAnswers, may=rules.KEEP_MEMBER)
    def restore(self, member, **answers):
        return standing.restore(member, version=self.version, by=self.by, **answers)

    @deed(_("离开名册"), answers=asked.LeaveAnswers, may=rules.KEEP_MEMBER)
    def leave(self, member, **answers):
        return standing.leave(member, version=self.version, by=self.by, **answers)

    @deed(_("登记去世"), answers=asked.OnAnswers, may=rules.KEEP_MEMBER, path="death")
    def record_death(self, member, **answers):
        return standing.record_death(member, version=self.version, by=self.by, **answers)

    # The account

    @deed(_("绑定账号"), answers=asked.LinkAnswers, may=rules.KEEP_MEMBER)
    def link(self, member, **answers):
        return sign_ins.link(member, by=self.by, on=self.today, **answers)

    @deed(_("解除账号绑定"), may=rules.KEEP_MEMBER)
    def unlink(self, member):
        return sign_ins.unlink(member, by=self.by, on=self.today)

    @deed(_("邀请开通账号"), may=rules.REVEAL_MEMBER, shape=shapes.InvitationShape, secret=True)
    def invite(self, member):
        address = self.request.build_absolute_uri(activation.invite(member, by=self.by, on=self.today))
        if asking.flag(self.request.query_params, "dry_run"):  # what is mailed cannot be taken back
            return {}
        member.refresh_from_db()
        return {"address": address, "mailed": letters.mail_invitation(member, address, by=self.by)}

    @deed(_("修改自己的联系方式"), answers=asked.OwnAnswers, may=rules.OWN_RECORD)
    def change(self, member, **answers):
        return own.change(member, by=self.by, on=self.today, **answers)

    def _named(self, members):
        """Several members, in the order asked: those only that are still within reach."""
        found = Member.objects.visible_to(self.by).in_bulk([member.pk for member in members])
        seen = [found[member.pk] for member in members if member.pk in found]
        return {"results": [rows.named("members", each.code, each.name) | {"version": each.version} for each in seen]}
