"""党员名册 under review: who is meant, where they belong, what differs."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from cells.models import Cell, Company
from core.actors import SYSTEM
from core.errors import Refusal
from ledgers.columns import MEMBERS
from ledgers.reading import Row
from ledgers.review.finding import Finding, shown
from ledgers.review.ground import Ground, Planned
from members import rules
from members.checks import CODED, check_answers
from members.choices import Standing
from members.domain import lines
from members.domain.roster import CORRECTABLE, ITEMS, already_on_record
from members.id_numbers import check_id_number
from members.models import Member, Membership
from members.querysets import id_number_index

# Nobody is put on a roster who is no longer in the Party.
GONE = (Standing.LEFT, Standing.DECEASED)


def review_members(rows: Sequence[Row], ground: Ground) -> list[Finding]:
    """Findings with ``values["cell"]`` a Cell or one planned in the import, the rest as ``enrol_many`` takes it."""
    findings = [Finding(row) for row in rows]
    written = [finding.written(MEMBERS) for finding in findings]
    _find_people(findings, written)
    _find_cells(findings, written, ground)
    _find_employers(findings, written, ground)
    for finding, answers in zip(findings, written, strict=True):
        _check(finding, answers, ground)
        _refuse_twin(finding, ground)
    _place(findings, ground)
    return findings


def _find_people(findings: list[Finding], written: list[dict[str, Any]]) -> None:
    """Those on record, by ID number: whoever they are, wherever they belong."""
    for finding, answers in zip(findings, written, strict=True):
        number = check_id_number(answers["id_number"], legacy=True) if "id_number" in answers else None
        if number and not number.problems:
            finding.match = id_number_index(number.value)
    indexes = {finding.match for finding in findings if finding.match}
    on_record = Member.objects.with_number_among(indexes).select_related("employer")
    known = {member.id_number_index: member for member in on_record}
    for finding in findings:
        finding.target = known.get(finding.match)


def _find_cells(findings: list[Finding], written: list[dict[str, Any]], ground: Ground) -> None:
    book = ground.cells_named({str(text) for answers in written if (text := answers.get("cell"))})
    for finding, answers in zip(findings, written, strict=True):
        text = str(answers.pop("cell", ""))
        if not text and (finding.target is not None or "cell" in finding.barred):
            continue
        try:
            cell = ground.meant(text, book) if text else ground.cell
            if cell is None:
                raise Refusal(_("请填写所在党支部。"))
            lines.require_a_home(_as_home(cell))
            finding.values["cell"] = cell
        except Refusal as refusal:
            finding.blame("cell", str(refusal.message))


def _as_home(cell: Cell | Planned) -> Any:
    """A planned organisation, as the rule about where members belong asks of one on record."""
    return cell if isinstance(cell, Cell) else SimpleNamespace(kind=cell.kind, dissolved_on=None)


def _find_employers(findings: list[Finding], written: list[dict[str, Any]], ground: Ground) -> None:
    """工作单位 links a company on file; anything else stays text."""
    names = {" ".join(str(text).split()) for answers in written if (text := answers.get("employer"))}
    on_file = Company.objects.filter(name__in=names, voided_at__isnull=True)
    if names and ground.by is not SYSTEM:
        on_file = on_file.filter(pk__in=Company.objects.visible_to(ground.by).values("pk"))
    known = {company.name: company for company in on_file} if names else {}
    for answers in written:
        text = " ".join(str(answers.pop("employer", "")).split())
        if text in known:
            answers["employer"] = known[text]
        elif text:
            answers["employer_text"] = text


def _check(finding: Finding, answers: dict[str, Any], ground: Ground) -> None:
    member = finding.target
    if member is None:
        required = {name: answers.get(name, "") for name in ("name", "id_number", "category")}
        record = check_answers({**required, **answers}, on=ground.as_of, legacy=True)
        finding.checked = record
        finding.take(record.cells, asked=answers)
        if finding.values.get("standing") in GONE:
            finding.blame("standing", _("已出党或去世的人员不入名册，请删去这一行。"))
        return
    # The number found the person: it says nothing new, and is no occasion to blame what was recorded before.
    answers.pop("id_number", None)
    known = {item: getattr(member, item) for item in ITEMS}
    record = check_answers(answers, on=ground.as_of, known=known, legacy=True)
    finding.take(record.cells, asked=answers)
    standing = finding.values.pop("standing", member.standing)
    if standing != member.standing:
        words = {"now": member.get_standing_display(), "written": Standing(standing).label}
        finding.blame("standing", _("现在是“%(now)s”，台账写作“%(written)s”；党籍状态请在党员卡片上办理。") % words)
    for item in CORRECTABLE:
        if item in finding.values and item != "id_kind" and finding.values[item] != known[item]:
            column = "employer" if item == "employer_text" else item
            finding.changes[column] = (told(item, known[item]), told(item, finding.values[item]))


def _refuse_twin(finding: Finding, ground: Ground) -> None:
    first = ground.first_met(finding.match, finding.row.number) if finding.match else None
    if first is not None:
        finding.blame("id_number", _("与第 %(row)d 行的证件号码相同，同一个人只填一行。") % {"row": first})


def _place(findings: list[Finding], ground: Ground) -> None:
    """Where those on record belong now. Only whoever keeps both rosters may move somebody by a ledger.

    Whoever asks for the review notes whom it ``tells`` of, as enrolling them by hand would be noted.
    """
    on_record = [finding for finding in findings if isinstance(finding.target, Member)]
    latest = Membership.objects.filter(member__in=[finding.target.pk for finding in on_record]).latest_of_each()
    places = {place.member_id: place for place in latest.select_related("cell")}
    kept = _kept({place.cell for place in places.values()}, ground)
    for finding in on_record:
        finding.target.place = places[finding.target.pk]
    for finding in on_record:
        place, cell = finding.target.place, finding.values.get("cell")
        if place.cell.pk not in kept:
            finding.remarks = [remark for remark in finding.remarks if remark.field == "id_number"]
            finding.changes.clear()
            finding.tells = True
            finding.blame("id_number", already_on_record(finding.target, ground.by))
        elif cell is not None and (isinstance(cell, Planned) or cell.pk != place.cell_id):
            if not finding.target.is_active:
                finding.blame("cell", already_on_record(finding.target, ground.by))
            finding.changes["cell"] = (place.cell.name, cell.name)
        if finding.changes and ground.by.pk is not None and finding.target.user_id == ground.by.pk:
            finding.changes.clear()
            finding.blame("id_number", str(lines.OWN_RECORD))


def _kept(cells: Iterable[Cell], ground: Ground) -> set[int]:
    return {cell.pk for cell in cells if rules.KEEP_ROSTER.allows_all(ground.by, [cell])}


def told(item: str, value: Any) -> str:
    """An item as it stands in a ledger."""
    if item in CODED and value:
        return CODED[item].label(value)
    return shown(value)
