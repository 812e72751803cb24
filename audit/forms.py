"""What a reader of the trail may ask for."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.querysets import EntryQuerySet
from core.fields import DayField


class TrailFilterForm(forms.Form):
    """Narrow the trail down; every question may stay empty, a wrong answer narrows nothing."""

    q = forms.CharField(label=_("姓名、名称或编号"), required=False, max_length=100)
    action = forms.CharField(label=_("事项"), required=False, max_length=64, widget=forms.HiddenInput)
    first = DayField(label=_("自"), required=False)
    last = DayField(label=_("至"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            self.add_error("last", _("止日早于起日，请把两个日期对调"))
        return given

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that were asked for; what is not filled in correctly is left aside."""
        if not self.is_bound:
            return entries
        self.is_valid()
        given = self.cleaned_data
        entries = entries.between(given.get("first"), given.get("last"))
        if given.get("action"):
            entries = entries.did(given["action"])
        if given.get("q"):
            words = given["q"].strip()
            entries = entries.filter(
                Q(actor_name__icontains=words) | Q(thing_label__icontains=words) | Q(thing_code__iexact=words)
            )
        return entries
