"""An export as programs read it, and what one is told."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cells.reach import seen_cells
from core.lists.listing import listing_named, listings
from core.rest.answers import Answers, Choice, Code, Optional, YesNo
from core.rest.shapes import ROOT, Reference, Shape
from ledgers.choices import PURPOSE_LIMIT, FileFormat
from ledgers.models import Export

# Of the lists those a resource stands beside, by its name; the others go by their own.
ALIKE = {"members": "members.roster", "cells": "cells.cells", "companies": "cells.companies"}
LONGEST = 200
MOST = 50


class ExportShape(Shape):
    """One export: what was asked for and, once it is there, where its file is."""

    base = "exports"
    brief = ("code", "resource", "state", "url")
    resource = serializers.CharField(source="listing", label=gettext_lazy("名单"))
    scope = Reference("cells.serializers.cells.CellShape", among=seen_cells, label=gettext_lazy("范围"))
    masked = serializers.SerializerMethodField(label=gettext_lazy("号码打码"))
    state = serializers.SerializerMethodField(label=gettext_lazy("状态"))
    file = serializers.SerializerMethodField(label=gettext_lazy("文件"))
    job = serializers.SerializerMethodField(label=gettext_lazy("任务"))

    class Meta:
        model = Export
        fields = (
            "code", "url", "resource", "scope", "columns", "format", "masked", "purpose", "rows", "size", "state",
            "file", "job", "asked_at", "finished_at", "expires_at",
        )  # fmt: skip

    def get_masked(self, taken: Export) -> bool:
        return not taken.whole

    def get_state(self, taken: Export) -> str:
        """``ready``, ``making``, or ``gone``: failed, past its days, or thrown away."""
        if taken.is_ready:
            return "ready"
        return "making" if taken.cleared_at is None and taken.job is not None and taken.job.is_open else "gone"

    def get_file(self, taken: Export) -> str | None:
        return f"{ROOT}exports/{taken.code}/file/" if taken.is_ready else None

    def get_job(self, taken: Export) -> str | None:
        return f"{ROOT}jobs/{taken.job.code}/" if taken.job else None


@extend_schema_field({"type": "string"})
class ListField(serializers.Field):
    """The name of a list that may be taken out: a resource's, or the list's own."""

    def to_internal_value(self, data):
        found = listing_named(ALIKE.get(data, data)) if isinstance(data, str) else None
        if found is None or not found.may_leave:
            own = (one.name for one in listings() if one.may_leave and one.name not in ALIKE.values())
            known = sorted([*(name for name, of in ALIKE.items() if listing_named(of)), *own])
            raise serializers.ValidationError(_("没有这份名单。可用的有：%(known)s。") % {"known": _("、").join(known)})
        return found

    def to_representation(self, value):
        return value.name


@extend_schema_field({"type": "object"})
class FilterField(serializers.Field):
    """Criteria as their parameters and answers: ``{"category": "full", "joined_on__gte": "2020-01-01"}``."""

    def to_internal_value(self, data):
        if not isinstance(data, Mapping) or len(data) > MOST:
            raise serializers.ValidationError(_('请把条件写成 {"参数": "值"} 的样子。'))
        asked = QueryDict(mutable=True)
        for name, answer in data.items():
            answers = answer if isinstance(answer, list) else [answer]
            if not all(isinstance(one, str | int | bool) and len(str(one)) <= LONGEST for one in answers[: MOST + 1]):
                raise serializers.ValidationError(_("%(name)s：请写文字、数字，或它们的列表。") % {"name": name[:40]})
            asked.setlist(name, [str(int(one)) if isinstance(one, bool) else str(one) for one in answers[:MOST]])
        return asked

    def to_representation(self, value):
        return dict(value.lists())


class ExportAnswers(Answers):
    resource = ListField(label=gettext_lazy("名单"))
    scope = Code(seen_cells, label=gettext_lazy("范围"), required=False, default=None)
    filter = FilterField(label=gettext_lazy("筛选"), required=False, default=QueryDict)
    columns = serializers.ListField(
        label=gettext_lazy("列"),
        child=serializers.CharField(max_length=64),
        max_length=MOST,
        required=False,
        default=list,
    )
    format = Choice(FileFormat, label=gettext_lazy("格式"), required=False, default=FileFormat.XLSX)
    masked = YesNo(label=gettext_lazy("号码打码"), default=True, allow_null=False)
    purpose = Optional(label=gettext_lazy("用途"), max_length=PURPOSE_LIMIT, default="")
