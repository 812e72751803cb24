"""What the deeds about companies share: locks, and the refusals that more than one of them makes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells import checks
from cells.choices import CellKind
from cells.credit_codes import check_credit_code
from cells.domain.tree import footing
from cells.models import Cell, Company
from core.errors import Refusal, Stale

SURVEYED_FIELDS = (
    "operating",
    "fixed_premises",
    "staff",
    "output",
    "members_known",
    "cover_cell",
    "formation_mode",
    "advisor",
    "has_liaison",
    "has_mass_organisation",
    "legal_representative_is_member",
)

CODE_ON_FILE = gettext_lazy("这个统一社会信用代码已经建档：%(name)s（%(code)s），由%(keeper)s归口管理。")
NAME_ON_FILE = gettext_lazy("这家企业已经建档：%(name)s（%(code)s），由%(keeper)s归口管理。")


def lock(companies: Sequence[Company]) -> dict[int, Company]:
    keys = {company.pk for company in companies}
    held = Company.objects.filter(pk__in=keys).select_related("keeper").select_for_update(of=("self",)).order_by("pk")
    return {company.pk: company for company in held}


def hold(cells: Sequence[Cell | None]) -> dict[int, Cell]:
    """The cells as they stand, kept from being dissolved meanwhile but not from other surveys."""
    keys = {cell.pk for cell in cells if cell is not None}
    return {cell.pk: cell for cell in Cell.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)}


def must_be_fresh(companies: dict[int, Company], versions: dict[int, int]) -> None:
    if any(versions.get(key, company.version) != company.version for key, company in companies.items()):
        raise Stale(_("别人刚刚修改过这家企业的档案，请核对后再保存。"))


def spelt_name(text: str, row: int) -> str:
    checked = checks.organisation_name(text)
    if checked.problems:
        raise Refusal(checked.problems[0], field="name", row=row)
    return checked.value


def spelt_code(text: str, row: int) -> str:
    if not text:
        return ""
    checked = check_credit_code(text)
    if checked.problems:
        raise Refusal(checked.problems[0], field="credit_code", row=row)
    return checked.value


def must_be_covering(facts: dict[str, Any], cells: dict[int, Cell], row: int) -> None:
    cell = facts.get("cover_cell")
    if cell is None:
        return
    footing.must_stand(cells[cell.pk], field="cover_cell", row=row)
    if cells[cell.pk].kind == CellKind.GROUP:
        raise Refusal(_("党小组不是一级党组织，请选择它所在的党支部。"), field="cover_cell", row=row)


def must_be_past(surveyed_on: date, on: date, row: int) -> None:
    if surveyed_on > on:
        words = {"day": on.isoformat(), "surveyed": surveyed_on.isoformat()}
        raise Refusal(_("摸排日期不能晚于 %(day)s，现在是 %(surveyed)s。") % words, field="surveyed_on", row=row)


def must_be_new(companies: Sequence[tuple[int, int | None, str, str]]) -> None:
    """Refuses a credit code already on file, and a name already on file unless both have codes, and these differ."""
    names, codes = {name for _row, _key, name, _code in companies}, {code for *_rest, code in companies if code}
    found = Company.objects.filter(Q(name__in=names) | Q(credit_code__in=codes), voided_at__isnull=True)
    on_file = list(found.exclude(pk__in=[key for _row, key, *_rest in companies if key]).select_related("keeper"))
    by_code = {one.credit_code: one for one in on_file if one.credit_code}
    by_name: dict[str, list[Company]] = {}
    for one in on_file:
        by_name.setdefault(one.name, []).append(one)
    seen: set[str] = set()
    for row, _key, name, code in companies:
        if code in by_code:
            raise Refusal(CODE_ON_FILE % _words(by_code[code]), field="credit_code", row=row)
        for twin in by_name.get(name, []):
            if not (code and twin.credit_code):
                raise Refusal(NAME_ON_FILE % _words(twin), field="name", row=row)
        if code in seen or (not code and name in seen):
            raise Refusal(
                _("这份名单里“%(name)s”出现了两次，请核对。") % {"name": name},
                field="credit_code" if code else "name",
                row=row,
            )
        seen |= {one for one in (code, name) if one}


def _words(company: Company) -> dict[str, str]:
    return {"name": company.name, "code": company.code, "keeper": str(company.keeper)}


def path_of(company: Company) -> str:
    return company.keeper.path
