"""Pages of docs/ that are written from code, so that they cannot tell anything else than what the portal does."""

from collections.abc import Callable
from itertools import groupby

from django.utils.translation import override

from acts.registry import FINAL
from audit.sentences import known_actions, told
from cells.choices import ALLOWED_CHILDREN, GRANTS, CellKind, Office, Power, Reach
from core import data_map
from core.data_map import Holding
from core.workflow import Workflow
from integrations.choices import WEBHOOK_FLOW, WebhookState
from ledgers.choices import IMPORT_FLOW, ImportState
from members.choices import REQUEST_FLOW, RIGHT_FLOW, STANDING_FLOW, RequestState, RightState, Standing
from portal import openapi
from reports.figures import FIGURES

SOURCE = "zh-hans"
TRANSLATION = "en"

FLOWS = (
    ("Standing of a member", "members.choices.STANDING_FLOW", STANDING_FLOW, Standing),
    ("Request for a change", "members.choices.REQUEST_FLOW", REQUEST_FLOW, RequestState),
    ("Request about one's own data", "members.choices.RIGHT_FLOW", RIGHT_FLOW, RightState),
    ("Import of ledgers", "ledgers.choices.IMPORT_FLOW", IMPORT_FLOW, ImportState),
    ("Webhook", "integrations.choices.WEBHOOK_FLOW", WEBHOOK_FLOW, WebhookState),
)


def permissions() -> str:
    """Office × power × reach, and which kinds of cells may stand under which."""
    powers = list(Power)
    lines = [
        *_head("Permissions", "cells/choices.py"),
        "● here and below · ○ here only (in a branch that includes its groups) · blank: not at all.",
        "A deputy has the secretary's row while that seat is empty, otherwise the organisation commissioner's.",
        "A member without an office reaches the own record alone. Nobody appoints, approves or extends for themselves.",
        "Nobody holds two offices of the whole association at a time: business, technology and audit are held apart.",
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


def held() -> str:
    """Every field that says something about a person: why, on what ground, for how long, who reads it."""
    lines = [
        *_head("Data map", "data_map.py of each app"),
        "What is held about people, field by field; every field of every table is declared, or the tests fail. From",
        "the same lines comes the copy people may ask for, and what a granted erasure takes away. A table that tells",
        "nothing of a person is not shown.",
        "",
    ]
    held_for = list(data_map.holdings())
    marks: dict[str, str] = {}
    shared = (("On what ground", "G", "ground"), ("How long", "K", "retention"), ("Who reads it", "R", "readers"))
    for title, mark, name in shared:
        said = dict.fromkeys(_both_words(getattr(holding, name)) for holding in held_for)
        marks |= {words: f"{mark}{number}" for number, words in enumerate(said, start=1)}
        lines += [f"## {title}", "", *(f"- {marks[words]}: {words}" for words in said), ""]
    for model, group in groupby(held_for, key=lambda holding: holding.model):
        lines += [f"## {model}", "", "| fields | class | purpose | ground | kept | read by | on erasure |"]
        lines += ["|---|---|---|---|---|---|---|"]
        lines += [f"| {' | '.join(_holding(holding, marks))} |" for holding in group]
        lines.append("")
    return _page(lines)


def _holding(holding: Holding, marks: dict[str, str]) -> tuple[str, ...]:
    fields = ", ".join(f"`{name}`" for name in holding.fields)
    stated = (marks[_both_words(words)] for words in (holding.ground, holding.retention, holding.readers))
    return fields, holding.kind, _both_words(holding.purpose), *stated, holding.erasure


def undoing() -> str:
    """Every action of the trail: undone by whom for thirty days, or why not."""
    lines = [
        *_head("What can be undone", "reversals.py of each app"),
        "An act is undone as a whole, with all that followed from it, for thirty days and while nothing later was done",
        "to the same thing; by whoever may do the deeds it consisted of. A whole import is undone on its own page for",
        "seven days: what was changed since stays and is named. Undoing deletes nothing: it voids, and writes anew",
        "what held.",
        "",
        "| action | in words | undone |",
        "|---|---|---|",
    ]
    for action in sorted(known_actions()):
        words = _in(SOURCE, told(action)), _in(SOURCE, FINAL[action]) if action in FINAL else "30 days"
        lines.append(f"| `{action}` | {' | '.join(words)} |")
    return _page(lines)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "permissions.md": permissions,
    "flows.md": flows,
    "figures.md": figures,
    "data-map.md": held,
    "undoing.md": undoing,
    "api/openapi.json": openapi.written,
}


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
