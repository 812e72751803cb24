"""Organisations."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cells import checks
from cells.choices import CellKind, FormationMode, SetupTask
from cells.models import Cell, Term
from cells.reach import seen_cells
from core.masks import mask_mobile
from core.rest.answers import Answers, Choice, Code, Count, Day, Optional, Text
from core.rest.shapes import Masked, Reference, Shape

SHAPE = "cells.serializers.cells.CellShape"


class Phone(Optional):
    """A telephone number as people write it; the form says the same of one that is none."""

    def __init__(self, **kwargs):
        wrong = RegexValidator(rf"^({checks.PHONE})?$", checks.PHONE_WRONG)
        super().__init__(**{"max_length": 30, "validators": [wrong]} | kwargs)


class CellShape(Shape):
    base = "cells"
    parent = Reference(SHAPE, among=seen_cells, label=_("上级党组织"))
    merged_into = Reference(SHAPE, among=seen_cells, label=_("并入"))
    due_on = serializers.DateField(label=_("届满日期"), allow_null=True)
    contact_phone = Masked(mask=mask_mobile, label=_("联系电话"))

    class Meta:
        model = Cell
        fields = (
            "code", "url", "name", "short_name", "kind", "parent", "formation_mode", "founded_on", "dissolved_on",
            "merged_into", "due_on", "contact_name", "contact_phone", "units_text", "org_id_code", "org_path_code",
            "version",
        )  # fmt: skip

    @classmethod
    def fetched(cls, found):
        return found.with_term()


class TermShape(serializers.ModelSerializer):
    from_on = serializers.DateField(label=_("本届任期起"), source="starts_on")

    class Meta:
        model = Term
        fields = ("number", "from_on", "due_on")
        read_only_fields = fields


class SetupStepShape(serializers.Serializer):
    task = serializers.ChoiceField(label=_("任务"), choices=SetupTask.choices)
    state = serializers.CharField(label=_("状态"))
    reason = serializers.CharField(label=_("原因"))
    to_confirm = serializers.BooleanField(label=_("待确认"))


class SetupShape(serializers.Serializer):
    """The set-up list, with the tasks as the facts have them."""

    steps = SetupStepShape(many=True)
    done = serializers.IntegerField(label=_("已完成"))
    put_away = serializers.SerializerMethodField(label=_("已收起"))

    def get_put_away(self, found) -> bool:
        return found.put_away is not None


class _Said(Answers):
    """What founding and correcting both ask."""

    short_name = Optional(label=_("简称"), max_length=checks.SHORT_NAME_LIMIT)
    formation_mode = Choice(FormationMode, label=_("组建方式"), required=False, allow_blank=True)
    founded_on = Day(label=_("成立日期"), past=True, required=False, allow_null=True)
    contact_name = Optional(label=_("联系人"), max_length=50)
    contact_phone = Phone(label=_("联系电话"))
    units_text = Optional(label=_("所在单位"), max_length=1000)


class FoundAnswers(_Said):
    name = Text(label=_("党组织全称"), max_length=checks.NAME_LIMIT)
    kind = Choice(CellKind, label=_("组织类别"))
    superior = Code(seen_cells, label=_("上级党组织"))
    term_number = Count(label=_("届次"), required=False, allow_null=True, min_value=1, max_value=999)
    term_from = Day(label=_("本届任期起"), past=True, required=False, allow_null=True)
    term_due = Day(label=_("届满日期"), required=False, allow_null=True)


class CorrectAnswers(_Said):
    name = Text(label=_("党组织全称"), max_length=checks.NAME_LIMIT)
    org_id_code = Optional(label=_("党组织识别码"), max_length=32)
    org_path_code = Optional(label=_("党组织层级码"), max_length=64)


class RenameAnswers(Answers):
    name = Text(label=_("新的全称"), max_length=checks.NAME_LIMIT)
    short_name = Optional(label=_("新的简称"), max_length=checks.SHORT_NAME_LIMIT)
    on = Day(label=_("生效日期"), past=True)


class MoveAnswers(Answers):
    superior = Code(seen_cells, label=_("新的上级党组织"))
    on = Day(label=_("生效日期"), past=True)


class ReorganiseAnswers(Answers):
    kind = Choice(CellKind, label=_("新的组织类别"))
    on = Day(label=_("生效日期"), past=True)


class MergeAnswers(Answers):
    into = Code(seen_cells, label=_("并入哪个党组织"))
    on = Day(label=_("生效日期"), past=True)


class DissolveAnswers(Answers):
    reason = Text(label=_("撤销原因"), max_length=200)
    on = Day(label=_("生效日期"), past=True)


class TermAnswers(Answers):
    number = Count(label=_("届次"), required=False, allow_null=True, min_value=1, max_value=999)
    from_on = Day(label=_("本届任期起"), past=True)
    due_on = Day(label=_("届满日期"))


class ConfirmAnswers(Answers):
    task = Choice(SetupTask, label=_("任务"))
