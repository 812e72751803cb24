"""How members, their history and what they ask for are shown."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cells.reach import seen_cells, seen_companies
from core.masks import mask_address, mask_id_number, mask_mobile
from core.rest.shapes import Masked, Reference, Shape
from members import rows
from members.choices import RequestState
from members.models import ChangeRequest, Member, Membership, Merge, SubjectRequest

CELL = "cells.serializers.cells.CellShape"
COMPANY = "cells.serializers.companies.CompanyShape"


class NameShape(serializers.Serializer):
    code = serializers.CharField(label=_("编号"))
    name = serializers.CharField(label=_("姓名"))
    url = serializers.CharField()


class MemberNamed(NameShape):
    """Whose record it is; within reach wherever the thing itself is, so nothing is looked up."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, member):
        return rows.named("members", member.code, member.name)


class MembershipShape(Shape):
    """One stretch of belonging. ``ends_on`` is the first day it no longer holds."""

    base = "memberships"
    brief = ("member", "cell", "starts_on", "ends_on", "url")
    member = MemberNamed(label=_("党员"))
    cell = Reference(CELL, among=seen_cells, label=_("党组织"))
    starts_on = serializers.DateField(label=_("开始日期"))
    ends_on = serializers.DateField(label=_("结束日期"), allow_null=True)

    class Meta:
        model = Membership
        fields = ("url", "member", "cell", "starts_on", "ends_on", "entry_reason", "exit_reason", "note")

    def key_of(self, thing):
        return f"{thing.member.code}.{thing.starts_on}"


class MemberShape(Shape):
    """A member, said by ``members.rows``: what stands here tells programs what to expect."""

    base = "members"
    brief = rows.BRIEF
    id_number = Masked(mask=mask_id_number, label=_("公民身份证号"))
    mobile = Masked(mask=mask_mobile, label=_("手机号"))
    address = Masked(mask=mask_address, label=_("家庭住址"))
    cell = Reference(CELL, among=seen_cells, label=_("所在党组织"))
    placed_on = serializers.DateField(label=_("编入日期"))
    missing = serializers.ListField(label=_("未填的规定项目"), child=serializers.CharField())
    employer = Reference(COMPANY, among=seen_companies, label=_("工作单位"))
    memberships = MembershipShape(many=True, label=_("组织关系"))

    class Meta:
        model = Member
        fields = (*rows.ORDER, "memberships")

    @classmethod
    def names(cls):
        return list(rows.ORDER)

    @classmethod
    def expandable(cls):
        return list(rows.EXPANDED)


class ChangeRequestShape(Shape):
    """A request for a change. What it says is part of a record, and shown of one request at a time."""

    base = "change-requests"
    brief = ("code", "member", "item", "state", "url")
    member = MemberNamed(label=_("党员"))
    old = serializers.SerializerMethodField(label=_("现在"))
    new = serializers.SerializerMethodField(label=_("改为"))
    decided_by = serializers.StringRelatedField(allow_null=True, label=_("核对人"))
    has_evidence = serializers.BooleanField(label=_("有证明材料"))

    class Meta:
        model = ChangeRequest
        fields = (
            "code", "url", "member", "item", "old", "new", "note", "state", "asked_at", "decided_by", "closed_at",
            "reason", "has_evidence",
        )  # fmt: skip

    def get_old(self, request) -> str:
        return _value(request, request.old)

    def get_new(self, request) -> str:
        return _value(request, request.new)

    def hides(self, thing, user):
        return () if getattr(thing, "is_opened", False) else ("old", "new", "note", "reason")


class SubjectRequestShape(Shape):
    """A subject request. The words of it are shown of one request at a time."""

    base = "subject-requests"
    brief = ("code", "member", "kind", "state", "url")
    member = MemberNamed(label=_("党员"))
    words = serializers.CharField(label=_("申请内容"))
    answer = serializers.CharField(label=_("答复"))
    answered_by = serializers.StringRelatedField(allow_null=True, label=_("答复人"))

    class Meta:
        model = SubjectRequest
        fields = (
            "code", "url", "member", "kind", "words", "state", "asked_at", "due_on", "answer", "answered_by",
            "answered_at",
        )  # fmt: skip

    def hides(self, thing, user):
        return () if getattr(thing, "is_opened", False) else ("words", "answer")


class MergeShape(Shape):
    """Two records of one person made one. The absorbed one is read no more, and known by its code."""

    base = "merges"
    brief = ("uid", "kept", "absorbed", "url")
    kept = MemberNamed(label=_("保留的记录"))
    absorbed = serializers.CharField(source="absorbed.code", label=_("并入的记录"))
    merged_by = serializers.CharField(source="merged_by.name", label=_("经办"))

    class Meta:
        model = Merge
        fields = ("uid", "url", "kept", "absorbed", "reason", "merged_on", "merged_at", "merged_by", "undone_at")

    def key_of(self, thing):
        return str(thing.uid)


class InvitationShape(serializers.Serializer):
    """An invitation, shown this once to be handed on: who holds the address opens the account."""

    address = serializers.CharField(label=_("邀请链接"))
    mailed = serializers.CharField(label=_("邮件"))


class DoneShape(NameShape):
    version = serializers.IntegerField(label=_("版本"))


class ManyShape(serializers.Serializer):
    """What was done to many at once, in the order asked."""

    results = DoneShape(many=True)


class DecidedShape(serializers.Serializer):
    code = serializers.CharField(label=_("编号"))
    state = serializers.ChoiceField(label=_("状态"), choices=RequestState.choices)


class DecidedManyShape(serializers.Serializer):
    """What became of many requests, in the order asked."""

    results = DecidedShape(many=True)


def _value(request, text):
    """Codes as they are, an ID number masked."""
    return mask_id_number(text) if request.item == "id_number" else str(text)
