"""Which of the five ways to form an organisation suits a company: a suggestion with its reason, never a verdict."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cells.choices import Cover, FormationMode
from cells.models import Company, CompanyFact

# CONST Art 30 and BR2018 Art 4; the size from which a company is expected to have members (THR-01, THR-02).
ENOUGH_MEMBERS = 3
LARGE = 50


@dataclass(frozen=True)
class Way:
    """One of the five ways, what speaks for it, and whether it is the one suggested."""

    mode: FormationMode
    reason: str
    best: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a company stands: shape and word, the reason, and what to do next."""

    status: str
    words: str
    reason: str
    next_step: str = ""


def standing(company: Company, fact: CompanyFact | None, full: int) -> Standing:
    """COV-01 and COV-06 of one company; ``full`` are the full members known or employed there."""
    if fact is None:
        return Standing("none", _("尚未摸排"), _("还没有一次摸排记录"), _("登记摸排"))
    if not fact.operating:
        return Standing("none", _("未实体运营"), _("不计入覆盖率"))
    if fact.cover == Cover.OWN:
        return Standing("ok", _("单独组建"), str(company.cover_cell))
    if fact.cover == Cover.JOINT:
        return Standing("ok", _("联合组建"), str(company.cover_cell))
    if full >= ENOUGH_MEMBERS:
        reason = _("已掌握党员 %(count)d 名，尚无党组织") % {"count": full}
        return Standing("late", _("应建未建"), reason, _("与企业商定组建，由上级党委批复成立党支部"))
    if fact.advisor or fact.has_liaison or fact.has_mass_organisation:
        return Standing(
            "soon", _("工作覆盖"), _("有指导员、联络员或群团组织，尚无党组织"), _("继续摸排党员，条件成熟时组建")
        )
    if fact.members_known is None:
        return Standing("none", _("未覆盖"), _("党员人数不详"), _("摸清党员人数"))
    return Standing("none", _("未覆盖"), _("党员不足 3 名"), _("选派党建工作指导员，或并入邻近的联合党支部"))


def ways(company: Company, fact: CompanyFact | None, full: int, neighbours: int) -> list[Way]:
    """The five ways in their order. ``neighbours`` are uncovered companies with members in the same park."""
    if fact is None or not fact.operating or fact.cover != Cover.NONE:
        chosen = fact.formation_mode if fact else ""
        reasons = {mode: _("现用此方式") if mode == chosen else _("不需要") for mode in FormationMode}
        return [Way(mode, reasons[mode], best=mode == chosen) for mode in FormationMode]
    staff = fact.staff or 0
    reasons = {
        FormationMode.INDEPENDENT: _("已掌握党员 %(count)d 名，已达 3 名") % {"count": full}
        if full >= ENOUGH_MEMBERS
        else _("已掌握党员 %(count)d 名，不足 3 名") % {"count": full},
        FormationMode.JOINT: _("同园区还有 %(count)d 家有党员而未覆盖，可联合") % {"count": neighbours}
        if neighbours
        else _("同园区没有可联合的企业"),
        FormationMode.DISPATCHED: _("已有指导员%(name)s") % {"name": fact.advisor}
        if fact.advisor
        else _("可选派党建工作指导员"),
        FormationMode.RECRUITED: _("职工 %(count)d 人，可引导招用党员") % {"count": staff}
        if not full
        else _("已有党员，暂不需要"),
        FormationMode.LED: _("已建工会或共青团组织，可由群团带动")
        if fact.has_mass_organisation
        else _("尚无工会或共青团组织"),
    }
    best = _best(fact, full, neighbours, staff)
    return [Way(mode, reasons[mode], best=mode == best) for mode in FormationMode]


def _best(fact: CompanyFact, full: int, neighbours: int, staff: int) -> FormationMode:
    if full >= ENOUGH_MEMBERS:
        return FormationMode.INDEPENDENT
    if full and neighbours:
        return FormationMode.JOINT
    if fact.has_mass_organisation and not full:
        return FormationMode.LED
    return FormationMode.RECRUITED if staff >= LARGE and not full and fact.advisor else FormationMode.DISPATCHED
