"""What the deeds about members are told. Each answer is named as the argument of its deed."""

from base64 import b64decode
from binascii import Error as NotBase64

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from cells.domain.people import linkable_by
from core.codes import read_code
from core.rest.answers import Answers, Choice, Code, Day, Optional, Text
from core.uploading import MIB
from members.checks.evidence import MOST_BYTES
from members.choices import LEAVING, REQUESTABLE, ExitReason, RightKind
from members.domain.lines import homes_kept_by
from members.models import Member
from members.reach import readable_requests, seen_members

REASON = 200
WORDS = 1000
MOST_AT_ONCE = 200


class Codes(serializers.ListField):
    """Several rows of ``among(user)`` by their codes, looked up at once; one out of reach is an unknown one."""

    child = Text()

    def __init__(self, among, **kwargs):
        super().__init__(**{"allow_empty": False, "max_length": MOST_AT_ONCE} | kwargs)
        self.among = among

    def to_internal_value(self, data):
        codes = [read_code(text) or text for text in super().to_internal_value(data)]
        found = {row.code: row for row in self.among(self.context["user"]).filter(code__in=codes)}
        unknown = _now("没有编号为“%(code)s”的记录，请核对编号。")
        wrong = {
            place: [ErrorDetail(unknown % {"code": code[:40]}, code="unknown_code")]
            for place, code in enumerate(codes)
            if code not in found
        }
        if wrong:
            raise ValidationError(wrong)
        return [found[code] for code in dict.fromkeys(codes)]


@extend_schema_field({"type": "string", "format": "byte"})
class Evidence(serializers.Field):
    """One file: a part of a form, or in base64 in JSON. What is in it is looked at by the deed."""

    def to_internal_value(self, data):
        if isinstance(data, UploadedFile):
            if data.size > MOST_BYTES:
                limit = {"limit": MOST_BYTES // MIB}
                raise ValidationError(_now("证明材料不能超过 %(limit)d MB，请压缩后再上传，或改拍一张照片。") % limit)
            return data.read()
        try:
            return b64decode(data, validate=True)
        except (NotBase64, TypeError, ValueError):
            raise ValidationError(_now("请把文件写成 base64，或作为表单的一部分上传。")) from None

    def to_representation(self, value):
        return value


class OnAnswers(Answers):
    on = Day(label=_("生效日期"), past=True)


class PlaceAnswers(OnAnswers):
    cell = Code(homes_kept_by, label=_("调整到"))
    reason = Text(label=_("原因"), max_length=REASON)


class PlaceTogetherAnswers(PlaceAnswers):
    members = Codes(seen_members, label=_("党员"))


class ReasonAnswers(OnAnswers):
    reason = Text(label=_("理由"), max_length=REASON)


class RestoreAnswers(ReasonAnswers):
    cell = Code(homes_kept_by, label=_("编入党支部"))


class LeaveAnswers(OnAnswers):
    reason = Choice([(code, ExitReason(code).label) for code in LEAVING], label=_("离开的原因"))
    note = Optional(label=_("说明"), max_length=REASON)


class MergeAnswers(ReasonAnswers):
    absorbed = Code(seen_members, label=_("重复的那份记录"))


class LinkAnswers(Answers):
    user = Code(linkable_by, label=_("账号编号"))


class OwnAnswers(Answers):
    """One of one's own facts; with an e-mail address, consent to be written to."""

    mobile = Optional(label=Member._meta.get_field("mobile").verbose_name)
    address = Optional(label=Member._meta.get_field("address").verbose_name)
    email = Optional(label=Member._meta.get_field("email").verbose_name)
    agreed = serializers.BooleanField(label=_("同意用邮箱联系"), required=False)

    def validate(self, told):
        if len(told.keys() & {"mobile", "address", "email"}) != 1:
            raise ValidationError(_now("请写手机号、家庭住址、邮箱中的一项，一次一项。"))
        return told


class AskAnswers(Answers):
    item = Choice([(item, Member._meta.get_field(item).verbose_name) for item in REQUESTABLE], label=_("项目"))
    new = Text(label=_("应改为"), max_length=REASON)
    evidence = Evidence(label=_("证明材料"))
    note = Optional(label=_("说明"), max_length=REASON)


class RefuseAnswers(Answers):
    reason = Text(label=_("退回的理由"), max_length=REASON)


class GrantManyAnswers(Answers):
    requests = Codes(readable_requests, label=_("更正申请"))


class RightAnswers(Answers):
    kind = Choice(RightKind, label=_("申请事项"))
    words = Text(label=_("申请内容"), max_length=WORDS)


class GrantRightAnswers(Answers):
    answer = Optional(label=_("办理情况"), max_length=WORDS, default="")


class RefuseRightAnswers(Answers):
    answer = Text(label=_("不予办理的理由"), max_length=WORDS)
