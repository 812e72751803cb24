"""What pages ask about companies: each form's fields carry the names of its deed's arguments."""

from decimal import Decimal
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from cells import checks, rules
from cells.choices import CellKind, FormationMode
from cells.credit_codes import check_credit_code
from cells.fields import CellField
from cells.forms import NO_CHOICE, CountField, PhoneField
from cells.models import YUAN_IN_WAN, Cell, in_wan
from core.fields import CheckedField, DayField, YesNoField
from core.names import NAME_LIMIT


class CreditCodeField(CheckedField):
    def __init__(self, **kwargs):
        super().__init__(check=check_credit_code, max_length=40, **kwargs)
        self.widget.attrs.update(autocomplete="off", spellcheck="false")

    @property
    def nothing(self):
        return ""


class OutputField(CheckedField):
    """Asked in 万元 as ledgers ask it, kept in yuan."""

    def __init__(self, **kwargs):
        super().__init__(check=partial(checks.yuan, unit=YUAN_IN_WAN), max_length=30, **kwargs)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off")

    def prepare_value(self, value):
        return in_wan(value) if isinstance(value, Decimal) else value


class FileFields(forms.Form):
    """What a file says that surveys do not."""

    name = forms.CharField(label=_("企业名称"), max_length=checks.NAME_LIMIT, help_text=_("与营业执照一致。"))
    credit_code = CreditCodeField(label=_("统一社会信用代码"), required=False)
    district = forms.CharField(label=_("县市区"), max_length=40, required=False)
    park = forms.CharField(label=_("园区"), max_length=60, required=False)
    line_of_business = forms.CharField(label=_("行业类别"), max_length=60, required=False)
    keeper = CellField(label=_("归口党组织"), help_text=_("由哪个党组织维护这家企业的档案。"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keeper"].cells = Cell.objects.standing().filter(rules.KEEP_FILES.scope(user))
        if "cover_cell" in self.fields:
            self.fields["cover_cell"].cells = covering(user)


class SurveyFields(forms.Form):
    """What a survey finds."""

    surveyed_on = DayField(label=_("摸排日期"), past=True)
    operating = forms.BooleanField(label=_("实体运营（覆盖率只计实体运营的企业）"), required=False, initial=True)
    fixed_premises = YesNoField(label=_("有无固定场所"))
    staff = CountField(label=_("职工人数"), required=False)
    output = OutputField(label=_("年产值"), required=False)
    members_known = CountField(label=_("已知党员数"), required=False, help_text=_("含组织关系尚未转入的党员。"))
    legal_representative_is_member = YesNoField(label=_("法定代表人是否党员"))
    cover_cell = CellField(
        label=_("所属党组织"),
        required=False,
        help_text=_("覆盖这家企业的党组织；单独或联合组建由它的类别得出。"),
    )
    formation_mode = forms.ChoiceField(
        label=_("组建方式"), choices=[*NO_CHOICE, *FormationMode.choices], required=False
    )
    advisor = forms.CharField(label=_("党建工作指导员"), max_length=50, required=False)
    has_liaison = forms.BooleanField(label=_("有党建联络员"), required=False)
    has_mass_organisation = forms.BooleanField(label=_("建有工会或共青团组织"), required=False)


class RegisterForm(FileFields, SurveyFields):
    field_order = [*FileFields.base_fields, *SurveyFields.base_fields]


class CorrectCompanyForm(FileFields):
    version = forms.IntegerField(widget=forms.HiddenInput)

    FIELDS = ("name", "credit_code", "district", "park", "line_of_business", "keeper")


class SurveyForm(SurveyFields):
    version = forms.IntegerField(widget=forms.HiddenInput)

    FIELDS = tuple(name for name in SurveyFields.base_fields if name != "surveyed_on")

    def __init__(self, *args, user, company, **kwargs):
        super().__init__(*args, **kwargs)
        known = Cell.objects.filter(pk=company.cover_cell_id)
        self.fields["cover_cell"].cells = covering(user) | known


class ContactForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=NAME_LIMIT)
    post = forms.CharField(label=_("职务"), max_length=50, required=False)
    phone = PhoneField(label=_("电话"), required=False)


class CorrectContactForm(ContactForm):
    phone = PhoneField(label=_("电话"), required=False, help_text=_("留空则保持不变。"))

    def clean(self):
        answers = super().clean()
        # An empty box leaves the number that nobody may see here as it is.
        if not answers.get("phone"):
            answers.pop("phone", None)
        return answers


def covering(user):
    """The cells that may be said to cover a company: those within sight, but for groups."""
    return Cell.objects.standing().visible_to(user).exclude(kind=CellKind.GROUP)
