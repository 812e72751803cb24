"""A kind of things under ``/api/v1/``: which rows there are for whom, what may be asked of them, how they are shown.

What is done to them is added as deeds (``core.rest.deeds``).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.criteria import Criteria
from core.once import Answered
from core.ready import Ready
from core.rest import asking, paging, versions
from core.rest.doors import Press, require_scope
from core.rest.shapes import Shape, Sight, show
from core.stretches import Stretch

# ``list`` is the name of an action below.
Rows = list[Any]
SHOWING = ("fields", "expand", "brief")
# Anything an address may carry that is no code of ours is simply not found.
CODE = r"[A-Z]{2}-[0-9A-Z]{4,12}"


class Door(GenericViewSet):
    """What every address under ``/api/v1/`` has: who asks, on which day, with which scope, and readably."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    scope: ClassVar[str] = ""
    version: int | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in whoever may come in; only then is anybody told what the same request was answered before."""
        super().initial(request, *args, **kwargs)
        press: Press | None = getattr(request, "press", None)
        if press is not None:
            press.require_first(self)

    def handle_exception(self, exc: Exception) -> Any:
        return exc.response if isinstance(exc, Answered) else super().handle_exception(exc)

    @property
    def by(self) -> Any:
        return self.request.user

    @property
    def today(self) -> date:
        return timezone.localdate()

    def is_within_reach(self) -> bool:
        """Is what the address names still there for who asks? An address that names nothing always is."""
        return True

    def scope_asked(self) -> str:
        """What a token must carry for this request."""
        verb = "read" if self.request.method in SAFE_METHODS else "write"
        return f"{self.scope}:{verb}" if self.scope else ""


class Resource(Door):
    """A list and its things. Declared with ``model``, ``base``, ``scope``, ``shape``, ``criteria`` and ``orders``.

    ``orders`` maps what ``ordering=`` may name to a column or several, the usual order first. ``reveals`` maps masked
    fields to the deeds that show them whole. ``formats`` maps ``format=`` to what else a list may be written as.
    """

    model: ClassVar[type[Model]]
    base: ClassVar[str]
    shape: ClassVar[type[Shape]]
    criteria: ClassVar[type[Criteria]]
    orders: ClassVar[Mapping[str, str | Sequence[str]]]
    reveals: ClassVar[Mapping[str, Callable[..., str]]] = {}
    formats: ClassVar[Mapping[str, Callable[["Resource", QuerySet], HttpResponse]]] = {}
    lookup_field = "code"
    lookup_value_regex = CODE
    # False where a thing's ``version`` counts the changes of something else.
    versioned: ClassVar[bool] = True

    def reach(self) -> QuerySet:
        """The rows there are for who asks, with what criteria and shape need of them."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return self.reach()

    def get_object(self) -> Any:
        thing = self.find(self.kwargs[self.lookup_field])
        if thing is None:
            raise Http404
        return thing

    def is_within_reach(self) -> bool:
        return self.lookup_field not in self.kwargs or self.find(self.kwargs[self.lookup_field]) is not None

    def find(self, key: str) -> Any:
        """The thing within reach that has ``key`` in its address; None where there is none."""
        return self.reach().filter(**{self.lookup_field: key}).first()

    def list(self, request: Request) -> HttpResponse:
        """The list, narrowed, ordered, in pages."""
        query = request.query_params
        if self.ready is not None and set(query) <= paging.PLAIN:
            return self.answered(paging.ReadyPart(request, self.ready, self.stretches()))
        asked = self.asked_by_reader()
        criteria = asked(query, self.reach(), user=self.by)
        asking.refuse_unknown(query, self.parameters(asked))
        asking.refuse_unread(criteria)
        form = asking.choice(query, "format", ("json", *self.formats), "json")
        if form != "json":
            return self.formats[form](self, criteria.qs)
        return self.answered(paging.Part(request, self.fetched(criteria.qs), asking.order(query, self.orders)))

    def answered(self, part: paging.Part) -> Response:
        """The part of the list, as much of it as is asked for."""
        sight = self.sight()
        return Response(part.envelope(self.rows_shown(part.rows, sight), sorted(sight.withheld)))

    def retrieve(self, request: Request, **_address: Any) -> Response:
        """One thing, with its ETag."""
        asking.refuse_unknown(request.query_params, (*SHOWING, *(("reveal", "purpose") if self.reveals else ())))
        thing = self.get_object()
        shown = self.shown(thing, self.sight())
        shown |= self._revealed(thing)
        tag = versions.etag(thing, shown)
        if versions.is_known(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(shown, headers={"ETag": tag})

    @classmethod
    def parameters(cls, asked: type[Criteria] | None = None) -> Sequence[str]:
        """Everything the list understands, criteria first."""
        return [*(asked or cls.criteria).base_filters, "ordering", *paging.PARAMETERS, *SHOWING, "format"]

    def asked_by_reader(self) -> type[Criteria]:
        """What this reader may ask, where that is less than ``criteria``: a question already tells something."""
        return self.criteria

    @property
    def ready(self) -> Ready | None:
        """The usual list of this reader with its statement worked out, where it is read often enough to be worth it."""
        return None

    def stretches(self) -> Sequence[Stretch]:
        """Of the tree, what this reader sees of the list that is ``ready``."""
        return ()

    def fetched(self, found: QuerySet) -> QuerySet:
        """The rows as ``rows_shown`` wants them: a long list may be read without making objects."""
        return found

    def rows_shown(self, rows: Rows, sight: Sight) -> Rows:
        """A page of the list."""
        return show(self.shape, rows, sight)

    def sight(self) -> Sight:
        """How much of things this request asks to see."""
        query = self.request.query_params
        return Sight(
            self.by,
            only=asking.names(query, "fields", self.shape.names()),
            expand=asking.names(query, "expand", self.shape.expandable()),
            brief=asking.flag(query, "brief"),
            token=self.request.auth,
        )

    def shown(self, thing: Any, sight: Sight, shape: type[Shape] | None = None) -> dict[str, Any]:
        """One thing, and what of it was withheld."""
        [shown] = show(shape or self.shape, [thing], sight)
        return shown | {"meta": {"withheld": sorted(sight.withheld)}}

    def shown_anew(self, done: Any, shape: type[Shape] | None = None) -> dict[str, Any] | None:
        """What a deed returned, as it is now within reach; None where it is there no more."""
        sight = Sight(self.by, token=self.request.auth)
        if shape is not None:
            return self.shown(done, sight, shape)
        if not isinstance(done, self.model):
            raise TypeError(f"{type(done).__name__} is not what {self.base} show: name a shape")
        thing = self.reach().filter(pk=done.pk).first()
        return None if thing is None else self.shown(thing, sight)

    def _revealed(self, thing: Any) -> dict[str, str]:
        """Masked fields shown whole, for a purpose; each leaves its entry in the trail."""
        query = self.request.query_params
        asked = asking.names(query, "reveal", list(self.reveals))
        if asked:
            require_scope(self.request, f"{self.scope}.sensitive:read")
        purpose = asking.single(query, "purpose")[:200]
        return {name: self.reveals[name](thing, purpose=purpose, by=self.by, on=self.today) for name in asked}
