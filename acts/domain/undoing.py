"""Undoing one act: by whoever may do it, for thirty days, while nothing later was done to the same thing."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from acts.domain.putting_back import Outcome, put_back
from acts.models import Act
from acts.querysets import last_day
from acts.recording import recording
from acts.registry import FINAL, HARMLESS, HEARERS, MAY, OWN_WAY, WHOLES
from audit import reading, sentences, trail
from audit.models import Entry
from audit.querysets import EntryQuerySet
from core.errors import OutOfTurn, Refusal

REASON = gettext_lazy("撤销操作")


def undo(act: Act, *, by: Any, on: date) -> Act:
    """Take an act back with all that followed from it, and tell so of each thing; returns the act that did.

    Whoever may do the deeds it consisted of may undo them. Refuses one undone already, one done too long ago, one that
    cannot be undone, and one after which something else was done to the same thing, naming it.
    """
    with transaction.atomic():
        act = Act.objects.select_for_update(of=("self",)).select_related("entry__thing_type").get(pk=act.pk)
        entries = list(Entry.objects.filter(told__act=act).select_related("thing_type").order_by("pk"))
        _require_right(act, entries, by)
        _require_time(act, on)
        _hold(entries)
        _require_last([act])
        with recording(undoes=act) as undoing:
            if act.entry.action in OWN_WAY:
                OWN_WAY[act.entry.action](act.entry, by, on)
            else:
                _require_whole(put_back(act, by=by, on=on, reason=str(REASON)), act)
            told = _tell(act, entries, by=by)
        mark_undone(act, by=by)
        for action in HEARERS.keys() & {entry.action for entry in entries}:
            HEARERS[action]([entry for entry in entries if entry.action == action], by, on)
    return undoing.act or Act(entry=told)


def _tell(act: Act, entries: list[Entry], *, by: Any) -> Entry:
    """Record the undoing with every thing something was told of, each in its own words; returns the act's own entry."""
    last = {(entry.thing_type.model_class(), entry.thing_id): entry for entry in entries}
    things: dict[Any, list[int]] = {}
    for model, thing in last.keys() - {(act.entry.thing_type.model_class(), act.entry.thing_id)}:
        things.setdefault(model, []).append(thing)
    for model in sorted(things, key=lambda model: model._meta.label_lower):
        trail.record_many(
            "acts.undone",
            model._base_manager.filter(pk__in=things[model]).order_by("pk"),
            by=by,
            at=lambda thing: last[type(thing), thing.pk].path,
            facts=lambda thing: {"what": _kept(last[type(thing), thing.pk])},
        )
    # Last, since of what an act tells the last stands for it.
    return trail.record("acts.undone", act.entry.thing, by=by, at=act.entry.path, facts={"what": _kept(act.entry)})


def _kept(entry: Entry) -> dict[str, Any]:
    """What an entry says, to be put into words by whoever reads that it was undone."""
    said = sentences.words_of(entry.action)
    return {"action": entry.action, "facts": {name: fact for name, fact in entry.facts.items() if name in said}}


def mark_undone(act: Act, *, by: Any) -> None:
    Act.objects.filter(pk=act.pk).update(undone_at=timezone.now(), undone_by_id=by.pk)


def in_words(entry: Entry) -> str:
    """The sentence of an entry in the language the trail keeps."""
    with override("zh-hans"):
        return reading.read(entry).sentence


def later(acts: Iterable[Act]) -> dict[int, Entry]:
    """By act, the last thing done since to one of the same things; a constant number of queries.

    What merely reads does not count, nor what was undone, nor the undoing.
    """
    acts = list(acts)
    about: dict[tuple[int, int], list[tuple[int, int]]] = {}
    told = Entry.objects.filter(told__act__in=acts).values_list("told__act", "thing_type", "thing_id")
    last = dict(Entry.objects.filter(told__act__in=acts).order_by("pk").values_list("told__act", "pk"))
    for act, kind, thing in told:
        about.setdefault((kind, thing), []).append((act, last[act]))
    found: dict[int, Entry] = {}
    for entry in since(about, min(last.values(), default=0)):
        for act, end in about.get((entry.thing_type_id, entry.thing_id), []):
            if entry.pk > end:
                found[act] = entry
    return found


def since(things: Iterable[tuple[int, int]], after: int) -> list[Entry]:
    """What was done to these things (type, key) after the entry ``after`` and still stands, the oldest first."""
    things = list(things)
    if not things:
        return []
    entries = _still_done().filter(
        pk__gt=after, thing_type__in={kind for kind, _thing in things}, thing_id__in={thing for _kind, thing in things}
    )
    return list(entries.select_related("thing_type", "told__act").order_by("pk"))


def _still_done() -> EntryQuerySet:
    """Entries of what did something, was not undone, and undid nothing."""
    standing = Entry.objects.exclude(action__in=HARMLESS).exclude(told__act__undone_at__isnull=False)
    return standing.exclude(told__act__undoes__isnull=False)


def last_of(thing: Any, action: str, *, on: date) -> QuerySet[Act]:
    """The last act of this action on a thing, or none; ``followed`` where something was done to the thing since.

    While it is not, it can be undone: then the thing is as it was before. To be read together with other things.
    """
    mine = Act.objects.standing().recent(on).filter(told__entry__in=Entry.objects.about(thing).did(action), part_of="")
    later = _still_done().about(thing).filter(pk__gt=OuterRef("entry"))
    return mine.annotate(followed=Exists(later)).order_by("-pk")[:1]


def why_final(act: Act) -> str:
    """Why an act of this kind cannot be undone; nothing where it can."""
    action = act.entry.action
    return "" if action in MAY else str(FINAL.get(action, _("这类操作不能撤销。")))


def _require_right(act: Act, entries: list[Entry], by: Any) -> None:
    if why_final(act):
        raise OutOfTurn(why_final(act))
    for action in dict.fromkeys(entry.action for entry in entries):
        if action not in MAY:
            raise OutOfTurn(str(FINAL.get(action, _("这类操作不能撤销。"))))
        MAY[action](act, [entry for entry in entries if entry.action == action], by)


def _require_time(act: Act, on: date) -> None:
    if act.part_of:
        raise OutOfTurn(_("这是一次导入的一部分，请在导入结果页撤销整次导入。"))
    if act.undone_at is not None:
        raise OutOfTurn(_("这项操作已经撤销过了。"))
    if act.undoes_id is not None:
        raise OutOfTurn(_("撤销不能再撤销，请重新办理。"))
    if on > last_day(act) or act.cleared_at is not None:
        raise OutOfTurn(_("%(day)s 之后不能再撤销，请重新办理。") % {"day": last_day(act).isoformat()})


def _hold(entries: list[Entry]) -> None:
    """Lock what the act was about, so that nothing is done to it between the asking and the undoing."""
    things: dict[Any, set[int]] = {}
    for entry in entries:
        things.setdefault(entry.thing_type.model_class(), set()).add(entry.thing_id)
    for model in sorted(things, key=lambda model: model._meta.label_lower):
        rows = model._base_manager.filter(pk__in=things[model]).order_by("pk").select_for_update(no_key=True)
        list(rows.values_list("pk"))


def _require_last(acts: list[Act]) -> None:
    for entry in later(acts).values():
        raise OutOfTurn(since_words(entry))


def since_words(entry: Entry) -> str:
    """What stands in the way, and what to do about it: undo that first, the whole it is a step of, or correct anew."""
    read = reading.read(entry)
    whole, _url = whole_of(entry)
    words = {
        "day": timezone.localdate(entry.recorded_at).isoformat(),
        "who": read.actor,
        "what": read.sentence,
        "whole": whole,
    }
    if whole:
        return _("此后 %(day)s %(who)s的“%(whole)s”又改了同一份资料，请先撤销那一次，或直接更正。") % words
    if entry.action not in MAY:
        return _("此后 %(day)s %(who)s又办理了“%(what)s”，那一项不能撤销，请直接更正。") % words
    return _("此后 %(day)s %(who)s又办理了“%(what)s”，请先撤销那一项，或直接更正。") % words


def whole_of(entry: Entry) -> tuple[str, str]:
    """What the entry's act is one step of, and the page where that is undone; two blanks where it is none."""
    told = getattr(entry, "told", None)
    part_of = told.act.part_of if told is not None else ""
    return WHOLES[part_of.partition(" ")[0]](part_of) if part_of else ("", "")


def _require_whole(outcome: Outcome, act: Act) -> None:
    for kept in outcome.kept:
        thing = kept.model._base_manager.filter(pk=kept.row).first()
        raise Refusal(_("%(thing)s：%(why)s，不能撤销这项操作。") % {"thing": thing, "why": kept.why})
