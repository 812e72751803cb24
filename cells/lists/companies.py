"""企业台账."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.changed import changed_since
from cells import formation
from cells.choices import Cover
from cells.filters import CompanyCriteria
from cells.models import Company
from core.lists.columns import Column, Kind, status
from core.lists.listing import Listing, Preset, register

MOST_CHANGES = 100
MOST_OFFERED = 200


def companies_within(user: Any, scope: Any) -> Any:
    companies = Company.objects.visible_to(user).filter(voided_at__isnull=True).with_facts()
    return companies.under(scope) if scope else companies


def company_changes(companies: Any, since: Any) -> int:
    return changed_since(companies, since)[:MOST_CHANGES].count()


def occurring(name: str) -> Any:
    """What stands in a column of the companies within reach."""

    def offered(user: Any, scope: Any) -> Any:
        known = companies_within(user, scope).exclude(**{name: ""})
        return known.order_by(name).values_list(name, flat=True).distinct()[:MOST_OFFERED]

    return offered


def standing_of(company: Any) -> tuple[str, str]:
    """How a company stands, from the facts fetched with it, as shape and words."""
    covered = {Cover.OWN: ("ok", _("单独组建")), Cover.JOINT: ("ok", _("联合组建"))}
    if company.cover_now in covered:
        return covered[company.cover_now]
    if company.operating_now is False:
        return "none", _("未实体运营")
    if (company.members_now or 0) >= formation.ENOUGH_MEMBERS:
        return "late", _("应建未建")
    return ("none", _("未覆盖")) if company.operating_now else ("none", _("尚未摸排"))


COMPANIES = Listing(
    name="cells.companies",
    title=gettext_lazy("企业台账"),
    thing=gettext_lazy("企业"),
    noun=gettext_lazy("家企业"),
    url_name="cells:companies",
    api_scope="companies",
    reach=companies_within,
    criteria=CompanyCriteria,
    dress=lambda companies: companies.with_fact_values().select_related("keeper", "cover_cell"),
    order="name",
    code=lambda company: company.code,
    link=Company.get_absolute_url,
    changes=company_changes,
    find=gettext_lazy("名称、首字母、编号、信用代码"),
    offers={name: occurring(name) for name in ("district", "park", "line_of_business")},
    columns=(
        Column(
            key="name", label=gettext_lazy("企业名称"), value=str, kind=Kind.WHO, sort=("name_pinyin",),
            link=Company.get_absolute_url,
        ),
        Column(key="code", label=gettext_lazy("编号"), value=lambda company: company.code, kind=Kind.CODE),
        Column(
            key="district", label=gettext_lazy("县市区"), value=lambda company: company.district, kind=Kind.SHORT,
            sort=("district", "name_pinyin"),
        ),
        Column(key="park", label=gettext_lazy("园区"), value=lambda company: company.park, kind=Kind.SHORT),
        Column(
            key="staff", label=gettext_lazy("职工"), value=lambda company: company.staff_now, kind=Kind.NUMBER,
            sort=("staff_now",),
        ),
        Column(
            key="members", label=gettext_lazy("已知党员"), value=lambda company: company.members_now,
            kind=Kind.NUMBER, sort=("members_now",),
        ),
        Column(
            key="cover", label=gettext_lazy("覆盖"), value=lambda company: standing_of(company)[1],
            shown=lambda company: status(*standing_of(company)), kind=Kind.SHORT,
        ),
        Column(
            key="cover_cell", label=gettext_lazy("所属党组织"), value=lambda company: str(company.cover_cell or ""),
            kind=Kind.SHORT, api_scope="cells",
        ),
        Column(
            key="keeper", label=gettext_lazy("归口党组织"), value=lambda company: str(company.keeper or ""),
            kind=Kind.SHORT, optional=True, api_scope="cells",
        ),
        Column(
            key="credit_code", label=gettext_lazy("统一社会信用代码"), value=lambda company: company.credit_code,
            kind=Kind.CODE, optional=True,
        ),
        Column(
            key="business", label=gettext_lazy("行业类别"), value=lambda company: company.line_of_business,
            optional=True,
        ),
    ),
    presets=(
        Preset(words=gettext_lazy("已覆盖"), name="cover", value="covered"),
        Preset(words=gettext_lazy("未覆盖"), name="cover", value="none"),
        Preset(words=gettext_lazy("应建未建"), name="gap", value="1"),
        Preset(words=gettext_lazy("未实体运营"), name="operating", value="no"),
    ),
)  # fmt: skip

register(COMPANIES)
