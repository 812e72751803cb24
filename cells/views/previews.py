"""Beginning and ending to look through another office."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cells import preview
from cells.choices import Office
from cells.models import Cell


@login_required
@require_POST
def begin(request, code):
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    office = request.POST.get("office", "")
    if office not in Office.values:
        raise PermissionDenied
    preview.begin(request, cell, office)
    return redirect("portal:home")


@login_required
@require_POST
def end(request):
    preview.end(request)
    messages.success(request, _("预览已结束"))
    return redirect("portal:home")
