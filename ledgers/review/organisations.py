"""党组织台账 under review: who stands under whom, what is new, what differs."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cells import checks
from cells.choices import CellKind, FormationMode
from cells.domain.tree import footing
from cells.models import Cell, Term
from cells.records import check_organisation
from core.crypto import blind_index
from core.errors import Refusal
from ledgers.columns import ORGANISATIONS
from ledgers.reading import Row
from ledgers.review.finding import Finding, shown
from ledgers.review.ground import Ground, key

# What correcting an organisation may change; kind and superior have deeds of their own.
CORRECTED = (
    "short_name",
    "formation_mode",
    "founded_on",
    "contact_name",
    "contact_phone",
    "units_text",
    "org_id_code",
    "org_path_code",
)
TERM = ("term_number", "term_from", "term_due")
# A name that begins so is a full one, and full names are not used twice.
FORMAL = "中共"


def review_organisations(rows: Sequence[Row], ground: Ground) -> list[Finding]:
    """Findings with ``values["superior"]`` a Cell, the place of another finding in this list, or None for the top."""
    findings = [_checked(row, ground.as_of) for row in rows]
    names = {text for finding in findings for text in _names(finding)}
    book = ground.cells_named(names)
    tree = _Tree(findings, book, ground)
    for place in range(len(findings)):
        tree.settle(place)
    _compare(findings)
    return findings


def _checked(row: Row, as_of: date) -> Finding:
    finding = Finding(row)
    written = finding.written(ORGANISATIONS)
    finding.take(check_organisation({"name": "", **written}, on=as_of), asked=written)
    name = finding.values.get("name")
    if name:
        finding.match = blind_index(key(name), field="ledgers.organisation")
    return finding


def _names(finding: Finding) -> list[str]:
    return [text for text in (finding.values.get("name"), finding.values.get("superior")) if text]


class _Tree:
    """The organisations of one file, each settled after its superior."""

    def __init__(self, findings: list[Finding], book: dict[str, list[Cell]], ground: Ground) -> None:
        self.findings, self.book, self.ground = findings, book, ground
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for place, finding in enumerate(findings):
            if finding.values.get("name"):
                self.by_name[key(finding.values["name"])].append(place)
        self.settled: set[int] = set()
        self.seats: dict[tuple[Any, str], int] = {}

    def settle(self, place: int) -> None:
        """Find superior and target of the row at ``place``; of those above it in the file first."""
        chain: list[int] = []
        while place not in self.settled:
            chain.append(place)
            above = self._row_above(place)
            if above is None or above in self.settled:
                break
            if above in chain:
                for one in chain[chain.index(above) :]:
                    self.findings[one].blame("superior", _("上级党组织绕成了一圈，请核对这几行的上级。"))
                break
            place = above
        for one in reversed(chain):
            self.settled.add(one)
            self._settle(self.findings[one], one)

    def _row_above(self, place: int) -> int | None:
        superior = self.findings[place].values.get("superior")
        rows = self.by_name.get(key(superior), []) if superior else []
        return rows[0] if len(rows) == 1 and rows[0] != place else None

    def _settle(self, finding: Finding, place: int) -> None:
        named = finding.values.get("superior", "")
        try:
            superior = self._superior(named, place)
        except Refusal as refusal:
            finding.blame_for(refusal, "superior")
            superior = None
        finding.values["superior"] = superior
        if finding.is_wrong and not finding.values.get("name"):
            return
        self._find_target(finding, superior, given=bool(named))
        self._refuse_twin(finding, place, superior)
        if finding.target is None and not finding.is_wrong:
            self._must_fit(finding, superior)

    def _superior(self, named: str, place: int) -> Cell | int | None:
        if not named:
            return self.ground.cell
        rows = self.by_name.get(key(named), [])
        if rows == [place]:
            raise Refusal(_("上级党组织不能是它自己，请核对。"))
        if len(rows) > 1:
            raise Refusal(
                _("这份台账里有 %(count)d 行叫“%(name)s”，请改写成全称。") % {"count": len(rows), "name": named}
            )
        if not rows:
            meant = self.ground.meant(named, self.book)
            return meant if isinstance(meant, Cell) else None
        above = self.findings[rows[0]]
        if isinstance(above.target, Cell):
            return above.target
        if above.is_wrong:
            raise Refusal(
                _("上级党组织“%(name)s”在第 %(row)d 行，那一行有误，须先改好。")
                % {"name": named, "row": above.row.number}
            )
        return rows[0]

    def _find_target(self, finding: Finding, superior: Cell | int | None, *, given: bool) -> None:
        """The organisation on record that this row is about. A full name is one organisation, wherever it stands."""
        name = finding.values["name"]
        known = [cell for cell in self.book.get(key(name), []) if key(cell.name) == key(name)]
        under = [cell for cell in known if isinstance(superior, Cell) and cell.parent_id == superior.pk]
        if not under and not given:
            under = known
        if under or not known:
            if len(under) > 1:
                finding.blame(
                    "name", _("有 %(count)d 个同名党组织，请填写上级党组织以便区分。") % {"count": len(under)}
                )
            finding.target = under[0] if len(under) == 1 else None
        elif name.startswith(FORMAL):
            words = {"name": name, "superior": known[0].parent or _("最上级"), "code": known[0].code}
            finding.blame(
                "superior",
                _("“%(name)s”（%(code)s）现在隶属%(superior)s；调整隶属请在它的页面办理划转，这里请按现状填写。")
                % words,
            )

    def _refuse_twin(self, finding: Finding, place: int, superior: Cell | int | None) -> None:
        seat = (superior.pk if isinstance(superior, Cell) else ("row", superior), key(finding.values["name"]))
        first = self.seats.setdefault(seat, place)
        if first != place:
            finding.blame("name", _("与第 %(row)d 行重复。") % {"row": self.findings[first].row.number})

    def _must_fit(self, finding: Finding, superior: Cell | int | None) -> None:
        kind = finding.values.get("kind")
        if not kind:
            for sentence in checks.kind("").problems:
                finding.blame("kind", sentence)
            return
        above = self.findings[superior].values.get("kind") if isinstance(superior, int) else None
        try:
            footing.must_fit(kind, superior.kind if isinstance(superior, Cell) else above, field="kind")
        except Refusal as refusal:
            finding.blame_for(refusal, "kind")


def _compare(findings: list[Finding]) -> None:
    """What would change of those on record. What has a deed of its own is not changed by a ledger."""
    standing = [finding for finding in findings if isinstance(finding.target, Cell)]
    terms: dict[int, list[Term]] = defaultdict(list)
    for term in Term.objects.standing().filter(cell__in=[finding.target.pk for finding in standing]):
        terms[term.cell_id].append(term)
    for finding in standing:
        cell, values = finding.target, finding.values
        if values.get("kind") and values["kind"] != cell.kind:
            words = {"now": cell.get_kind_display(), "written": CellKind(values["kind"]).label}
            finding.blame(
                "kind", _("现在是%(now)s，台账写作%(written)s；改设请在它的页面办理，这里请按现状填写。") % words
            )
        for name in CORRECTED:
            new = values.get(name)
            old = getattr(cell, name)
            if new not in (None, "") and str(new) != str(old or ""):
                finding.changes[name] = (told(name, old), told(name, new))
        _compare_term(finding, terms[cell.pk])


def _compare_term(finding: Finding, terms: list[Term]) -> None:
    begun = finding.values.get("term_from")
    if not begun or not finding.values.get("term_due"):
        return
    held = next((term for term in terms if term.holds(begun)), None)
    known = {
        "term_number": held.number if held else None,
        "term_from": held.starts_on if held else None,
        "term_due": held.due_on if held else None,
    }
    for name in TERM:
        if finding.values.get(name) is not None and finding.values[name] != known[name]:
            finding.changes[name] = (shown(known[name]), shown(finding.values[name]))


def told(name: str, value: Any) -> str:
    """An item as it stands in a ledger."""
    if name == "formation_mode" and value:
        return str(FormationMode(value).label)
    return shown(value)
