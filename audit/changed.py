"""Which things were changed since a moment, told by the trail: for lists that are fetched again in part."""

from datetime import datetime
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from audit import events
from audit.models import Entry, Touch

Rows = TypeVar("Rows", bound=QuerySet)


def changed_since(things: Rows, moment: datetime, *, thing: str = "") -> Rows:
    """Of ``things`` those to which something was done at ``moment`` or later; reading one is not doing something.

    ``thing`` is the way from a row to the thing the trail knows (``"member"`` from a membership). One sub-query over
    the index of the trail by time, however many things there are. What has gone is not among them: that, and every
    change in its order, tells the change feed.
    """
    model = _at(things.model, thing)
    prefix = f"{thing}__" if thing else ""
    lately = Entry.objects.since(moment).did(*events.told_actions())
    own = lately.filter(thing_type=ContentType.objects.get_for_model(model)).values("thing_id")
    found = things.filter(**{f"{prefix}pk__in": own})
    resource = events.resource_of(model)
    if resource is None or not _has_code(model):
        return found
    touched = Touch.objects.filter(resource=resource.name, entry__in=lately).values("code")
    return things.filter(pk__in=found.order_by().values("pk").union(_of(things, prefix, touched)))


def _of(things: Any, prefix: str, codes: Any) -> Any:
    return things.filter(**{f"{prefix}code__in": codes}).order_by().values("pk")


def _at(model: Any, way: str) -> Any:
    for name in filter(None, way.split("__")):
        model = model._meta.get_field(name).related_model
    return model


def _has_code(model: Any) -> bool:
    return any(field.name == "code" for field in model._meta.concrete_fields)
