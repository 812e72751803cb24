"""Choosing a cell or a person by typing: a code, a name, or its pinyin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cells.models import Cell
from core.codes import read_code
from core.names import name_filter

# What the browser offers while somebody types; who has more within reach types on.
OFFERED = 200
NAMED = 5


class OfferingInput(forms.TextInput):
    """A text box with what may be meant beside it, as a ``datalist``: works without JavaScript."""

    template_name = "cells/_offering_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["offered"] = list(self.offer())
        widget["attrs"] |= {"list": f"{widget['attrs'].get('id', name)}_list", "autocomplete": "off"}
        return context

    def offer(self) -> Any:
        return ()

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        # Django's own renderer of widgets does not look into our templates.
        return render_to_string(template_name, context)


class CellField(forms.CharField):
    """One of ``cells``, the cells that may be meant."""

    widget = OfferingInput

    def __init__(self, *, cells: QuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(max_length=160, **kwargs)
        self.widget.attrs.setdefault("placeholder", _("名称、首字母或编号"))
        self.cells: Any = Cell.objects.none() if cells is None else cells

    @property
    def cells(self) -> QuerySet:
        return self._cells

    @cells.setter
    def cells(self, cells: QuerySet) -> None:
        self._cells = cells
        self.widget.offer = lambda: [written(cell) for cell in cells.order_by("path")[:OFFERED]]

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Cell) else value

    def clean(self, value: Any) -> Cell | None:
        text = super().clean(value)
        if not text:
            return None
        code = read_code(text.split()[0])
        meant = self.cells.filter(code=code) if code else self.cells.filter(Q(name=text) | Q(short_name=text))
        found = list(meant[: NAMED + 1]) or list(self.cells.filter(name_filter(text)).order_by("path")[: NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("在可选的党组织中没有找到“%(text)s”，请核对名称或编号。"), params={"text": text[:40]}
            )
        named = _("；").join(written(cell) for cell in found[:NAMED])
        raise ValidationError(_("不止一个党组织符合，请填写编号，如：%(named)s。"), params={"named": named})


def written(cell: Cell) -> str:
    """How a cell stands in the box: found again by its code, read by its name."""
    return f"{cell.code} {cell}"
