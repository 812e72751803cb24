"""S14: the set-up list of a cell."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cells import rules
from cells import setup as lists
from cells.choices import CellKind
from cells.domain import setting_up
from cells.forms import SetupForm
from cells.models import Cell
from core.forms import attempt, posted

DEEDS = {
    "confirm": setting_up.confirm,
    "put_away": setting_up.put_away,
    "bring_back": setting_up.bring_back,
}
DONE = {
    "confirm": gettext_lazy("已确认"),
    "put_away": gettext_lazy("已收起%(cell)s的上手清单，从支部页还能打开"),
    "bring_back": gettext_lazy("已重新打开%(cell)s的上手清单"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request, code):
    cells = Cell.objects.visible_to(request.user).standing().exclude(kind=CellKind.GROUP)
    cell = get_object_or_404(cells.select_related("parent"), code=code)
    today = timezone.localdate()
    form = SetupForm(posted(request))
    if request.method == "POST":
        rules.SET_UP.require(request.user, cell)
        if form.is_valid():
            act = form.cleaned_data.pop("act")
            if act != "confirm":
                form.cleaned_data.pop("task")
            if attempt(form, DEEDS[act], cell, by=request.user, on=today):
                messages.success(request, DONE[act] % {"cell": cell})
                return redirect("cells:cell" if act == "put_away" else "cells:cell-setup", code=cell.code)
    context = {
        "cell": cell,
        "list": lists.of(cell, on=today),
        "form": form,
        "may_set_up": rules.SET_UP.allows(request.user, cell),
    }
    return render(request, "cells/setup.html", context, status=422 if request.method == "POST" else 200)
