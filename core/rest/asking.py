"""What an address may ask besides criteria, read once and strictly: a typing error must not become another list."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.criteria import Criteria
from core.criterion import Several
from core.rest.problems import Fault, Problem

YES = {"1": True, "true": True, "0": False, "false": False, "": False}


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Raises Problem naming what is not ``known``, and what is."""
    known = list(known)
    unknown = sorted(set(query) - set(known))
    if unknown:
        words = {"unknown": _("、").join(name[:40] for name in unknown[:10]), "known": _("、").join(known)}
        sentence = _("不认识的参数：%(unknown)s。可用的参数：%(known)s。") % words
        faults = tuple(Fault("query", name[:100], "unknown_parameter", sentence) for name in unknown[:10])
        raise Problem("unknown-parameter", sentence, faults=faults)


def refuse_unread(criteria: Criteria) -> None:
    """Raises Problem naming every criterion whose value cannot be read, or of which there are two where one will do."""
    for name, field in criteria.form.fields.items():
        if not isinstance(field, Several):
            single(criteria.data, name)
    faults = tuple(
        Fault("query", name, one.code or "invalid", message)
        for name, errors in criteria.errors.as_data().items()
        for one in errors
        for message in one.messages
    )
    if faults:
        raise Problem("bad-input", faults=faults)


def wrong(name: str, sentence: str, code: str = "invalid") -> Problem:
    """The parameter ``name`` cannot be read."""
    return Problem("bad-input", sentence, faults=(Fault("query", name, code, sentence),))


def _twice(name: str) -> Problem:
    return wrong(name, _("这里只能写一个值。"), "twice")


def single(query: QueryDict, name: str, default: str = "") -> str:
    """A parameter of which there is one; of two nobody knows which was meant."""
    written = query.getlist(name)
    if len(written) > 1:
        raise _twice(name)
    return written[0] if written else default


def flag(query: QueryDict, name: str) -> bool:
    """A parameter that is 1 or 0."""
    written = single(query, name).lower()
    if written not in YES:
        raise wrong(name, _("请写 1 或 0。"))
    return YES[written]


def whole(query: QueryDict, name: str, *, default: int, least: int, most: int) -> int:
    """A whole number between two others."""
    written = single(query, name)
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) <= 9 and least <= int(written) <= most):
        raise wrong(name, _("应为 %(least)d 到 %(most)d 之间的整数。") % {"least": least, "most": most})
    return int(written)


def names(query: QueryDict, name: str, among: Sequence[str]) -> list[str]:
    """Names with commas between them, each one of ``among``."""
    asked = [one for written in query.getlist(name) for one in written.split(",") if one]
    for one in asked:
        if one not in among:
            words = {"one": one[:40], "among": _("、").join(among)}
            raise wrong(name, _("没有“%(one)s”。可用的有：%(among)s。") % words, "invalid_choice")
    return list(dict.fromkeys(asked))


def choice(query: QueryDict, name: str, among: Sequence[str], default: str) -> str:
    """One name of ``among``, ``default`` where none is asked for."""
    single(query, name)
    asked = names(query, name, among)
    if len(asked) > 1:
        raise _twice(name)
    return asked[0] if asked else default


def order(query: QueryDict, orders: Mapping[str, str | Sequence[str]]) -> list[str]:
    """``ordering=-name,code`` as the database orders it; the first of ``orders`` where nothing is asked."""
    among = [*orders, *(f"-{name}" for name in orders)]
    asked = names(query, "ordering", among) or [next(iter(orders))]
    if len({one.removeprefix("-") for one in asked}) < len(asked):
        raise wrong("ordering", _("同一项只能排一次。"))
    columns: dict[str, str] = {}
    for one in asked:
        meant = orders[one.removeprefix("-")]
        for column in (meant,) if isinstance(meant, str) else meant:
            # What falls by itself rises when it is turned round.
            path, falls = column.removeprefix("-"), column.startswith("-") != one.startswith("-")
            columns.setdefault(path, f"-{path}" if falls else path)
    return list(columns.values())
