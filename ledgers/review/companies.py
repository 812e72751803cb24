"""企业台账 under review: which company is meant, what the survey adds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cells.choices import CellKind, FormationMode
from cells.models import Cell, Company, CompanyFact
from cells.records import check_company
from core.actors import SYSTEM
from core.crypto import blind_index
from core.errors import Refusal
from ledgers.columns import COMPANIES
from ledgers.reading import Row
from ledgers.review.finding import Finding, shown
from ledgers.review.ground import Ground, Planned, key

CORRECTED = ("name", "credit_code", "district", "park", "line_of_business")
SURVEYED = (
    "staff",
    "output",
    "operating",
    "fixed_premises",
    "members_known",
    "cover_cell",
    "formation_mode",
    "advisor",
    "has_liaison",
    "has_mass_organisation",
    "legal_representative_is_member",
)


def review_companies(rows: Sequence[Row], ground: Ground) -> list[Finding]:
    """Findings with ``values["cover_cell"]`` a Cell, an organisation planned in the same import, or None."""
    findings = [_checked(row, ground.as_of) for row in rows]
    _find_cover(findings, ground)
    _find_targets(findings, ground)
    _refuse_twins(findings, ground)
    _compare(findings, ground.as_of)
    return findings


def _checked(row: Row, as_of: date) -> Finding:
    finding = Finding(row)
    written = finding.written(COMPANIES)
    finding.take(check_company({"name": "", **written}, on=as_of), asked=written)
    known_by = finding.values.get("credit_code") or key(finding.values.get("name") or "")
    if known_by:
        finding.match = blind_index(known_by, field="ledgers.company")
    return finding


def _find_cover(findings: list[Finding], ground: Ground) -> None:
    named = {text for finding in findings if (text := finding.values.get("cover_cell"))}
    book = ground.cells_named(named)
    for finding in findings:
        text = finding.values.pop("cover_cell", "")
        if not text:
            continue
        try:
            cell = ground.meant(text, book)
            if cell.kind == CellKind.GROUP:
                raise Refusal(_("党小组不是一级党组织，请填写它所在的党支部。"))
            finding.values["cover_cell"] = cell
        except Refusal as refusal:
            finding.blame("cover_cell", str(refusal.message))


def _find_targets(findings: list[Finding], ground: Ground) -> None:
    """By credit code; by name where one of the two has no code."""
    codes = {code for finding in findings if (code := finding.values.get("credit_code"))}
    names = {name for finding in findings if (name := finding.values.get("name"))}
    on_file = Company.objects.filter(Q(credit_code__in=codes) | Q(name__in=names), voided_at__isnull=True)
    found = list(on_file.select_related("keeper", "cover_cell").order_by("pk"))
    seen = (
        found if ground.by is SYSTEM else Company.objects.visible_to(ground.by).filter(pk__in=[one.pk for one in found])
    )
    reached = {company.pk for company in seen}
    by_code = {company.credit_code: company for company in found if company.credit_code}
    by_name: dict[str, list[Company]] = {}
    for company in found:
        by_name.setdefault(company.name, []).append(company)
    for finding in findings:
        code, name = finding.values.get("credit_code", ""), finding.values.get("name", "")
        twins = [one for one in by_name.get(name, []) if not (code and one.credit_code)]
        target = by_code.get(code) or (twins[0] if twins else None)
        if target is None:
            continue
        if target.pk not in reached:
            finding.blame(
                "credit_code" if code else "name", _("这家企业已由另一个党组织建档，请联系协会党委工作人员。")
            )
        else:
            finding.target = target


def _refuse_twins(findings: list[Finding], ground: Ground) -> None:
    for finding in findings:
        first = ground.first_met(finding.match, finding.row.number) if finding.match else None
        if first is not None:
            field = "credit_code" if finding.values.get("credit_code") else "name"
            finding.blame(field, _("与第 %(row)d 行重复。") % {"row": first})


def _compare(findings: list[Finding], as_of: date) -> None:
    on_file = [finding for finding in findings if isinstance(finding.target, Company)]
    facts: dict[int, list[CompanyFact]] = {}
    standing = CompanyFact.objects.standing().filter(company__in=[finding.target.pk for finding in on_file])
    for fact in standing.select_related("cover_cell"):
        facts.setdefault(fact.company_id, []).append(fact)
    for finding in on_file:
        for name in CORRECTED:
            old, new = getattr(finding.target, name), finding.values.get(name)
            if new not in (None, "") and new != old:
                finding.changes[name] = (shown(old), shown(new))
        day = finding.values.get("surveyed_on") or as_of
        held = next((fact for fact in facts.get(finding.target.pk, []) if fact.holds(day)), None)
        for name, new in surveyed(finding.values).items():
            old = getattr(held, name, None)
            if _differs(old, new):
                finding.changes[name] = (told(name, old), told(name, new))


def surveyed(values: dict[str, Any]) -> dict[str, Any]:
    """What a row says of the survey; blank cells say nothing."""
    return {name: values[name] for name in SURVEYED if values.get(name) not in (None, "")}


def _differs(old: Any, new: Any) -> bool:
    if isinstance(new, Planned):
        return True
    if isinstance(new, Cell):
        return old is None or old.pk != new.pk
    return bool(old != new)


def told(name: str, value: Any) -> str:
    """An item as it stands in a ledger."""
    if name == "formation_mode" and value:
        return str(FormationMode(value).label)
    if isinstance(value, Cell | Planned):
        return value.name
    return shown(value)
