"""Assigning companies to advisors: from the company's page, and from the advisor's."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cells.fields import NAMED, OFFERED, OfferingInput
from core.codes import read_code
from core.fields import DayField


class AdvisorField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.name}　{obj.code}"


class AssignForm(forms.Form):
    """The answers :func:`cells.domain.assignments.assign` needs, of one company."""

    advisor = AdvisorField(label=_("党建工作指导员"), queryset=None, empty_label=_("请选择"))
    assigned_on = DayField(label=_("联系日期"), past=True)

    def __init__(self, *args, advisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["advisor"].queryset = advisors


class CompanyField(forms.CharField):
    """One of ``companies``, by its code or its name."""

    widget = OfferingInput

    def __init__(self, **kwargs):
        super().__init__(max_length=160, **kwargs)
        self.widget.attrs.setdefault("placeholder", _("企业名称或编号"))
        self.companies = None

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        code = read_code(text.split()[0])
        found = list(self.companies.filter(Q(code=code) if code else Q(name=text))[: NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("在您的范围内没有找到“%(text)s”，请核对名称或编号。"), params={"text": text[:40]})
        named = _("；").join(f"{company.code} {company}" for company in found[:NAMED])
        raise ValidationError(_("不止一家企业符合，请填写编号，如：%(named)s。"), params={"named": named})


class AssignCompanyForm(forms.Form):
    """The same of one advisor."""

    company = CompanyField(label=_("企业"))
    assigned_on = DayField(label=_("联系日期"), past=True)

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["company"]
        field.companies = companies
        field.widget.offer = lambda: [f"{one.code} {one}" for one in companies.order_by("name_pinyin")[:OFFERED]]


class EndAssignmentForm(forms.Form):
    reason = forms.CharField(label=_("结束原因"), max_length=200, help_text=_("如“轮换”“企业已建党支部”。"))
    ended_on = DayField(label=_("结束日期"), past=True, help_text=_("从这一天起不再联系。"))
