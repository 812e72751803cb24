"""What the wizard asks: each form's fields carry the names of its deed's arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cells.fields import CellField
from cells.models import Cell
from core.fields import DayField, Segments
from ledgers import parser, rules
from ledgers.choices import PURPOSE_LIMIT, FileFormat, Kind
from ledgers.domain.uploads import File

MOST_FILES = 3


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to three files at once, handed on as ``ledgers.domain.imports.File``."""

    widget = FilesInput

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.update(accept=".xlsx,.csv", multiple=True)

    def clean(self, data, initial=None):
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not given:
            raise forms.ValidationError(_("请选择要上传的文件。"))
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("一次最多三个文件：党组织、企业、党员各一个。"))
        too_big = next((one for one in given if one.size > parser.MOST_BYTES), None)
        if too_big:
            raise forms.ValidationError(
                _("%(file)s 超过 %(limit)d MB，请删去图片和多余的工作表，或拆成几个文件。"),
                params={"file": too_big.name, "limit": parser.MOST_BYTES // parser.MIB},
            )
        return [File(one.name, one.read()) for one in given]


class StartForm(forms.Form):
    """The answers ``imports.start`` and ``uploads.upload`` need."""

    cell = CellField(
        label=_("为哪个党组织导入"), help_text=_("台账里没有写上级的党组织归到它下面；没有写支部的党员也归到它。")
    )
    as_of = DayField(label=_("台账截止日期"), help_text=_("名册从这一天起算。"), past=True)
    files = FilesField(label=_("台账文件"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cell"].cells = Cell.objects.standing().filter(rules.IMPORT_INTO.scope(user))


class MoreFilesForm(forms.Form):
    """More files, or corrected ones, for an import under way."""

    files = FilesField(label=_("补充或替换文件"))


class MappingForm(forms.Form):
    """Which field each column of one file feeds."""

    def __init__(self, *args, upload, **kwargs):
        super().__init__(*args, **kwargs)
        self.upload = upload
        offered = [("", _("不导入"))] + [
            (column.field, f"{column.label} *" if column.required else column.label) for column in upload.ledger.columns
        ]
        for place, heading in enumerate(upload.headings):
            if heading:
                known = upload.mapping[place] if place < len(upload.mapping) else ""
                self.fields[f"column-{upload.pk}-{place}"] = forms.ChoiceField(
                    label=heading, choices=offered, required=False, initial=known
                )

    def mapping(self):
        """One field or nothing for each column of the file."""
        chosen = [""] * len(self.upload.headings)
        for name, value in self.cleaned_data.items():
            chosen[int(name.rsplit("-", 1)[1])] = value
        return chosen


class EditForm(forms.Form):
    """One cell, as it is to be."""

    field = forms.CharField(max_length=40)
    text = forms.CharField(max_length=5000, required=False, strip=False)


class ReplaceForm(forms.Form):
    """The same text in many cells of a column, as it is to be."""

    kind = forms.ChoiceField(choices=Kind)
    field = forms.CharField(max_length=40)
    old = forms.CharField(max_length=5000, strip=False)
    new = forms.CharField(
        label=pgettext_lazy("field", "改为"), max_length=200, error_messages={"required": _("请填写要改成什么。")}
    )


class TemplateForm(forms.Form):
    """A template filled with what is recorded."""

    kind = forms.ChoiceField(label=_("台账"), choices=Kind)
    purpose = forms.CharField(label=_("用途"), max_length=PURPOSE_LIMIT, required=False)


class ExportForm(forms.Form):
    """How a list is to leave: the answers ``exports.export`` needs besides which rows."""

    format = forms.ChoiceField(label=_("格式"), choices=FileFormat, initial=FileFormat.XLSX, widget=Segments)
    every = forms.TypedChoiceField(
        label=_("列"), coerce=lambda value: value == "all", initial="seen", widget=forms.RadioSelect
    )
    whole = forms.BooleanField(label=_("证件号码、手机号不打码"), required=False)
    purpose = forms.CharField(
        label=_("用途"),
        required=False,
        max_length=PURPOSE_LIMIT,
        help_text=_("不打码时必填。会写在文件页眉、操作记录里，名单上的每位党员都看得到。"),
    )

    def __init__(self, *args, seen, left, every, may_have_whole, **kwargs):
        super().__init__(*args, **kwargs)
        some = _("眼前的 %(count)d 列：%(names)s（%(left)s不导出）") if left else _("眼前的 %(count)d 列：%(names)s")
        told = {"seen": (some, seen), "all": (_("全部 %(count)d 列：%(names)s"), every)}
        self.fields["every"].choices = [
            (value, words % {"count": len(columns), "names": _labels(columns), "left": _labels(left)})
            for value, (words, columns) in told.items()
        ]
        if not may_have_whole:
            del self.fields["whole"], self.fields["purpose"]


def _labels(columns):
    return _("、").join(str(column.label) for column in columns)
