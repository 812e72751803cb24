"""What pages ask: each form's fields carry the names of its deed's arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cells import checks, rules
from cells.choices import ALLOWED_CHILDREN, MERGES_INTO, CellKind, FormationMode, SetupTask
from cells.fields import CellField
from cells.models import Cell
from core.fields import CheckedField, DayField

NO_CHOICE = [("", _("未说明"))]


def kept_by(user, rule=rules.KEEP_CELL):
    """The cells that may be chosen by whoever keeps them."""
    return Cell.objects.standing().filter(rule.scope(user))


class PhoneField(forms.RegexField):
    def __init__(self, **kwargs):
        super().__init__(
            checks.PHONE,
            error_messages={"invalid": checks.PHONE_WRONG},
            strip=True,
            **kwargs,
        )
        self.widget.attrs.update(inputmode="tel", autocomplete="off")


class OnForm(forms.Form):
    """A change of the tree, and from which day it holds."""

    on = DayField(label=_("生效日期"), help_text=_("从这一天起按新情况计；之前的日期仍显示原样。"), past=True)


class FoundForm(forms.Form):
    superior = CellField(label=_("上级党组织"))
    name = forms.CharField(
        label=_("党组织全称"), max_length=checks.NAME_LIMIT, help_text=_("与批复一致，如“中共某某公司支部委员会”。")
    )
    short_name = forms.CharField(label=_("简称"), max_length=checks.SHORT_NAME_LIMIT, required=False)
    kind = forms.ChoiceField(label=_("组织类别"), choices=CellKind)
    formation_mode = forms.ChoiceField(
        label=_("组建方式"), choices=[*NO_CHOICE, *FormationMode.choices], required=False
    )
    founded_on = DayField(label=_("成立日期"), past=True, required=False)
    term_number = forms.IntegerField(label=_("届次"), min_value=1, max_value=999, required=False)
    term_from = DayField(label=_("本届任期起"), past=True, required=False)
    term_due = DayField(label=_("届满日期"), required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=50, required=False)
    contact_phone = PhoneField(label=_("联系电话"), required=False)
    units_text = forms.CharField(
        label=_("所在单位"),
        max_length=1000,
        required=False,
        help_text=_("联合支部写出各家企业，用顿号隔开；已建档的企业会自动关联。"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["superior"].cells = kept_by(user).exclude(kind=CellKind.GROUP)


class CorrectForm(forms.Form):
    """Everything about a cell that is not dated by itself; a new name has a form of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("党组织全称"),
        max_length=checks.NAME_LIMIT,
        help_text=_("在这里改的是错字，历史也一并更正；正式更名请用“更名”。"),
    )
    short_name = forms.CharField(label=_("简称"), max_length=checks.SHORT_NAME_LIMIT, required=False)
    formation_mode = forms.ChoiceField(
        label=_("组建方式"), choices=[*NO_CHOICE, *FormationMode.choices], required=False
    )
    founded_on = DayField(label=_("成立日期"), past=True, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=50, required=False)
    contact_phone = PhoneField(label=_("联系电话"), required=False, help_text=_("留空则保持不变。"))
    units_text = forms.CharField(label=_("所在单位"), max_length=1000, required=False)
    org_id_code = forms.CharField(label=_("党组织识别码"), max_length=32, required=False)
    org_path_code = forms.CharField(label=_("党组织层级码"), max_length=64, required=False)

    FIELDS = (
        "name",
        "short_name",
        "formation_mode",
        "founded_on",
        "contact_name",
        "units_text",
        "org_id_code",
        "org_path_code",
    )

    def clean(self):
        answers = super().clean()
        # An empty box leaves the number that nobody may see here as it is.
        if not answers.get("contact_phone"):
            answers.pop("contact_phone", None)
        return answers


class RenameForm(OnForm):
    name = forms.CharField(label=_("新的全称"), max_length=checks.NAME_LIMIT)
    short_name = forms.CharField(label=_("新的简称"), max_length=checks.SHORT_NAME_LIMIT, required=False)
    field_order = ["name", "short_name", "on"]


class MoveForm(OnForm):
    superior = CellField(label=_("新的上级党组织"))
    field_order = ["superior", "on"]

    def __init__(self, *args, user, cell, **kwargs):
        super().__init__(*args, **kwargs)
        fitting = [kind for kind, children in ALLOWED_CHILDREN.items() if cell.kind in children]
        below = Cell.objects.under(cell).values("pk")
        self.fields["superior"].cells = kept_by(user).filter(kind__in=fitting).exclude(pk__in=below)


class ReorganiseForm(OnForm):
    kind = forms.ChoiceField(label=_("新的组织类别"), choices=CellKind)
    field_order = ["kind", "on"]


class MergeForm(OnForm):
    into = CellField(label=_("并入哪个党组织"))
    field_order = ["into", "on"]

    def __init__(self, *args, user, cell, **kwargs):
        super().__init__(*args, **kwargs)
        below = Cell.objects.under(cell).values("pk")
        self.fields["into"].cells = kept_by(user).filter(kind__in=MERGES_INTO[cell.kind]).exclude(pk__in=below)


class DissolveForm(OnForm):
    reason = forms.CharField(label=_("撤销原因"), max_length=200, help_text=_("如“企业注销，报上级党委批准”。"))
    field_order = ["reason", "on"]


class TermForm(forms.Form):
    number = forms.IntegerField(label=_("届次"), min_value=1, max_value=999, required=False)
    from_on = DayField(label=_("本届任期起"), past=True, help_text=_("选举产生本届班子的日期。"))
    due_on = DayField(label=_("届满日期"), help_text=_("党委一般五年，党总支、党支部一般三年。"))


class RevealForm(forms.Form):
    purpose = forms.CharField(
        label=_("用途"), max_length=200, help_text=_("如“通知本周五座谈会”。用途会记入操作记录。")
    )


class HistoryForm(forms.Form):
    on = DayField(label=_("查看哪一天"), required=False)


class CountField(CheckedField):
    def __init__(self, **kwargs):
        super().__init__(check=checks.count, max_length=20, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "class": "w-date"})


class SetupForm(forms.Form):
    """Which deed on the set-up list, and on which of its tasks."""

    act = forms.ChoiceField(choices=[("confirm", ""), ("put_away", ""), ("bring_back", "")])
    task = forms.ChoiceField(choices=[("", ""), *SetupTask.choices], required=False)
