"""The stretch of the tree a page is about: in the address, so that a colleague sees the same page."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from cells.authority import Held, held_by, remember, spans
from cells.choices import Power
from cells.models import Cell
from core.codes import read_code
from core.rest.problems import asks_rest


class ScopeMiddleware:
    """Sets ``request.scope``: the cell named by ``?scope=``, or where the person's reach begins; else None.

    A cell out of reach is not found. What the person may do is looked up once here for the rest of the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if not request.user.is_authenticated:
            return
        remember(request.user)
        if asks_rest(request):  # a program names what it wants of each list by criteria
            return
        asked = request.GET.get("scope", "")
        request.scope = _named(asked, request.user) if asked else default_scope(request.user)  # type: ignore[attr-defined]


def default_scope(user: Any) -> Cell | None:
    """The one cell under which lies the widest stretch the person sees; None where no single one is widest."""
    held = spans(user, Power.SEE_CELLS)
    if not held:
        return None
    depth = min(span.path.count("/") for span in held)
    widest = [span.path for span in held if span.path.count("/") == depth]
    if len(widest) != 1:
        return None
    known = {office.path: office.cell for office in held_by(user) if isinstance(office, Held)}
    return known.get(widest[0]) or Cell.objects.filter(path=widest[0]).first()


def _named(text: str, user: Any) -> Cell:
    cell = Cell.objects.visible_to(user).filter(code=read_code(text) or "").first()
    if cell is None:
        raise Http404
    return cell
