"""统计指标: what each means and comes to, and what it counted, as links to the things themselves."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from cells.reach import seen_cells
from core.criterion import RowField
from core.rest import asking, paging
from core.rest.deeds import tells
from core.rest.problems import Fault, Problem
from core.rest.resource import Door
from reports import serializers
from reports.asking import where_for
from reports.figures import FIGURES, read
from reports.figures.lists import order_of, parts_of, rows_behind, seen_by, thing_of
from reports.figures.planning import by_hashing
from reports.forms import WhereForm

_TEXT = {"type": "string"}
WHERE = {"under": _TEXT, "on": {"type": "string", "format": "date"}, "district": _TEXT, "park": _TEXT}
# Under which resource the things behind a figure are read.
RESOURCES = {"member": "members", "cell": "cells", "company": "companies"}


class Figures(Door):
    """统计指标, of the place and day asked for: ``?under=ZB-0002&on=2026-10-31&district=…&park=…``."""

    base = "figures"
    scope = "reports"
    lookup_field = "key"
    lookup_value_regex = "[a-z_]{2,60}"

    @tells(_("全部指标"), shape=serializers.FiguresShape, asks=WHERE)
    def list(self, request):
        """Every figure there and then."""
        asking.refuse_unknown(request.query_params, WHERE)
        where, on = self._asked()
        query = self._query()
        return Response({"on": on, "results": [serializers.reading_shown(one, query) for one in read(where, on)]})

    @tells(_("一项指标"), shape=serializers.FigureShape, asks=WHERE)
    def retrieve(self, request, key):
        """One figure there and then."""
        asking.refuse_unknown(request.query_params, WHERE)
        found = _figure(key)
        where, on = self._asked()
        return Response(serializers.reading_shown(read(where, on, only=(found.key,))[found.key], self._query()))

    @action(detail=True)
    @tells(_("背后的名单"), shape=serializers.RowShape, asks=WHERE | {"part": _TEXT}, paged=True)
    def rows(self, request, key):
        """What it counted, as far as the reader may see each; of a rate the part named by ``part=``."""
        found = _figure(key)
        asking.refuse_unknown(request.query_params, (*WHERE, "part", *paging.PARAMETERS))
        parts = list(parts_of(found))
        part = asking.choice(request.query_params, "part", parts, parts[0])
        where, on = self._asked()
        rows = seen_by(request.user, found, rows_behind(found.key, where, on, part=part))
        thing = thing_of(found)
        with by_hashing():
            page = paging.Part(request, rows.select_related(thing), order_of(found))
        return Response(page.envelope([_shown(RESOURCES[thing], getattr(row, thing)) for row in page.rows], []))

    def _asked(self):
        """The place and the day; raises Problem for what cannot be read, PermissionDenied for no figures there."""
        query = self.request.query_params
        for name in WHERE:
            asking.single(query, name)
        form = WhereForm(query)
        faults = [
            Fault("query", name, one.code or "invalid", message)
            for name, errors in form.errors.as_data().items()
            for one in errors
            for message in one.messages
        ]
        if faults:
            raise Problem("bad-input", faults=tuple(faults))
        told = form.cleaned_data
        top = self._top(query.get("under", ""))
        return where_for(self.by, top, district=told["district"], park=told["park"]), told["on"]

    def _top(self, code):
        try:
            return RowField(rows=seen_cells(self.by), required=False).clean(code)
        except ValidationError as unread:
            raise asking.wrong("under", unread.messages[0], "unknown_code") from unread

    def _query(self):
        """The same place and day, for the addresses beside this one."""
        kept = self.request.query_params.copy()
        for name in set(kept) - set(WHERE):
            kept.pop(name)
        return f"?{kept.urlencode()}" if kept else ""


def _figure(key):
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


def _shown(resource, thing):
    return {"resource": resource, "code": thing.code, "url": f"/api/v1/{resource}/{thing.code}/"}
