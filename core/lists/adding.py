"""\"Add a criterion\": choose what, then how and which, each step a form that any browser can send."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.criteria import Criterion
from core.lists.listing import Listing

WAY_WORDS = {
    "": pgettext_lazy("criterion", "是"),
    "n": gettext_lazy("不是"),
    "ic": gettext_lazy("包含"),
    "gte": gettext_lazy("不小于"),
    "lte": gettext_lazy("不大于"),
    "empty": gettext_lazy("未填"),
}


@dataclass(frozen=True)
class Adding:
    """The criterion chosen with ``?adding=birth_date``; once ``?add=birth_date&way=gte&value=…``, its answer."""

    name: str
    criterion: Criterion
    way: str
    value: str
    sent: bool
    listing: Listing
    user: Any
    scope: Any

    @classmethod
    def of(cls, listing: Listing, query: QueryDict, user: Any, scope: Any = None) -> "Adding | None":
        """What is being added to ``listing``; None where nothing is, or nothing that may be asked."""
        declared = listing.criteria.declared() if listing.criteria else {}
        name = query.get("add") or query.get("adding", "")
        if name not in declared or declared[name].kind == "search":
            return None
        ways, way = declared[name].ways, query.get("way", "")
        return cls(
            name,
            declared[name],
            way=way if way in ways else ways[0],
            value=query.get("value", ""),
            sent="add" in query,
            listing=listing,
            user=user,
            scope=scope,
        )

    @property
    def parameter(self) -> str:
        return f"{self.name}__{self.way}" if self.way else self.name

    @property
    def error(self) -> str:
        """What is wrong with the answer; nothing before there is one."""
        if not self.sent or self.way == "empty":
            return ""
        if not self.value.strip():
            return _("请填写要找的值。")
        try:
            self.criterion.field(self.user).clean(self.value)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    @property
    def ways(self) -> list[tuple[str, Any]]:
        return [(way, WAY_WORDS[way]) for way in self.criterion.ways]

    @property
    def options(self) -> list[tuple[Any, Any]]:
        """What may be answered, where one chooses."""
        if self.criterion.kind == "yesno":
            return [("1", _("是")), ("0", _("否"))]
        if self.name in self.listing.offers:
            return [(value, value) for value in self.listing.offers[self.name](self.user, self.scope)]
        return list(getattr(self.criterion.field(self.user), "choices", ()))

    def answers(self, query: QueryDict) -> list[str]:
        """What the parameter is to be: with what is asked already, where it takes several."""
        value = "1" if self.way == "empty" else self.value
        together = self.criterion.several and self.way in ("", "n")
        return list(dict.fromkeys([*query.getlist(self.parameter), value])) if together else [value]
