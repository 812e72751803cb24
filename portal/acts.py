"""最近的操作: what was done lately within one's reach, and the way back from it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.domain import undoing
from acts.models import Act
from acts.querysets import DAYS, last_day
from audit import reading
from cells.authority import places_within
from cells.models import Appointment, Cell, Company
from core.errors import Refusal
from core.pagination import page_of
from members.models import Member
from portal.rules import KEEPING, keeps_something

LISTED = 20


# What somebody does about things of their own, and takes back wherever that stands.
OWN = ("cells.filter_saved", "cells.filter_changed", "cells.filter_removed")


def acts_within(user):
    """Acts of the places where the person keeps something, and about their own filters.

    Each is undone as a whole, an import on its own page.
    """
    within = Q(actor=user.pk, entry__action__in=OWN)
    for power in KEEPING:
        within |= places_within(user, power)
    return Act.objects.filter(within, part_of="", undoes=None).recent(timezone.localdate())


@login_required
@require_safe
def recent(request):
    """One's own acts of the last thirty days; with ``?all``, everybody's within reach."""
    if not keeps_something(request.user):
        raise PermissionDenied
    found = acts_within(request.user)
    everybody = "all" in request.GET
    if not everybody:
        found = found.done_by(request.user)
    page = page_of(request, found.select_related("entry__thing_type", "undone_by"), order=("-pk",), size=LISTED)
    later = undoing.later(act for act in page.rows if act.undone_at is None)
    rows = [_row(act, later.get(act.pk)) for act in page.rows]
    return render(request, "portal/acts.html", {"rows": rows, "page": page, "everybody": everybody, "days": DAYS})


@login_required
@require_POST
def undo(request, uid):
    """Take one act back; then on to what it was about, where that is one thing and still stands."""
    act = get_object_or_404(acts_within(request.user), uid=uid)
    try:
        undoing.undo(act, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="fix")
        return redirect("portal:acts")
    words = {"what": reading.read(act.entry).sentence, "thing": act.entry.thing_label, "count": act.things}
    if act.things > 1:
        messages.success(request, _("已撤销：%(thing)s等 %(count)d 项") % words)
        return redirect("portal:acts")
    messages.success(request, _("已撤销：%(thing)s %(what)s") % words)
    return redirect("portal:acts" if "list" in request.POST else _home_of(act.entry.thing, request.user))


def _row(act, later):
    why = undoing.why_final(act) or (undoing.since_words(later) if later is not None else "")
    whole, url = undoing.whole_of(later) if later is not None and not act.undone_at else ("", "")
    return {
        "act": act,
        "reading": reading.read(act.entry),
        "why": "" if act.undone_at else why,
        "until": last_day(act),
        "whole": whole,
        "whole_url": url,
    }


def _home_of(thing, user):
    """The page of a thing that still stands and is within reach; else the list."""
    if isinstance(thing, Appointment):
        thing = thing.cell
    readable = {
        Member: Member.objects.readable_by,
        Cell: Cell.objects.visible_to,
        Company: Company.objects.visible_to,
    }.get(type(thing))
    if readable is not None and readable(user).filter(pk=thing.pk).exists():
        return thing.get_absolute_url()
    return "portal:acts"
