"""A list on its way out: how it is to leave, its file, and throwing that away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain import sessions
from core.errors import Refusal
from core.exports import download
from core.forms import attempt, posted
from core.lists.asked import SHOWING
from core.lists.chosen import chosen
from core.lists.listing import listing_named
from ledgers.choices import FileFormat
from ledgers.domain import exports
from ledgers.domain.takers import still_allowed
from ledgers.forms import ExportForm
from ledgers.laid_out import Wish, saved_as_file
from ledgers.models import Export

# Of the address of a list what says where one was in it.
PASSING = ("after", "before", "open", "since", "of")
# What the form around the rows of a list sends: by what those that were ticked had been found.
FOUND = "found"


@login_required
@require_safe
def shelf(request):
    """The files of one's own that can be had: they stand among the tasks."""
    return redirect("work:tasks")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, name):
    """What of the list ``name`` is to be taken, and as what: rows, columns, masking are said before it begins."""
    seen = _wish(request, name)
    if not seen.listing.may_leave:
        raise PermissionDenied
    try:
        among = _ticked(request, seen)
        laid = exports.plan(seen, by=request.user, among=among)
        if among is not None and laid.count.number < among.count():
            raise Refusal(_("勾选的行里有您不能导出的，请回到名单重新勾选。"))
    except Refusal as refusal:
        return render(request, "exports/new.html", {"wish": seen, "refusal": refusal.message}, status=422)
    every = seen.but(every=True).columns(laid.taker)
    form = ExportForm(
        posted(request),
        initial={"format": FileFormat.XLSX, "every": "seen"},
        seen=laid.columns,
        left=[column for column in _shown(seen, laid.taker) if not column.printed],
        every=every,
        may_have_whole=bool(laid.sensitive) and exports.may_have_whole(request.user),
    )
    if attempt(form, _take, seen, request.user, among):
        return _onwards(request, seen, form.done, among)
    context = {"wish": seen, "laid": laid, "form": form, "chips": _chips(seen, laid.taker), "back": _back(seen)}
    return render(request, "exports/new.html", context, status=200 if request.method != "POST" else 422)


@login_required
@require_safe
def file(request, code):
    """A file made before; whatever has changed since that forbids it makes it as if it had never been."""
    taken = _own(request, code)
    try:
        pieces = exports.hand_over(taken, by=request.user, on=timezone.localdate())
    except (PermissionDenied, Refusal):
        raise Http404 from None
    still = still_allowed(request.user, lambda: sessions.holder(request))
    return saved_as_file(taken, exports.name_of(taken, by=request.user), pieces, still=still)


@login_required
@require_POST
def discard(request, code):
    """The file goes before its time."""
    taken = exports.discard(_own(request, code), by=request.user, on=timezone.localdate())
    messages.success(request, _("已删除导出的文件"))
    return redirect(taken.job or reverse("work:tasks"))


def _own(request, code):
    """The person's own export; other people's do not exist."""
    return get_object_or_404(Export.objects.owned_by(request.user).select_related("job", "scope"), code=code)


def _wish(request, name):
    """The list, asked as its own page was."""
    listing = listing_named(name)
    if listing is None:
        raise Http404
    asked, picked = request.GET, FOUND in request.GET
    if picked:
        asked = QueryDict(asked[FOUND], mutable=True)
        asked.update({shown: request.GET[shown] for shown in SHOWING if shown in request.GET})
    query = QueryDict(mutable=True)
    for parameter, values in asked.lists():
        if parameter not in (*PASSING, "scope"):
            query.setlist(parameter, values)
    return Wish(listing, query, request.scope, FileFormat.XLSX, picked=picked and request.GET.get("all") != "1")


def _ticked(request, seen):
    """Of a list the rows somebody ticked; None where they mean all there are."""
    if not seen.picked:
        return None
    meant = chosen(seen.listing, request.GET, request.user, seen.scope)
    if not meant.rows:
        raise Refusal(_("请先在名单上勾选要导出的行。"))
    return seen.listing.reach(request.user, seen.scope).filter(pk__in=[row.pk for row in meant.rows])


def _back(seen):
    """The list as it was asked."""
    query = seen.query.copy()
    if seen.scope is not None:
        query["scope"] = seen.scope.code
    return seen.listing.address(query.urlencode(safe=","))


def _shown(seen, taker):
    """The columns on the page, and those a file has no use for among them."""
    return seen.listing.columns_for(taker, seen.query, seen.scope)


def _chips(seen, taker):
    criteria = seen.listing.criteria_for(taker, seen.query, seen.scope)
    return [chip.words for chip in criteria.chips()] if criteria is not None else []


def _take(seen, user, among, **how):
    purpose = how.pop("purpose", "")
    wish = seen.but(format=how["format"], every=how["every"], whole=how.get("whole", False))
    return exports.export(wish, purpose=purpose, among=among, by=user, on=timezone.localdate())


def _onwards(request, seen, taken, among):
    """The file at once, or the page of the task that makes it."""
    if taken.kept:
        messages.success(request, _("已开始导出，可离开本页"))
        return redirect(taken.job)
    order = seen.listing.order_of(request.user, seen.query, seen.scope)
    sheet, rows = exports.lines(taken, by=request.user, among=among, order=order, picked=among is not None)
    still = still_allowed(request.user, lambda: sessions.holder(request))
    return download(taken.format, exports.name_of(taken, by=request.user), sheet, rows, still=still)
