"""最近的操作: what was done lately within one's reach, and the way back from it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.domain import undoing
from acts.querysets import DAYS
from audit import reading
from cells.models import Appointment, Cell, Company
from core.errors import Refusal
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from members.models import Member
from portal.lists import ACTS, acts_within
from portal.rules import keeps_something


@login_required
@require_safe
def recent(request):
    """One's own acts of the last thirty days; with ``?all=1``, everybody's within reach."""
    if not keeps_something(request.user):
        raise PermissionDenied
    scope = request.scope if "scope" in request.GET else None
    context = {"days": DAYS, "empty": {"words": _("三十天以内没有可以撤销的操作。")}}
    return answer(request, Tools(Table(request, ACTS, scope=scope)), "portal/acts.html", context)


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
