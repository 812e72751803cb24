"""The invitation of an office-holder, shown once to be handed on."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cells.domain import invitations
from cells.models import Cell
from core.errors import Refusal
from core.once import shown_once


@login_required
@require_POST
def invite(request, code, pk):
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    appointment = get_object_or_404(cell.appointments.standing().select_related("holder"), pk=pk)
    context = {"cell": cell, "appointment": appointment}
    try:
        path = invitations.invite(appointment, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        return render(request, "cells/invitation.html", context | {"refusal": refusal}, status=422)
    context["address"] = request.build_absolute_uri(path)
    return shown_once(render(request, "cells/invitation.html", context))
