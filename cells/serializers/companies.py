"""Companies, whom to call in them, and who looks after them."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from cells import checks
from cells.choices import FormationMode
from cells.credit_codes import check_credit_code
from cells.domain.people import advisors_for
from cells.models import Assignment, Company, CompanyFact, Contact
from cells.reach import seen_cells, seen_companies
from cells.serializers.cells import Phone
from core.masks import mask_mobile
from core.names import NAME_LIMIT
from core.rest.answers import Amount, Answers, Choice, Code, Count, Day, Optional, Read, Text, YesNo
from core.rest.shapes import Masked, Reference, Shape

CELL = "cells.serializers.cells.CellShape"
COMPANY = "cells.serializers.companies.CompanyShape"


class FactShape(serializers.ModelSerializer):
    """What the last survey found. The output is in yuan."""

    class Meta:
        model = CompanyFact
        fields = (
            "operating", "fixed_premises", "staff", "output", "members_known", "cover", "formation_mode", "advisor",
            "has_liaison", "has_mass_organisation", "legal_representative_is_member",
        )  # fmt: skip
        read_only_fields = fields

    def get_attribute(self, company):
        """The survey in force; None where there was none."""
        return company.present[0] if company.present else None


class CompanyShape(Shape):
    base = "companies"
    keeper = Reference(CELL, among=seen_cells, label=_("归口党组织"))
    cover_cell = Reference(CELL, among=seen_cells, label=_("所属党组织"))
    now = FactShape(label=_("现状"), allow_null=True, read_only=True)

    class Meta:
        model = Company
        fields = (
            "code", "url", "name", "credit_code", "district", "park", "line_of_business", "keeper", "cover_cell", "now",
            "version",
        )  # fmt: skip

    @classmethod
    def fetched(cls, found):
        return found.prefetch_related(Prefetch("facts", CompanyFact.objects.current(), to_attr="present"))


class ContactShape(Shape):
    base = "contacts"
    scope = "companies"
    brief = ("uid", "name", "url")
    company = Reference(COMPANY, among=seen_companies, label=_("企业"))
    phone = Masked(mask=mask_mobile, label=_("电话"))

    class Meta:
        model = Contact
        fields = ("uid", "url", "company", "name", "post", "phone")

    def key_of(self, thing):
        return str(thing.uid)


class PersonBrief(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("code", "name")
        read_only_fields = fields


class AssignmentShape(Shape):
    base = "assignments"
    scope = "companies"
    brief = ("id", "url")
    id = serializers.SerializerMethodField(label=_("编号"))
    company = Reference(COMPANY, among=seen_companies, label=_("企业"))
    advisor = PersonBrief(label=_("党建工作指导员"))
    assigned_on = serializers.DateField(source="starts_on", label=_("联系日期"))
    ended_on = serializers.DateField(source="ends_on", allow_null=True, label=_("结束日期"))

    class Meta:
        model = Assignment
        fields = ("id", "url", "company", "advisor", "assigned_on", "ended_on", "end_reason")

    def get_id(self, row) -> str:
        return self.key_of(row)

    def key_of(self, thing):
        return f"{thing.company.code}.{thing.advisor.code}.{thing.starts_on}"


class _File(Answers):
    """What a file says that surveys do not."""

    name = Text(label=_("企业名称"), max_length=checks.NAME_LIMIT)
    credit_code = Read(check_credit_code, label=_("统一社会信用代码"), required=False, nothing="")
    district = Optional(label=_("县市区"), max_length=40)
    park = Optional(label=_("园区"), max_length=60)
    line_of_business = Optional(label=_("行业类别"), max_length=60)
    keeper = Code(seen_cells, label=_("归口党组织"))


class _Survey(Answers):
    """What a survey finds. The output is told in yuan."""

    operating = serializers.BooleanField(label=_("实体运营"), required=False)
    fixed_premises = YesNo(label=_("有无固定场所"))
    staff = Count(label=_("职工人数"), required=False, allow_null=True)
    output = Amount(
        label=_("年产值（元）"), max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    members_known = Count(label=_("已知党员数"), required=False, allow_null=True)
    legal_representative_is_member = YesNo(label=_("法定代表人是否党员"))
    cover_cell = Code(seen_cells, label=_("所属党组织"), required=False, allow_null=True)
    formation_mode = Choice(FormationMode, label=_("组建方式"), required=False, allow_blank=True)
    advisor = Optional(label=_("党建工作指导员"), max_length=50)
    has_liaison = serializers.BooleanField(label=_("有党建联络员"), required=False)
    has_mass_organisation = serializers.BooleanField(label=_("建有工会或共青团组织"), required=False)


class RegisterAnswers(_File, _Survey):
    surveyed_on = Day(label=_("摸排日期"), past=True, required=False, allow_null=True)


class CorrectCompanyAnswers(_File):
    pass


class SurveyAnswers(_Survey):
    surveyed_on = Day(label=_("摸排日期"), past=True)


class ContactAnswers(Answers):
    """One more contact; its company is among the answers."""

    company = Code(seen_companies, label=_("企业"))
    name = Text(label=_("姓名"), max_length=NAME_LIMIT)
    post = Optional(label=_("职务"), max_length=50)
    phone = Phone(label=_("电话"))


class CorrectContactAnswers(Answers):
    name = Text(label=_("姓名"), max_length=NAME_LIMIT)
    post = Optional(label=_("职务"), max_length=50)
    phone = Phone(label=_("电话"))


def advisors_today(user):
    return advisors_for(user, timezone.localdate())


class AssignAnswers(Answers):
    company = Code(seen_companies, label=_("企业"))
    advisor = Code(advisors_today, label=_("党建工作指导员"))
    assigned_on = Day(label=_("联系日期"), past=True)


class EndAssignmentAnswers(Answers):
    reason = Text(label=_("结束原因"), max_length=200)
    ended_on = Day(label=_("结束日期"), past=True)
