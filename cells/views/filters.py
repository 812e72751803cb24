"""已存的筛选: the list, keeping one, changing and removing one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acts.toasts import tell_done
from cells.domain import saved_filters
from cells.filter_forms import ChangeFilterForm, SavedFilterForm
from cells.lists import FILTERS
from cells.models import SavedFilter
from cells.saved import opened, readable_by
from core.errors import Refusal, Stale
from core.forms import attempt, posted
from core.lists.listing import listing_named
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools

STALE = 412


@login_required
@require_safe
def filters(request):
    """One's own filters and those shared with where one is in office, each with how many rows it finds now."""
    empty = {"words": _("还没有存过筛选。在任何一份名单上选好条件，再点“保存为筛选”。")}
    return answer(request, Tools(Table(request, FILTERS)), "cells/filters.html", {"empty": empty})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filter_new(request):
    listing = listing_named(request.GET.get("list", ""))
    if listing is None or listing.criteria is None:
        raise Http404
    form = SavedFilterForm(posted(request), user=request.user, initial={"query": request.GET.get("found", "")})
    if request.method == "POST" and attempt(
        form, saved_filters.save, listing=listing.name, by=request.user, on=timezone.localdate()
    ):
        tell_done(request, _("已存下筛选“%(name)s”") % {"name": form.done.name})
        return redirect(listing.address(f"filter={form.done.code}"))
    context = {"form": form, "listing": listing, "heading": _("保存为筛选"), "back": listing.address()}
    return render(request, "cells/filter.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def filter_change(request, code):
    """Rename, share or pin; with ``?found=``, overwrite the criteria with these."""
    saved = _own(request, code)
    kept = {name: getattr(saved, name) for name in ("name", "query", "shared_with", "pinned", "version")}
    if request.GET.get("found"):
        kept["query"] = request.GET["found"]
    steers = saved_filters.may_steer(saved, by=request.user)
    if not steers:
        kept["shared_with"] = None
    form = ChangeFilterForm(posted(request), user=request.user, initial=kept)
    if request.method == "POST" and attempt(
        form, saved_filters.change, saved, by=request.user, on=timezone.localdate()
    ):
        tell_done(request, _("已保存筛选“%(name)s”") % {"name": form.done.name})
        return redirect("cells:filters")
    status = 422 if form.errors else 200
    if isinstance(getattr(form, "refusal", None), Stale):
        form.data = form.data.copy()
        form.data["version"] = SavedFilter.objects.get(pk=saved.pk).version
        status = STALE
    context = {
        "form": form,
        "listing": listing_named(saved.listing),
        "saved": saved,
        "opened": opened(saved, request.user),
        "heading": _("修改筛选"),
        "steers": steers,
        "overwrites": "found" in request.GET,
    }
    return render(request, "cells/filter.html", context, status=status)


@login_required
@require_POST
def filter_remove(request, code):
    saved = _own(request, code)
    try:
        saved_filters.remove(saved, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        tell_done(request, _("已删除筛选“%(name)s”") % {"name": saved.name})
    return redirect("cells:filters")


def _own(request, code):
    """One's own filter; one that is shared is within reach, but not for its readers to change."""
    saved = get_object_or_404(readable_by(request.user), code=code)
    if not saved_filters.is_own(saved, by=request.user):
        raise PermissionDenied
    return saved
