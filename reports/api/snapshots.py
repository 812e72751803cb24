"""报表快照: frozen figures, their proof, two of them compared, and drawing one now."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.decorators import action
from rest_framework.response import Response

from core.rest import asking
from core.rest.deeds import deed, tells
from core.rest.resource import Resource
from reports import report, rules, serializers
from reports.domain import snapshots
from reports.filters import SnapshotCriteria
from reports.models import Snapshot

TWO = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}


class Snapshots(Resource):
    """报表快照."""

    model = Snapshot
    base = "snapshots"
    scope = "reports"
    shape = serializers.SnapshotShape
    criteria = SnapshotCriteria
    orders = {"on": "on", "cell": "cell__path", "drawn_at": "drawn_at"}

    def reach(self):
        return Snapshot.objects.visible_to(self.by)

    @deed(gettext_lazy("生成报表快照"), answers=serializers.DrawAnswers, may=rules.DRAW_SNAPSHOT, later=True)
    def create(self, cell, **answers):
        return f"/api/v1/jobs/{snapshots.ask(cell, by=self.by, **answers).code}/"

    @action(detail=True)
    @tells(gettext_lazy("核对快照"), shape=serializers.ProofShape)
    def proof(self, request, **_address):
        """Whether it is as it was drawn, and whether drawing it again gives the same."""
        asking.refuse_unknown(request.query_params, ())
        verdict = snapshots.verify(self.get_object())
        differing = [figure.key for figure in verdict.differing]
        return Response({"intact": verdict.intact, "repeats": verdict.repeats, "differing": differing})

    @action(detail=False)
    @tells(gettext_lazy("比较两份快照"), shape=serializers.ComparisonShape, asks={"of": TWO}, refuses=(404,))
    def compare(self, request):
        """Two within reach, named as ``?of=KZ-…&of=KZ-…``; one out of reach is as unknown as one never drawn."""
        asking.refuse_unknown(request.query_params, ("of",))
        codes = list(dict.fromkeys(request.query_params.getlist("of")))
        if len(codes) != 2:
            raise asking.wrong("of", _("请写两份不同的快照，如 of=KZ-…&of=KZ-…。"))
        found = {one.code: one for one in self.reach().filter(code__in=codes)}
        if len(found) < len(codes):
            raise Http404
        return Response(serializers.comparison_shown(report.compare(*found.values())))
