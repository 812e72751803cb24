"""Pages of docs/ that are written from code, so that they cannot tell anything else than what the portal does."""

from collections.abc import Callable

from django.utils.translation import override

from cells.choices import ALLOWED_CHILDREN, GRANTS, CellKind, Office, Power, Reach
from core.workflow import Workflow
from ledgers.choices import IMPORT_FLOW, ImportState
from members.choices import STANDING_FLOW, Standing
from reports.figures import FIGURES

SOURCE = "zh-hans"
TRANSLATION = "en"

FLOWS = (
    ("Standing of a member", "members.choices.STANDING_FLOW", STANDING_FLOW, Standing),
    ("Import of ledgers", "ledgers.choices.IMPORT_FLOW", IMPORT_FLOW, ImportState),
)


def permissions() -> str:
    """Office × power × reach, and which kinds of cells may stand under which."""
    powers = list(Power)
    lines = [
        *_head("Permissions", "cells/choices.py"),
        "● here and below · ○ here only (in a branch that includes its groups) · blank: not at all.",
        "A deputy has the secretary's row while that seat is empty, otherwise the organisation commissioner's.",
        "A member without an office reaches the own record alone. Nobody appoints, approves or extends for themselves.",
        "",
        "| power | " + " | ".join(_both(office) for office in Office) + " |",
        "|---" * (len(Office) + 1) + "|",
    ]
    lines += [f"| {_both(power)} | " + " | ".join(_mark(office, power) for office in Office) + " |" for power in powers]
    lines += ["", "## What may stand under what", "", "| kind | may have below it |", "|---|---|"]
    lines += [
        f"| {_both(CellKind(kind))} | {', '.join(_both(CellKind(child)) for child in children) or '—'} |"
        for kind, children in ALLOWED_CHILDREN.items()
    ]
    return _page(lines)


def flows() -> str:
    """Every state a thing may be in, and every step between them."""
    lines = _head("Flows", "the Workflow beside each list of states")
    for title, place, flow, states in FLOWS:
        lines += [f"## {title}", "", f"`{place}`", "", "| step | from | to |", "|---|---|---|"]
        lines += _steps(flow, states)
        lines.append("")
    return _page(lines)


def figures() -> str:
    """Every figure with its definition, formula and source, in both languages."""
    lines = _head("Figures", "reports/figures/definitions.py")
    for figure in FIGURES.values():
        lines += [f"## {_both_words(figure.words)}", "", f"`{figure.key}` · version {figure.version}", ""]
        for label, words in (
            ("Definition", figure.definition),
            ("Formula", figure.formula),
            ("Source", figure.source),
        ):
            lines += [f"- {label}: {_in(SOURCE, words)}", f"  {_in(TRANSLATION, words)}"]
        lines.append("")
    return _page(lines)


DOCUMENTS: dict[str, Callable[[], str]] = {"permissions.md": permissions, "flows.md": flows, "figures.md": figures}


def _head(title: str, source: str) -> list[str]:
    return [f"# {title}", "", f"Written by `bin/manage write_docs` from {source}; the tests refuse a stale page.", ""]


def _page(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _mark(office: str, power: str) -> str:
    grants = GRANTS.get(office, {})
    if office == Office.DEPUTY_SECRETARY:
        return "see above" if power in GRANTS[Office.SECRETARY] else ""
    return {Reach.BELOW: "●", Reach.HERE: "○"}.get(grants.get(power, ""), "")


def _steps(flow: Workflow, states: type) -> list[str]:
    return [
        f"| `{verb}` | {', '.join(_both(states(source)) for source in step.sources)} | {_both(states(step.target))} |"
        for verb, step in flow.steps.items()
    ]


def _both(choice) -> str:
    return _both_words(choice.label)


def _both_words(words) -> str:
    return f"{_in(SOURCE, words)} {_in(TRANSLATION, words)}"


def _in(language: str, words) -> str:
    with override(language):
        return str(words)
