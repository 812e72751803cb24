"""What letting a program in asks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cells.fields import CellField
from cells.models import Cell
from core.fields import DayField
from integrations import rules
from integrations.models import Token

USUAL = timedelta(days=90)


def _limit(name: str) -> int | None:
    return Token._meta.get_field(name).max_length


class LastDayForm(forms.Form):
    """How long the secret lasts."""

    expires_on = DayField(label=_("有效期至"), help_text=_("最长一年。到期前两周会提醒您。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].initial = timezone.localdate() + USUAL


class DrawUpForm(LastDayForm):
    """The answers ``integrations.domain.tokens.draw_up`` needs."""

    name = forms.CharField(label=_("名称"), max_length=_limit("name"), help_text=_("给哪个程序用，例如“名册同步”。"))
    cell = CellField(label=_("党组织范围"), help_text=_("只能办理它和下级的事。"))
    scopes = forms.MultipleChoiceField(
        label=_("用途"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "tick"}),
        help_text=_("只选程序要用的。职务变动后，令牌能办的事随之减少。"),
    )
    networks = forms.CharField(
        label=_("允许的地址"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一个地址或网段，如 203.0.113.0/24。留空则不限制。"),
    )

    field_order = ("name", "cell", "scopes", "expires_on", "networks")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cells = Cell.objects.standing().filter(rules.DRAW_UP.scope(user))
        self.fields["cell"].cells = cells  # type: ignore[attr-defined]
        self.fields["cell"].initial = cells.order_by("path").first()
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in rules.scopes_of(user)]  # type: ignore[attr-defined]
