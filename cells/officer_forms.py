"""Appointing and ending: whom, to what, from when."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cells.domain import people
from cells.fields import OFFERED, OfferingInput
from core.fields import DayField
from core.names import NAME_LIMIT


class AppointForm(forms.Form):
    """The answers :func:`cells.domain.appointments.appoint_named` needs."""

    name = forms.CharField(
        label=_("任职人"),
        max_length=NAME_LIMIT + 12,
        widget=OfferingInput,
        help_text=_("姓名，或“账号编号 姓名”。"),
    )
    office = forms.ChoiceField(label=_("职务"))
    on = DayField(label=_("任职日期"))
    until = DayField(label=_("任期至"), required=False, help_text=_("不填即至免去为止。"))
    open_account = forms.BooleanField(
        label=_("还没有账号，为其开设一个（开通前不能登录）"),
        required=False,
    )

    def __init__(self, *args, cell, offices, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(office.value, office.label) for office in offices]
        known = people.known_to(user)
        self.known = known
        self.fields["name"].widget.offer = lambda: [*_accounts(known), *_without_account(cell)]

    def clean(self):
        """Exactly one of the accounts within reach, or a new one where that was asked for."""
        answers = super().clean()
        written = answers.pop("name", "")
        opening = answers.pop("open_account", False)
        if not written:
            return answers
        code, _space, name = written.partition(" ")
        found = (
            self.known.filter(code=code.upper()) if code.upper().startswith("U-") else self.known.filter(name=written)
        )
        people = list(found[:6])
        if opening:
            answers |= {"holder": None, "name": name if code.upper().startswith("U-") else written}
        elif len(people) == 1:
            answers |= {"holder": people[0], "name": ""}
        elif people:
            named = _("；").join(f"{one.code} {one.name}" for one in people[:5])
            self.add_error(
                "name", ValidationError(_("有同名账号，请写上编号，如：%(named)s。"), params={"named": named})
            )
        else:
            self.add_error("name", _("在您的范围内没有这个人的账号。请核对姓名；如确为此人，请勾选“为其开设一个”。"))
        return answers


class EndForm(forms.Form):
    reason = forms.CharField(label=_("免职原因"), max_length=200, help_text=_("如“换届”“调离”。"))
    on = DayField(label=_("免职日期"), help_text=_("从这一天起不再任职。"))


def _accounts(known):
    return [f"{one.code} {one.name}" for one in known.order_by("name")[:OFFERED]]


def _without_account(cell):
    """Members of the cell for whom an account would have to be opened, through their own relation to it."""
    here = cell.memberships.current().filter(member__user=None).order_by("member__name_pinyin")
    return here.values_list("member__name", flat=True)[:OFFERED]
