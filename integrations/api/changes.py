"""What changed, in an order that never changes: for programs that keep a copy."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response

from audit import events
from audit.events import Resource
from core.rest import asking, paging
from core.rest.deeds import tells
from core.rest.resource import Door
from integrations import feed
from integrations.feed import Mark
from integrations.serializers.changes import ChangePageShape

LATEST = "latest"
_NAMES = {"type": "string", "description": "a,b"}
ASKS = {
    "since": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": paging.LARGEST, "default": paging.SIZE},
    "resource": _NAMES,
    "type": _NAMES,
}


class Changes(Door):
    """Changes. ``since`` is the mark of the page before; ``since=latest`` says from where to follow, nothing else."""

    base = "changes"

    @tells(gettext_lazy("变动"), shape=ChangePageShape, asks=ASKS)
    def list(self, request):
        query = request.query_params
        asking.refuse_unknown(query, ("since", "limit", "resource", "type"))
        limit = asking.whole(query, "limit", default=paging.SIZE, least=1, most=paging.LARGEST)
        readable = carried(request)
        asked = asking.names(query, "resource", [one.name for one in readable])
        types = asking.names(query, "type", list(events.types(readable)))
        page = feed.changes(
            self.by,
            since=self._since(asking.single(query, "since", "0")),
            limit=limit,
            resources=asked or [one.name for one in readable],
            types=types or None,
        )
        return Response(ChangePageShape({"next": self._next(page), "mark": page.mark, "results": page.changes}).data)

    def _since(self, written):
        latest = feed.latest()
        if written == LATEST:
            return latest
        mark = Mark.read(written)
        if mark is None:
            raise asking.wrong("since", _("请写上一页答复里的 mark，或 latest；从头读起写 0。"))
        if mark.sequence > latest.sequence:
            raise asking.wrong("since", _("这个位置在最新的变动之后。如果系统恢复过备份，请重新读一遍名单。"), "ahead")
        return mark

    def _next(self, page):
        if not page.more:
            return None
        query = self.request.query_params.copy()
        query["since"] = str(page.mark)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


def carried(request: HttpRequest) -> list[Resource]:
    """The resources whose changes the asker may read: with a token, those it was given the reading of."""
    token = getattr(request, "auth", None)
    return [one for one in events.resources() if token is None or token.carries(f"{one.scope}:read")]
