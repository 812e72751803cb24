"""Which of the five ways to form an organisation suits a company: a suggestion with its reason, never a verdict."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.choices import Cover, FormationMode
from cells.models import Company, CompanyFact

# CONST Art 30 and BR2018 Art 4; the size from which a company is expected to have members (THR-01, THR-02).
ENOUGH_MEMBERS = 3
LARGE = 50
# The deed by which the next step of a company begins.
SURVEY, FOUND, ASSIGN = "survey", "found", "assign"


@dataclass(frozen=True)
class Way:
    """One of the five ways, what speaks for it, and whether it is the one suggested."""

    mode: FormationMode
    reason: str
    best: bool = False


@dataclass(frozen=True)
class Neighbours:
    """The uncovered companies beside one in which one or two full members are known, and how many together."""

    companies: int = 0
    members: int = 0


@dataclass(frozen=True)
class Suggestion:
    """The way that suits best, what speaks for it, and the article or custom it rests on."""

    mode: FormationMode
    reason: str
    source: str


@dataclass(frozen=True)
class Standing:
    """Where a company stands: shape and word, the reason, what to do next and the deed that begins it."""

    status: str
    words: str
    reason: str
    next_step: str = ""
    act: str = ""


def standing(company: Company, fact: CompanyFact | None, full: int) -> Standing:
    """COV-01 and COV-06 of one company; ``full`` are the full members known or employed there."""
    if fact is None:
        return Standing("none", _("尚未摸排"), _("还没有一次摸排记录"), _("登记摸排"), SURVEY)
    if not fact.operating:
        return Standing("none", _("未实体运营"), _("不计入覆盖率"))
    if fact.cover == Cover.OWN:
        return Standing("ok", _("单独组建"), str(company.cover_cell))
    if fact.cover == Cover.JOINT:
        return Standing("ok", _("联合组建"), str(company.cover_cell))
    if full >= ENOUGH_MEMBERS:
        reason = _("已掌握党员 %(count)d 名，尚无党组织") % {"count": full}
        return Standing("late", _("应建未建"), reason, _("与企业商定组建，由上级党委批复成立党支部"), FOUND)
    if fact.advisor or fact.has_liaison or fact.has_mass_organisation:
        reason = _("有指导员、联络员或群团组织，尚无党组织")
        return Standing("soon", _("工作覆盖"), reason, _("继续摸排党员，条件成熟时组建"), SURVEY)
    if fact.members_known is None:
        return Standing("none", _("未覆盖"), _("党员人数不详"), _("摸清党员人数"), SURVEY)
    step = _("选派党建工作指导员，或并入邻近的联合党支部")
    return Standing("none", _("未覆盖"), _("党员不足 3 名"), step, ASSIGN)


def suggest(
    full: int,
    *,
    staff: int,
    neighbours: Neighbours,
    large: int = LARGE,
    advisor: str = "",
    has_mass_organisation: bool = False,
) -> Suggestion:
    """How to form an organisation in an operating, uncovered company in which ``full`` full members are known.

    Three form a branch of their own; one or two join those beside them if together they are three (BR2018 Art 4). Where
    neither will do, what can be done towards it: an advisor, a union to build on, members to be taken on.
    """
    known = _("已掌握正式党员 %(count)d 名") % {"count": full}
    if full >= ENOUGH_MEMBERS:
        return Suggestion(
            FormationMode.INDEPENDENT,
            _("%(known)s，已达 3 名") % {"known": known},
            _("党章第三十条、支部工作条例第四条"),
        )
    together = full + neighbours.members
    if full and together >= ENOUGH_MEMBERS:
        reason = ngettext(
            "%(known)s，与邻近 %(companies)d 家合计 %(together)d 名",
            "%(known)s，与邻近 %(companies)d 家合计 %(together)d 名",
            neighbours.companies,
        )
        words = {"known": known, "companies": neighbours.companies, "together": together}
        return Suggestion(FormationMode.JOINT, reason % words, _("支部工作条例第四条"))
    if has_mass_organisation and not full:
        return Suggestion(FormationMode.LED, _("没有掌握正式党员，已建工会或共青团组织"), _("两个覆盖口径：工作覆盖"))
    if advisor and not full and staff >= large:
        reason = _("没有掌握正式党员，已有指导员，职工 %(count)d 人") % {"count": staff}
        return Suggestion(FormationMode.RECRUITED, reason, _("推进口径：职工达到一定规模的企业一般建有党组织"))
    reason = _("%(known)s，与邻近企业合计仍不足 3 名") % {"known": known} if full else _("没有掌握正式党员")
    return Suggestion(FormationMode.DISPATCHED, reason, _("两个覆盖口径：工作覆盖"))


def ways(company: Company, fact: CompanyFact | None, full: int, neighbours: Neighbours) -> list[Way]:
    """The five ways in their order, what speaks for or against each, and which one ``suggest`` prefers."""
    if fact is None or not fact.operating or fact.cover != Cover.NONE:
        chosen = fact.formation_mode if fact else ""
        reasons = {mode: _("现用此方式") if mode == chosen else _("不需要") for mode in FormationMode}
        return [Way(mode, reasons[mode], best=mode == chosen) for mode in FormationMode]
    staff = fact.staff or 0
    reasons = {
        FormationMode.INDEPENDENT: _("已掌握党员 %(count)d 名，已达 3 名") % {"count": full}
        if full >= ENOUGH_MEMBERS
        else _("已掌握党员 %(count)d 名，不足 3 名") % {"count": full},
        FormationMode.JOINT: _("邻近还有 %(count)d 家有党员而未覆盖") % {"count": neighbours.companies}
        if neighbours.companies
        else _("邻近没有可联合的企业"),
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
    best = suggest(
        full,
        staff=staff,
        neighbours=neighbours,
        advisor=fact.advisor,
        has_mass_organisation=fact.has_mass_organisation,
    ).mode
    return [Way(mode, reasons[mode], best=mode == best) for mode in FormationMode]
