"""How a thing is shown: its fields, the things beside it as far as the reader may see them, and what was withheld.

A ``Shape`` is a serializer that only reads. A ``Reference`` shows another thing by code and name, or whole where
``expand=`` asks for it; one out of the reader's reach is null, and its name stands under ``meta.withheld``. All rows
are looked up at once, so that three rows cost what one does.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.module_loading import import_string
from rest_framework import serializers

ROOT = "/api/v1/"


@dataclass
class Sight:
    """Who reads, how much is asked for, and what was held back on the way.

    With a ``token`` nothing is shown, not even beside other things, that it was not given the scope for.
    """

    user: Any
    only: Collection[str] = ()
    expand: Collection[str] = ()
    brief: bool = False
    withheld: set[str] = field(default_factory=set)
    token: Any = None

    def reads(self, shape: type["Shape"]) -> bool:
        return self.token is None or self.token.carries(f"{shape.scope or shape.base}:read")


class Url(serializers.CharField):
    """Where the thing itself is read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, thing: Any) -> str:
        shape: Any = self.parent
        return f"{ROOT}{shape.base}/{shape.key_of(thing)}/"


class Masked(serializers.CharField):
    """A number shown only so far as to tell it apart: ``Masked(mask=mask_mobile)``."""

    def __init__(self, *, mask: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.mask = mask

    def to_representation(self, value: Any) -> str:
        return self.mask(value) if value else ""


class Reference(serializers.Field):
    """Another thing, one of ``among(user)``; ``shape`` names the class that shows it."""

    def __init__(self, shape: str, *, among: Callable[[Any], QuerySet], key: str = "", **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)
        self.shape_path = shape
        self.among = among
        self.key = key

    @property
    def shape(self) -> type["Shape"]:
        return import_string(self.shape_path)

    def gather(self, rows: Iterable[Any], sight: Sight) -> None:
        """Look up, and show, all that ``rows`` refer to."""
        name = str(self.field_name)
        self.key = self.key or f"{name}_id"
        keys = {getattr(row, self.key) for row in rows} - {None} if sight.reads(self.shape) else set()
        beyond = Sight(sight.user, brief=name not in sight.expand, token=sight.token)
        within = self.among(sight.user).filter(pk__in=keys)
        found = list(within if beyond.brief else self.shape.fetched(within)) if keys else []
        self.shown = dict(zip((one.pk for one in found), show(self.shape, found, beyond), strict=True))
        self.sight = sight
        sight.withheld |= {f"{name}.{deeper}" for deeper in beyond.withheld}

    def to_representation(self, row: Any) -> Any:
        key = getattr(row, self.key)
        if key is not None and key not in self.shown:
            self.sight.withheld.add(str(self.field_name))
        return self.shown.get(key)


class Shape(serializers.ModelSerializer):
    """One kind of things as programs read it.

    ``base`` is the resource's place under ``/api/v1/``, ``scope`` what a token must have been given to read it, where
    that is another word.
    """

    base: ClassVar[str] = ""
    scope: ClassVar[str] = ""
    brief: ClassVar[tuple[str, ...]] = ("code", "name", "url")
    url = Url()

    def key_of(self, thing: Any) -> str:
        """What stands in its address."""
        return str(thing.code)

    def hides(self, thing: Any, user: Any) -> Collection[str]:
        """The fields of ``thing`` that ``user`` is not shown. Asked for every row: no queries."""
        return ()

    @classmethod
    def fetched(cls, found: QuerySet) -> QuerySet:
        """Rows with what else their fields are worked out from."""
        return found

    @classmethod
    def names(cls) -> list[str]:
        """Every field, in the order shown."""
        return list(cls().fields)

    @classmethod
    def expandable(cls) -> list[str]:
        return [name for name, one in cls().fields.items() if isinstance(one, Reference)]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        sight: Sight = self.context["sight"]
        shown = super().to_representation(instance)
        for name in self.hides(instance, sight.user):
            if shown.pop(name, self) is not self:
                sight.withheld.add(name)
        return shown


def show(shape: type[Shape], things: list[Any], sight: Sight) -> list[dict[str, Any]]:
    """Each of ``things`` as ``sight`` asks for it; what is held back is added to ``sight.withheld``."""
    if not things:
        return []
    shown = shape(context={"sight": sight})
    wanted = set(sight.only or (shape.brief if sight.brief else shown.fields)) | set(sight.expand)
    for name in shown.fields.keys() - wanted:
        del shown.fields[name]
    for one in shown.fields.values():
        if isinstance(one, Reference):
            one.gather(things, sight)
    return [shown.to_representation(thing) for thing in things]
