"""Keeping a filter: what it is called, who is offered it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cells import rules
from cells.domain.saved_filters import NAME_LIMIT
from cells.fields import CellField
from cells.models import Cell


class SavedFilterForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=NAME_LIMIT, help_text=_("如“本月预备期满”。"))
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    shared_with = CellField(
        label=_("共享给"),
        required=False,
        help_text=_("这个党组织及其下级的任职人员都能用，各自只看到自己范围内的。不填只给自己用。"),
    )
    pinned = forms.BooleanField(label=_("固定在工作台，随时看到有多少"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        may_share = rules.SHARE_FILTER.anywhere(user)
        self.fields["shared_with"].cells = Cell.objects.standing().filter(rules.SHARE_FILTER.scope(user))
        if not may_share:
            del self.fields["shared_with"]


class ChangeFilterForm(SavedFilterForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
