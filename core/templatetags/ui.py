"""What the house's pages need to say in one word: statuses, masks, figures, dates, fields, sortable heads."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.widgets import Input
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.context import request_id as origin
from core.forms import faults
from core.masks import mask_address as masked_address
from core.masks import mask_id_number
from core.masks import mask_mobile as masked_mobile

register = template.Library()

NONE = "—"
# A narrow space that does not break: 6 516 stays on its line.
THIN = "\u202f"
STATUSES = {"ok", "soon", "late", "none", "plan", "here"}
UNDO = "undo "

INPUTS = {
    forms.Textarea: "textarea",
    forms.Select: "select",
    forms.CheckboxInput: "tick",
    Input: "input",
}


@register.filter
def mask_id(value: Any) -> str:
    """An ID number as it is shown: 110***********0017."""
    return mask_id_number(value or "")


@register.filter
def mask_mobile(value: Any) -> str:
    """A mobile number as it is shown: 138****5678."""
    return masked_mobile(value or "")


@register.filter
def mask_address(value: Any) -> str:
    """An address as it is shown: ******."""
    return masked_address(value or "")


@register.filter
def thin(value: Any) -> str:
    """6516 as 6 516; nothing as —; what is written out already stays as it is."""
    if value is None or value == "":
        return NONE
    return value if isinstance(value, str) else f"{value:,}".replace(",", THIN)


@register.filter
def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A share as 59.0%; a share of nothing is —, never 0."""
    return NONE if value is None else f"{Decimal(str(value)) * 100:.{places}f}%"


@register.filter
def ymd(value: date | datetime | None) -> str:
    """A day as 2026-11-20."""
    if not value:
        return NONE
    return (timezone.localtime(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


@register.filter
def ymd_hm(value: datetime | None) -> str:
    """A moment, by the clock on the wall, as 2026-11-20 08:00."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else NONE


@register.filter
def or_dash(value: Any) -> Any:
    """The value; where there is none, a dash that says so."""
    return NONE if value is None or value == "" else value


@register.simple_tag
def site_name() -> str:
    """Whose portal this is; known even where a page is drawn without its request."""
    return settings.ZHIBU_SITE_NAME


@register.simple_tag
def request_id() -> str:
    """The first twelve places of the identifier under which the log tells more."""
    return origin()[:12]


@register.simple_tag
def status(kind: str, words: Any) -> SafeString:
    """Shape, word and colour: ``{% status "late" "逾期" %}``. Kinds: ok soon late none plan here."""
    if kind not in STATUSES:
        raise ValueError(f"No such status: {kind}")
    return format_html('<span class="status status-{}">{}</span>', kind, words)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of our own sheet; always beside a word, so hidden from those who listen."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.filter
def classed(bound: forms.BoundField) -> SafeString:
    """The control with the class of its kind added to its own."""
    widget = bound.field.widget
    kind = next((name for base, name in INPUTS.items() if isinstance(widget, base)), "")
    classes = f"{kind} {widget.attrs.get('class', '')}".strip()
    return bound.as_widget(attrs={"class": classes} if classes else {})


@register.filter
def kind_of(bound: forms.BoundField) -> str:
    """How ``_field.html`` is to lay the field out: hidden, tick, choices or plain."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "choices" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else "plain"


@register.inclusion_tag("_field.html")
def field(bound: forms.BoundField, unit: str = "", hint: str = "") -> dict[str, Any]:
    """One field as ``_field.html`` shows it: ``{% field form.name %}``, ``{% field form.staff unit="人" %}``."""
    if kind_of(bound) == "choices" and not getattr(bound.field.widget, "in_segments", False):
        bound.field.widget.attrs.setdefault("class", "tick")
    return {"field": bound, "unit": unit, "hint": hint or bound.help_text}


@register.filter
def wrongs(form: forms.BaseForm | None) -> list[tuple[str, str]]:
    """What ``_errors.html`` lists: (id of the control or nothing, sentence)."""
    return faults(form) if form is not None and form.is_bound else []


@register.filter
def undo_of(message: Any) -> str:
    """The address that takes a done thing back, when the message carries one (``extra_tags="undo /path/"``)."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
