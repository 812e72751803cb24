"""How an import and its rows are shown to programs, and what its deeds are told."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from cells.models import Cell
from cells.reach import seen_cells
from core.rest.answers import Answers, Code, Day, Text
from core.rest.shapes import Reference, Shape
from ledgers import parser, rules, showing
from ledgers.choices import Kind
from ledgers.domain.uploads import File
from ledgers.models import Import, StagedRow

MOST_FILES = 3
LONGEST = 5000


class UploadShape(serializers.Serializer):
    """One file: which ledger it is, and which of its columns feeds which field."""

    kind = serializers.ChoiceField(choices=Kind)
    file_name = serializers.CharField()
    rows = serializers.IntegerField()
    headings = serializers.ListField(child=serializers.CharField())
    mapping = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField(), label=_("未识别的列"))
    missing = serializers.ListField(child=serializers.CharField(), label=_("缺少的必填列"))


class ImportShape(Shape):
    """``counts`` says for each ledger how many rows are new, updates, the same or in error."""

    base = "imports"
    brief = ("ref", "state", "url")
    ref = serializers.CharField(label=_("编号"))
    cell = Reference("cells.serializers.cells.CellShape", among=seen_cells)
    counts = serializers.JSONField(label=_("核对结果"))
    trial = serializers.SerializerMethodField(label=_("试运行"))
    result = serializers.SerializerMethodField(label=_("导入结果"))
    undo_until = serializers.DateField(allow_null=True, label=_("可撤销至"))
    uploads = serializers.SerializerMethodField(label=_("台账文件"))
    job = serializers.SerializerMethodField(label=_("任务"))

    class Meta:
        model = Import
        fields = (
            "ref", "url", "cell", "as_of", "state", "counts", "trial", "result", "uploads", "job", "created_at",
            "finished_at", "expires_at", "undo_until",
        )  # fmt: skip

    def key_of(self, thing: Import) -> str:
        return thing.ref

    def get_trial(self, one: Import) -> dict[str, Any]:
        return one.trial.get("done", {})

    def get_result(self, one: Import) -> dict[str, Any]:
        return one.result.get("done", {})

    def get_uploads(self, one: Import) -> list[dict[str, Any]]:
        return UploadShape(one.uploads.all(), many=True).data

    def get_job(self, one: Import) -> str | None:
        return f"/api/v1/jobs/{one.job.code}/" if one.job else None


class RowShape(serializers.Serializer):
    """A staged row; numbers and addresses masked as on the page. ``changes`` are old and new."""

    kind = serializers.ChoiceField(choices=Kind)
    number = serializers.IntegerField(label=_("行号"))
    outcome = serializers.CharField(label=_("核对结果"))
    cells = serializers.DictField(child=serializers.CharField(), label=_("内容"))
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), label=_("有误"))
    notes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), label=_("提示"))
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), label=_("改动"))


def row_shown(row: StagedRow, *, whole: bool) -> dict[str, Any]:
    """A row as ``RowShape`` says; ``whole`` as ``showing.is_open_to`` has it."""
    cells = showing.every_cell(row, whole=whole)
    return {
        "kind": row.upload.kind,
        "number": row.number,
        "outcome": row.outcome,
        "cells": {one.column.field: one.text for one in cells if one.text},
        "errors": {one.column.field: list(one.errors) for one in cells if one.errors},
        "notes": {one.column.field: list(one.notes) for one in cells if one.notes},
        "changes": {one.column.field: [one.old, one.new] for one in cells if one.new is not None},
    }


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "binary"}})
class Files(serializers.Field):
    """Up to three files of a form (multipart/form-data), each under the name ``files``."""

    several = True

    def get_value(self, dictionary: Any) -> Any:
        given = dictionary.getlist(self.field_name) if hasattr(dictionary, "getlist") else []
        return given or serializers.empty

    def to_internal_value(self, data: Any) -> list[File]:
        if any(not hasattr(one, "read") for one in data):
            raise ValidationError(_now("请用 multipart/form-data 上传文件。"), code="invalid")
        if len(data) > MOST_FILES:
            raise ValidationError(_now("一次最多三个文件：党组织、企业、党员各一个。"), code="max_length")
        too_big = next((one for one in data if one.size > parser.MOST_BYTES), None)
        if too_big:
            told = {"file": too_big.name, "limit": parser.MOST_BYTES // parser.MIB}
            words = _now("%(file)s 超过 %(limit)d MB，请删去图片和多余的工作表，或拆成几个文件。")
            raise ValidationError(words % told, code="too_large")
        return [File(one.name, one.read()) for one in data]


class BeginAnswers(Answers):
    cell = Code(
        among=lambda user: Cell.objects.standing().filter(rules.IMPORT_INTO.scope(user)), label=_("为哪个党组织导入")
    )
    as_of = Day(label=_("台账截止日期"), past=True)
    files = Files(label=_("台账文件"))


class UploadAnswers(Answers):
    files = Files(label=_("补充或替换文件"))


class ColumnsAnswers(Answers):
    mappings = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=40)),
        label=_("每个台账的每一列对应哪一项"),
        help_text=_('{"members": {"证件号": "id_number"}}；没有写的列保持不变。'),
    )


class EditAnswers(Answers):
    kind = serializers.ChoiceField(choices=Kind, label=_("台账"))
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1, label=_("行号"))
    field = Text(label=_("列"), max_length=40)
    text = Text(label=_("内容"), max_length=LONGEST, allow_blank=True, trim_whitespace=False)


class ReplaceAnswers(Answers):
    kind = serializers.ChoiceField(choices=Kind, label=_("台账"))
    field = Text(label=_("列"), max_length=40)
    old = Text(label=_("原文"), max_length=LONGEST, trim_whitespace=False)
    new = Text(label=_("改为"), max_length=200)
