"""What setting up and keeping a webhook asks."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import events
from cells.fields import CellField
from cells.models import Cell
from core.fields import DayField
from integrations import rules
from integrations.models import Webhook

OVERLAPS = [(24, _("24 小时")), (72, _("72 小时")), (1, _("1 小时")), (0, _("旧密钥马上失效"))]


class WebhookForm(forms.Form):
    """The answers ``integrations.domain.webhooks.change`` needs."""

    name = forms.CharField(
        label=_("名称"),
        max_length=Webhook._meta.get_field("name").max_length,
        help_text=_("给哪个系统用，例如“内网名册”。"),
    )
    address = forms.CharField(
        label=_("接收地址"),
        max_length=Webhook._meta.get_field("address").max_length,
        help_text=_("对方提供的 https 地址，能从互联网访问。"),
    )
    types = forms.MultipleChoiceField(label=_("事件"), widget=forms.CheckboxSelectMultiple(attrs={"class": "tick"}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = list(events.types().items())  # type: ignore[attr-defined]

    def by_resource(self) -> Iterator[tuple[Any, list[Any]]]:
        """The boxes to tick, resource by resource."""
        ticks = list(self["types"])
        for one in events.resources():
            mine = [tick for tick in ticks if tick.data["value"].partition(".")[0] == one.one]
            if mine:
                yield one.label, mine


class SetUpForm(WebhookForm):
    """The answers ``integrations.domain.webhooks.set_up`` needs."""

    cell = CellField(label=_("党组织范围"), help_text=_("只发送它和下级的变动。"))
    version = None  # type: ignore[assignment]
    field_order = ("name", "cell", "address", "types")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cells = Cell.objects.standing().filter(rules.KEEP_INTEGRATIONS.scope(user))
        self.fields["cell"].cells = cells  # type: ignore[attr-defined]
        self.fields["cell"].initial = cells.order_by("path").first()


class RotateForm(forms.Form):
    """How long both secrets hold."""

    hours = forms.TypedChoiceField(
        label=_("新旧密钥同时有效"), choices=OVERLAPS, coerce=int, widget=forms.RadioSelect, initial=24
    )


class ReplayForm(forms.Form):
    """From when on failed messages are sent once more."""

    since = DayField(label=_("自"), past=True)

    def clean_since(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["since"], time.min))
