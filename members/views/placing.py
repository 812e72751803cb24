"""Putting people ticked on a roster into another cell together: who, whereto, what would come of it, done."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from acts.toasts import tell_done
from cells.models import Cell
from core.errors import Refusal
from core.forms import attempt, posted
from core.lists.chosen import among_found, chosen
from core.rehearsal import rehearsing
from members import lists, rules
from members.domain import places
from members.forms import PlaceManyForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roster_place(request, code):
    """Ask whereto; then show who would go and who would stay behind, and why; then do it.

    One person who is not on this roster, and nobody goes.
    """
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    rules.KEEP_ROSTER.require(request.user, cell)
    back = f"{reverse('members:roster', args=[cell.code])}{among_found(lists.ROSTER, request.GET)}"
    try:
        meant = chosen(lists.ROSTER, request.GET, request.user, cell)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect(back)
    if not meant.rows:
        messages.warning(request, _("请先在名册上勾选要调整的人。"))
        return redirect(back)
    people = [place.member for place in meant.rows]
    form = PlaceManyForm(posted(request), user=request.user)
    context = {"cell": cell, "meant": meant, "members": people, "form": form, "back": back}
    if request.method != "POST" or "back" in request.POST:
        return render(request, "members/roster_place.html", context)
    if not form.is_valid():
        return render(request, "members/roster_place.html", context, status=422)
    where = {name: form.cleaned_data[name] for name in ("cell", "on")}
    going, staying = places.sort_out(people, by=request.user, **where)
    if "done" not in request.POST:
        return _try_out(request, form, context | {"going": going, "staying": staying})
    if going and attempt(form, places.place_together, going, by=request.user):
        words = ngettext("已调整 %(number)d 人", "已调整 %(number)d 人", len(going)) % {"number": len(going)}
        tell_done(request, words)
        return redirect(back)
    return render(request, "members/roster_place.html", context, status=422)


def _try_out(request, form, context):
    """What would come of it: done for once, and taken back."""
    with rehearsing() as effects:
        went = not context["going"] or attempt(form, places.place_together, context["going"], by=request.user)
    if not went:
        return render(request, "members/roster_place.html", context, status=422)
    actions = Counter(effect.facts["action"] for effect in effects if effect.kind == "trail")
    context["ended"] = actions["cells.appointment_ended"]
    return render(request, "members/roster_place_trial.html", context)
