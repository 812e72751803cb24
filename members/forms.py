"""What pages ask about members: each form's fields carry the names of its deed's arguments."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cells.domain import people
from cells.fields import CellField
from core.codes import read_code
from core.fields import DayField
from core.masks import mask_address, mask_id_number, mask_mobile
from core.uploading import MIB
from members import rules
from members.checks import CODED, LIMITS, check_answers
from members.checks.evidence import MOST_BYTES
from members.checks.items import DATES
from members.choices import LEAVING, REQUESTABLE, Category, ExitReason, Gender, IdKind
from members.dictionaries import EDUCATION, ETHNICITY, POST
from members.domain.lines import homes_kept_by
from members.models import Member

UNSAID = [("", pgettext_lazy("item", "未填写"))]
# Shown masked; in a form they stay empty, and empty means "as it was".
SECRETS = ("id_number", "mobile", "address")
# So that these can be emptied, each has a tick beside it.
CLEARING = {"mobile": _("清除手机号"), "address": _("清除家庭住址")}
FIRST = (
    "id_number",
    "name",
    "gender",
    "ethnicity",
    "birth_date",
    "education",
    "category",
    "joined_on",
    "converted_on",
    "post",
    "mobile",
    "clear_mobile",
    "landline",
    "address",
    "clear_address",
    "is_lost",
    "lost_on",
    "is_migrant",
    "flow_to",
)
# How they stand in the form: number, name, gender and birth date come before these.
ROWS = (
    ("ethnicity", "education"),
    ("category", "joined_on", "converted_on"),
    ("post",),
    ("mobile", "clear_mobile", "landline"),
    ("address", "clear_address"),
    ("is_lost", "lost_on"),
    ("is_migrant", "flow_to"),
)


def _text(label, name="", **kwargs):
    kwargs.setdefault("required", False)
    field = forms.CharField(label=label, **kwargs)
    field.widget.attrs.setdefault("autocomplete", "off")
    if name in LIMITS and LIMITS[name] > 60:
        field.widget.attrs["class"] = "wide"
    return field


def _choice(label, choices):
    return forms.ChoiceField(label=label, choices=[*UNSAID, *choices], required=False)


def _day(label, **kwargs):
    """A day as somebody writes it; ``members.checks`` reads it together with the rest."""
    field = _text(label, **kwargs)
    field.widget.attrs |= {"placeholder": "1990-01-02", "inputmode": "numeric"}
    return field


class RecordForm(forms.Form):
    """One member's record: the sixteen items of the national form, the rest behind them.

    The answers are checked together by ``members.checks``, which says everything that is wrong at once.
    """

    id_number = _text(_("公民身份证号"))
    name = _text(_("姓名"))
    gender = _choice(_("性别"), Gender.choices)
    ethnicity = _choice(_("民族"), ETHNICITY.choices)
    birth_date = _day(_("出生日期"))
    education = _choice(_("学历"), EDUCATION.choices)
    category = _choice(_("人员类别"), Category.choices)
    joined_on = _day(_("加入党组织日期"))
    converted_on = _day(_("转为正式党员日期"))
    post = _choice(_("工作岗位"), POST.choices)
    mobile = _text(_("手机号"))
    landline = _text(_("固定电话"), "landline")
    address = _text(_("家庭住址"), "address", help_text=_("写到门牌号。"))
    is_lost = forms.BooleanField(label=_("失联党员"), required=False)
    lost_on = _day(_("失去联系日期"))
    is_migrant = forms.BooleanField(label=_("流动党员"), required=False)
    flow_to = _text(_("外出流向"), "flow_to")

    id_kind = forms.ChoiceField(label=_("证件类别"), choices=IdKind.choices, required=False)
    archive_birth_date = _day(_("档案出生日期"), help_text=_("与证件不一致时填写，两个日期都保留。"))
    native_place = _text(_("籍贯"), "native_place")
    degree = _text(_("学位"), "degree")
    school = _text(_("毕业院校"), "school")
    major = _text(_("专业"), "major")
    work_started_on = _day(_("参加工作日期"))
    applied_on = _day(_("入党申请日期"))
    new_stratum = _text(_("新的社会阶层"), "new_stratum")
    technical_title = _text(_("专业技术职务"), "technical_title")
    employer_text = _text(_("工作单位名称"), "employer_text")
    email = _text(_("邮箱"))
    remarks = _text(_("备注"), "remarks")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("id_number", "name", "category"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("请填写%(item)s。") % {"item": self.fields[name].label}
        self.fields["id_number"].widget.attrs |= {
            "class": "w-id",
            "spellcheck": "false",
            "autocapitalize": "characters",
        }
        self.fields["name"].widget.attrs |= {"class": "w-name"}
        self.fields["converted_on"].widget.attrs |= {"placeholder": _("预备党员不填")}
        self.fields["flow_to"].widget.attrs |= {"placeholder": _("流动党员填省、市、县")}
        self.fields["mobile"].widget.attrs |= {"inputmode": "tel"}
        self.fields["email"].widget.attrs |= {"inputmode": "email"}
        self.order_fields([*FIRST, *(name for name in self.fields if name not in FIRST)])

    @property
    def number_row(self):
        """What the ID number fills."""
        return [self["gender"], self["birth_date"]]

    @property
    def rows(self):
        """The sixteen items after number, name and what follows from them, those that belong together side by side."""
        return [[self[name] for name in row if name in self.fields] for row in ROWS]

    @property
    def rest(self):
        return [self[name] for name in self.fields if name not in FIRST and not self[name].is_hidden]

    @property
    def rest_is_open(self):
        """Whether something behind the sixteen items is to be seen at once."""
        return any(bound.errors for bound in self.rest)

    def check(self, answers, known=None):
        """Put every problem at its field; the answers as ``members.checks`` reads them."""
        found = check_answers(answers, on=timezone.localdate(), known=known)
        for name, sentences in found.problems.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, sentences[0])
        return found.values


class EnrolForm(RecordForm):
    """A new member of one cell. The number comes first; it fills gender and birth date."""

    def clean(self):
        answers = super().clean()
        if not answers.get("id_kind"):
            answers["id_kind"] = IdKind.RESIDENT
        return self.check(answers)


class CorrectForm(RecordForm):
    """A record as it stands, to be put right. What is shown masked stays empty here."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, member, **kwargs):
        self.member = member
        shown = {name: self._shown(getattr(member, name)) for name in self.base_fields if name not in SECRETS}
        super().__init__(*args, initial=shown | kwargs.pop("initial", {}), **kwargs)
        masked = {
            "id_number": mask_id_number(member.id_number),
            "mobile": mask_mobile(member.mobile),
            "address": mask_address(member.address),
        }
        for name in SECRETS:
            if masked[name]:
                self.fields[name].required = False
                self.fields[name].help_text = _("现为 %(masked)s，留空则保持不变。") % {"masked": masked[name]}
        for name, words in CLEARING.items():
            if masked[name]:
                self.fields[f"clear_{name}"] = forms.BooleanField(label=words, required=False)

    @property
    def shown_before(self):
        """Each item as it stood when the page was made: posted again, they say what the editor changed."""
        for name in self.base_fields:
            if name not in (*SECRETS, "version"):
                kept = self.data.get(f"initial-{name}", "") if self.is_bound else self.initial[name]
                yield name, "on" if kept is True else kept or ""

    @property
    def rest_is_filled(self):
        return any(self.initial.get(bound.name) for bound in self.rest if bound.name != "id_kind")

    @staticmethod
    def _shown(value):
        return value.isoformat() if hasattr(value, "isoformat") else value

    def clean(self):
        answers = super().clean()
        for name in SECRETS:
            cleared = answers.pop(f"clear_{name}", False)
            if cleared and answers.get(name):
                self.add_error(name, _("既填写了新的，又勾选了清除，请只选一样。"))
            elif not cleared and not answers.get(name):
                answers.pop(name, None)
        version = answers.pop("version", None)
        known = {name: getattr(self.member, name) for name in self.base_fields if name != "version"}
        changed = {
            name: value for name, value in answers.items() if name in SECRETS or self._differs(name, value, known)
        }
        values = self.check(changed, known | {"standing": self.member.standing})
        return {name: value for name, value in values.items() if value != known.get(name)} | {"version": version}

    def _differs(self, name, value, known):
        return value != self._shown("" if known[name] is None else known[name])


class InPlaceForm(CorrectForm):
    """What changes most often of a record, put right from the list."""

    ASKED = ("mobile", "clear_mobile", "landline", "post", "employer_text")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {name: field for name, field in self.fields.items() if name in (*self.ASKED, "version")}


class OnForm(forms.Form):
    on = DayField(label=_("生效日期"), past=True)

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"on": timezone.localdate()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class VersionedForm(OnForm):
    """A deed done to the record as its page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, initial={"version": member.version}, **kwargs)

    def read_again(self, member):
        """Once it has been said that the record was changed, sending the form again is meant for what it is now."""
        self.data = self.data.copy()
        self.data["version"] = member.version


class ConvertForm(VersionedForm):
    on = DayField(label=_("转为正式党员日期"), past=True, help_text=_("支部党员大会通过的日期。"))


class PlaceForm(VersionedForm):
    cell = CellField(label=_("调整到"))
    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("如“编入第一党小组”。跨支部的请先取得双方同意。")
    )
    field_order = ["cell", "reason", "on"]

    def __init__(self, *args, user, member, **kwargs):
        super().__init__(*args, member=member, **kwargs)
        self.fields["cell"].cells = homes_kept_by(user).exclude(pk=member.cell.pk)


class PlaceManyForm(OnForm):
    cell = CellField(label=_("调整到"))
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("如“党小组重新划分”。"))
    field_order = ["cell", "reason", "on"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cell"].cells = homes_kept_by(user)


class SuspendForm(VersionedForm):
    reason = forms.CharField(label=_("停止党籍的理由"), max_length=200, help_text=_("如“失去联系六个月以上”。"))
    field_order = ["reason", "on"]


class RestoreForm(VersionedForm):
    cell = CellField(label=_("编入党支部"))
    reason = forms.CharField(label=_("恢复党籍的理由"), max_length=200)
    field_order = ["cell", "reason", "on"]

    def __init__(self, *args, user, member, **kwargs):
        super().__init__(*args, member=member, **kwargs)
        self.fields["cell"].cells = homes_kept_by(user)
        if "cell" not in self.initial and rules.KEEP_MEMBER.allows(user, member.place):
            self.initial["cell"] = member.cell


class LeaveForm(VersionedForm):
    reason = forms.ChoiceField(
        label=_("离开的原因"), choices=[("", _("请选择")), *((code, ExitReason(code).label) for code in LEAVING)]
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False, help_text=_("如批准机关和文号。"))
    field_order = ["reason", "note", "on"]


class DeathForm(VersionedForm):
    on = DayField(label=_("去世日期"), past=True)


class VoidForm(OnForm):
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("如“录错了人”。"))
    on = DayField(label=_("日期"), past=True)
    field_order = ["reason", "on"]


class MergeForm(OnForm):
    absorbed = forms.CharField(label=_("重复的那份记录"), max_length=20, help_text=_("填写党员编号，如 DY-7K3M9Q。"))
    reason = forms.CharField(label=_("为什么是同一个人"), max_length=200)
    field_order = ["absorbed", "reason", "on"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["absorbed"].widget.attrs |= {"autocomplete": "off", "class": "w-id"}

    def clean_absorbed(self):
        code = read_code(self.cleaned_data["absorbed"]) or ""
        found = Member.objects.visible_to(self.user).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("在您可以查看的名册中没有这个编号，请核对。"))
        return found


class RevealForm(forms.Form):
    item = forms.ChoiceField(choices=[(name, name) for name in SECRETS], widget=forms.HiddenInput)
    purpose = forms.CharField(
        label=_("用途"),
        max_length=200,
        help_text=_("如“核对组织关系”，至少 4 个字，会记入查看记录。"),
        error_messages={"required": _("请写明用途，至少 4 个字，例如“核对组织关系”。")},
    )

    def __init__(self, *args, own, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = not own


class LinkForm(forms.Form):
    user = forms.CharField(label=_("账号编号"), max_length=20, help_text=_("填写本人账号的编号，如 U-7K3M9Q。"))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_user(self):
        found = people.linkable_by(self.by).filter(code=self.cleaned_data["user"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("没有这个编号的账号，请核对。"))
        return found


class EvidenceField(forms.FileField):
    """One file, handed on as its bytes; what is in it is looked at by the deed."""

    def __init__(self, **kwargs):
        super().__init__(
            error_messages={"required": _("请附上证明材料：照片或 PDF。"), "empty": _("这个文件是空的，请另选一个。")},
            **kwargs,
        )
        self.widget = forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,application/pdf", "class": "input", "hx-preserve": "true"}
        )

    def clean(self, data, initial=None):
        if data is not None and data.size > MOST_BYTES:
            raise forms.ValidationError(
                _("证明材料不能超过 %(limit)d MB，请压缩后再上传，或改拍一张照片。"),
                params={"limit": MOST_BYTES // MIB},
            )
        given = super().clean(data, initial)
        return given.read() if given else b""


class ChangeRequestForm(forms.Form):
    """One item of one's own record, as it should be, and the paper that shows it."""

    item = forms.ChoiceField(choices=[(name, name) for name in REQUESTABLE], widget=forms.HiddenInput)
    new = forms.CharField(label=_("应改为"))
    evidence = EvidenceField(
        label=_("证明材料"), help_text=_("身份证、毕业证等的照片或 PDF，不超过 10 MB。照片里的拍摄地点会去掉。")
    )
    note = forms.CharField(
        label=_("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如“去年录入时写错”。"),
    )  # fmt: skip

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, initial={"item": item}, **kwargs)
        if item in CODED:
            choices = [("", _("请选择")), *CODED[item].choices]
            self.fields["new"] = forms.ChoiceField(label=self.fields["new"].label, choices=choices)
        elif item in DATES:
            self.fields["new"].widget.attrs |= {"placeholder": "1990-01-02", "inputmode": "numeric"}
        elif item == "id_number":
            self.fields["new"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "characters"}
        self.fields["new"].widget.attrs["autocomplete"] = "off"
        self.fields["new"].error_messages["required"] = _("请填写应改为什么。")


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("退回的理由"), max_length=200, help_text=_("本人会看到，请写明怎样改。"),
        error_messages={"required": _("请写明退回的理由，本人会看到。")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs |= {"list": "refusal-reasons", "autocomplete": "off", "class": "wide"}

    @property
    def usual(self):
        """What is said most often, to be chosen instead of typed."""
        return [
            _("证明材料看不清，请重新拍照上传。"),
            _("证明材料与申请的内容不一致，请核对。"),
            _("与党员档案不一致，请携档案材料到支部核对。"),
        ]
