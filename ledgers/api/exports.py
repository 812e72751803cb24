"""导出: a list taken out by a program, its file, and throwing that away; and lists of resources written as csv."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.decorators import action

from accounts.domain import sessions
from cells.authority import narrow
from core.errors import Refusal
from core.exports import CSV, TYPES, download
from core.lists.listing import listing_named
from core.rest import asking
from core.rest.deeds import May, deed
from core.rest.doors import require_scope
from core.rest.resource import Resource
from ledgers.domain import exports
from ledgers.domain.takers import still_allowed
from ledgers.filters import ExportCriteria
from ledgers.laid_out import Wish, saved_as_file
from ledgers.models import Export
from ledgers.serializers import exports as told

MAY = May(allows=lambda user, thing: exports.may_export(user), anywhere=exports.may_export)


class Exports(Resource):
    """导出. Each person's own; what is long shows the job that makes it, and is answered 202 until that is done."""

    model = Export
    base = "exports"
    scope = "ledgers"
    shape = told.ExportShape
    criteria = ExportCriteria
    orders = {"asked_at": "-pk", "rows": "rows"}

    def reach(self):
        return Export.objects.owned_by(self.by).filter(cleared_at=None).select_related("job", "scope")

    @deed(
        gettext_lazy("导出名单"),
        answers=told.ExportAnswers,
        may=MAY,
        awaits=lambda shown: shown["job"] if shown["state"] == "making" else None,
    )
    def create(self, resource, scope, filter, columns, format, masked, purpose):
        _require_scopes(self.request, resource, whole=not masked, columns=columns)
        wish = Wish(
            resource, _asked(resource, filter, columns, self.by, scope), scope, format, "*" in columns, not masked
        )
        try:
            return exports.export(wish, purpose=purpose, keep=True, by=self.by, on=self.today)
        except Refusal as refusal:
            # The criteria are the deed's own; here they were sent under one name.
            if refusal.field in filter:
                refusal.field = f"filter/{refusal.field}"
            raise

    @deed(gettext_lazy("删除导出的文件"))
    def destroy(self, taken):
        exports.discard(taken, by=self.by, on=self.today)

    @action(methods=["get"], detail=True)
    def file(self, request, **_address):
        """The file, as long as its owner may have it; otherwise there is none."""
        asking.refuse_unknown(request.query_params, ())
        taken = self.get_object()
        listing = listing_named(taken.listing)
        if listing is None:
            raise Http404
        _require_scopes(request, listing, whole=taken.whole)
        try:
            pieces = exports.hand_over(taken, by=self.by, on=self.today)
        except (PermissionDenied, Refusal):
            raise Http404 from None
        return saved_as_file(taken, exports.name_of(taken, by=request.user), pieces, still=_still(request))

    file.files = tuple(kind.partition(";")[0] for kind in TYPES.values())


def as_csv(name):
    """A way to write a resource's list as the file its page would give, of the same rows in the same order."""

    def written(view, found):
        listing = listing_named(name)
        order = asking.order(view.request.query_params, view.orders)
        wish = Wish(listing, QueryDict(), None, CSV, every=True)
        try:
            taken = exports.export(wish, among=found, by=view.by, on=view.today)
        except Refusal as refusal:
            raise asking.wrong("format", str(refusal.message), "refused") from refusal
        sheet, rows = exports.lines(taken, by=view.by, among=found, order=order)
        return download(CSV, exports.name_of(taken, by=view.by), sheet, rows, still=_still(view.request))

    return written


def _require_scopes(request, listing, *, whole, columns=()):
    """A token must have been given to read what stands in the list, and to see it whole where numbers are.

    The same for what stands in those of its ``columns`` that have a scope of their own.

    The name of a list without a scope is none that a token could carry: no program takes it out.
    """
    scope = listing.api_scope or listing.name
    require_scope(request, f"{scope}:read")
    for column in listing.columns:
        if column.key in columns and column.api_scope:
            require_scope(request, f"{column.api_scope}:read")
    if whole:
        require_scope(request, f"{scope}.sensitive:read")


def _still(request):
    """Whether whoever asked may still have the rest: signed in, or by a token that still lets in."""

    def who():
        if request.auth is None:
            return sessions.holder(request._request)
        token = type(request.auth).objects.select_related("holder", "cell").filter(pk=request.auth.pk).first()
        if token is None or not token.is_live:
            return None
        narrow(token.holder, token.narrowing)
        return token.holder

    return still_allowed(request.user, who)


def _asked(listing, criteria, columns, user, scope):
    """Criteria and columns as the address of the list would have them; an unknown name is refused."""
    query = criteria.copy()
    unknown = listing.criteria_for(user, query, scope).unknown() if listing.criteria else list(query)
    if unknown:
        raise Refusal(
            _("不认识的条件：%(names)s。") % {"names": _("、").join(name[:40] for name in unknown)}, field="filter"
        )
    keys = [column.key for column in listing.columns]
    wrong = [key for key in columns if key not in (*keys, "*")]
    if wrong:
        words = {"names": _("、").join(key[:40] for key in wrong[:10]), "known": _("、").join(keys)}
        raise Refusal(_("没有这些列：%(names)s。可用的有：%(known)s。") % words, field="columns")
    if columns:
        query["columns"] = ",".join(columns)
    return query
