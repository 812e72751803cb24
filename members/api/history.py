"""组织关系 and merged records: what hangs on a record and has no code of its own."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.rest.deeds import May, deed
from core.rest.resource import CODE, Resource
from members import rules
from members.domain import merges
from members.filters import MembershipCriteria, MergeCriteria
from members.models import Member, Membership, Merge
from members.reach import readable_members
from members.serializers import shapes

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KEEPS = May(lambda by, merge: rules.KEEP_MEMBER.allows(by, merge.kept), rules.KEEP_MEMBER.anywhere)


class Memberships(Resource):
    """组织关系: where members belonged, from when to when; of whoever reads the record now, all of it."""

    model = Membership
    base = "memberships"
    scope = "members"
    shape = shapes.MembershipShape
    criteria = MembershipCriteria
    orders = {"starts_on": "valid__startswith", "ends_on": "valid__endswith", "member": "member__name_pinyin"}
    lookup_field = "key"
    lookup_value_regex = rf"{CODE}\.[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"

    def reach(self):
        members = readable_members(self.by).values("pk")
        return Membership.objects.standing().filter(member__in=members).select_related("member")

    def find(self, key):
        """``DY-7K3M9Q.2024-01-08``: of one member nothing begins twice on a day."""
        code, day = key.split(".")
        try:
            begun = date.fromisoformat(day)
        except ValueError:
            return None
        return self.reach().filter(member__code=code, valid__startswith=begun).first()


class Merges(Resource):
    """Records made part of another, for who keeps both."""

    model = Merge
    base = "merges"
    scope = "members"
    shape = shapes.MergeShape
    criteria = MergeCriteria
    orders = {"merged_at": "-merged_at"}
    lookup_field = "uid"
    lookup_value_regex = UUID

    def reach(self):
        kept = Member.objects.kept_by(self.by).values("pk")
        return Merge.objects.filter(kept__in=kept).select_related("kept", "absorbed", "merged_by")

    @deed(_("撤销合并"), may=KEEPS)
    def undo(self, merge):
        merges.undo_merge(merge, by=self.by, on=self.today)
        return merge
