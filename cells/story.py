"""What a company's page tells from its facts: the turns it took, its staff over time, who works there."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.choices import Cover
from cells.formation import ENOUGH_MEMBERS
from cells.models import Company, CompanyFact

BARS = 8
TALLEST = 84
BASE = 108
STEP = 52
# What is told of a change, in this order.
TOLD = ("operating", "cover", "cover_cell", "keeper", "staff", "output", "members_known", "advisor", "formation_mode")


def events(facts: list[CompanyFact], on: date) -> list[dict[str, Any]]:
    """The facts of a company, newest first, as ``_timeline.html`` shows them: each turn and what it changed."""
    told = []
    for place, fact in enumerate(facts):
        before = facts[place + 1] if place + 1 < len(facts) else None
        until = fact.ends_on or on
        told.append(
            {
                "words": _turn(before, fact),
                "note": str(fact.cover_cell or ""),
                "said": _("；").join(_differences(before, fact)),
                "on": fact.starts_on,
                "elapsed": _elapsed((until - fact.starts_on).days),
                "state": "now" if place == 0 and fact.ends_on is None else "",
            }
        )
    return told


def _elapsed(days: int) -> str:
    """How long something held, as people say it."""
    if days < 60:
        return ngettext("%(days)d 天", "%(days)d 天", days) % {"days": days}
    if days < 730:
        months = days // 30
        return ngettext("%(months)d 个月", "%(months)d 个月", months) % {"months": months}
    years = days // 365
    return ngettext("%(years)d 年", "%(years)d 年", years) % {"years": years}


def _turn(before: CompanyFact | None, fact: CompanyFact) -> str:
    if before is None:
        return _("首次摸排")
    if before.cover == Cover.NONE and fact.cover != Cover.NONE:
        return _("建立党组织") if fact.cover == Cover.OWN else _("并入联合党支部")
    if before.cover != Cover.NONE and fact.cover == Cover.NONE:
        return _("不再覆盖")
    if before.operating and not fact.operating:
        return _("停止实体运营")
    if (before.members_known or 0) < ENOUGH_MEMBERS <= (fact.members_known or 0) and fact.cover == Cover.NONE:
        return _("列入应建未建")
    if before.keeper_id != fact.keeper_id:
        return _("变更归口党组织")
    return _("摸排更新")


def _differences(before: CompanyFact | None, fact: CompanyFact) -> list[str]:
    said = []
    for name in TOLD:
        old, new = (getattr(one, name, None) for one in (before, fact))
        # The first survey tells what was found; that the company operates goes without saying.
        if old == new or (before is None and new in (None, "", True, Cover.NONE)):
            continue
        words = {"label": CompanyFact._meta.get_field(name).verbose_name, "new": _shown(fact, name)}
        if name in ("cover", "keeper"):
            words["label"] = _("覆盖") if name == "cover" else _("归口")
        if before is None or old in (None, ""):
            said.append(_("%(label)s %(new)s") % words)
        else:
            said.append(_("%(label)s %(old)s → %(new)s") % (words | {"old": _shown(before, name)}))
    return said


def _shown(fact: CompanyFact, name: str) -> str:
    value = getattr(fact, name)
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "output":
        return _("%(output)s 万元") % {"output": fact.output_in_wan}
    display = getattr(fact, f"get_{name}_display", None)
    return str(display() if display else value)


def staff_bars(facts: list[CompanyFact]) -> list[dict[str, Any]]:
    """Bars of the staff over the last surveys, ready for an SVG 460 wide; nothing where fewer than two are known."""
    known = [fact for fact in reversed(facts) if fact.staff is not None]
    changed = [fact for place, fact in enumerate(known) if place == 0 or fact.staff != known[place - 1].staff][-BARS:]
    if len(changed) < 2:
        return []
    most = max(fact.staff or 0 for fact in changed) or 1
    return [
        {
            "x": 8 + place * STEP,
            "middle": 8 + place * STEP + 15,
            "y": round(BASE - TALLEST * (fact.staff or 0) / most, 1),
            "height": round(TALLEST * (fact.staff or 0) / most, 1),
            "above": round(BASE - TALLEST * (fact.staff or 0) / most - 6, 1),
            "staff": fact.staff,
            "on": fact.starts_on,
            "last": place == len(changed) - 1,
        }
        for place, fact in enumerate(changed)
    ]


def members_employed(company: Company) -> dict[str, int]:
    """Members on the rolls who work here, counted through their own relation: members are an app above this one."""
    employed: Any = Company._meta.get_field("members").related_model
    on_roll = employed.objects.on_record().filter(employer=company, standing="normal")
    return on_roll.aggregate(
        full=Count("pk", filter=Q(category="full")), probationary=Count("pk", filter=Q(category="probationary"))
    )


def neighbours(company: Company) -> int:
    """Uncovered companies in the same park that have members: with them a joint branch could be formed."""
    if not company.park:
        return 0
    beside = Company.objects.filter(park=company.park, district=company.district, voided_at__isnull=True)
    open_to_it = Q(now__operating=True, now__cover=Cover.NONE, now__members_known__gt=0)
    return beside.exclude(pk=company.pk).with_facts().filter(open_to_it).count()
