"""How figures and snapshots are shown to programs, and what drawing one is told."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cells.models import Cell
from cells.reach import seen_cells
from core.rest.answers import Answers, Code, Day
from core.rest.shapes import Reference, Shape
from reports import rules
from reports.figures import Reading
from reports.models import Snapshot
from reports.report import Comparison, Difference


class SnapshotShape(Shape):
    """``figures``, frozen: ``{key: {number, numerator, denominator, version}}``. Rates are text, not to be rounded."""

    base = "snapshots"
    brief = ("code", "period_kind", "period", "on", "url")
    cell = Reference("cells.serializers.cells.CellShape", among=seen_cells)
    figures = serializers.JSONField(label=_("指标"))

    class Meta:
        model = Snapshot
        fields = (
            "code", "url", "cell", "period_kind", "period", "on", "known_at", "drawn_at", "edition", "digest",
            "figures",
        )  # fmt: skip


class DrawAnswers(Answers):
    cell = Code(among=lambda user: Cell.objects.standing().filter(rules.DRAW_SNAPSHOT.scope(user)), label=_("党组织"))
    on = Day(label=_("截至"), past=True)


class FigureShape(serializers.Serializer):
    """One figure: what it means, and what it comes to there on that day."""

    key = serializers.CharField()
    words = serializers.CharField(label=_("指标"))
    definition = serializers.CharField(label=_("口径"))
    formula = serializers.CharField(label=_("公式"))
    source = serializers.CharField(label=_("依据"))
    version = serializers.IntegerField(label=_("口径版本"))
    number = serializers.JSONField(label=_("数值"), help_text=_("比率写成文字，没有可说的为 null。"))
    unit = serializers.CharField(label=_("单位"))
    numerator = serializers.IntegerField(label=_("分子"), allow_null=True)
    denominator = serializers.IntegerField(label=_("分母"), allow_null=True)
    begins = serializers.DateField(label=_("记录起于"), allow_null=True)
    url = serializers.CharField()
    rows_url = serializers.CharField(label=_("背后的名单"))


class FiguresShape(serializers.Serializer):
    """Every figure there on that day."""

    on = serializers.DateField(label=_("截至"))
    results = FigureShape(many=True)


class RowShape(serializers.Serializer):
    """What a figure counted: which thing of which resource."""

    resource = serializers.CharField()
    code = serializers.CharField(label=_("编号"))
    url = serializers.CharField()


class ProofShape(serializers.Serializer):
    """Whether a snapshot is as it was drawn, and whether drawing it again gives the same."""

    intact = serializers.BooleanField(label=_("未被改动"))
    repeats = serializers.BooleanField(label=_("重算一致"), allow_null=True)
    differing = serializers.ListField(child=serializers.CharField(), label=_("不一致的指标"))


class DifferenceShape(serializers.Serializer):
    """One figure in two snapshots."""

    key = serializers.CharField()
    words = serializers.CharField(label=_("指标"))
    old = serializers.JSONField(label=_("前"), allow_null=True)
    new = serializers.JSONField(label=_("后"), allow_null=True)
    difference = serializers.JSONField(label=_("差"), allow_null=True)
    remark = serializers.CharField(label=_("说明"))


class ComparisonShape(serializers.Serializer):
    """Two snapshots, the earlier first."""

    old = serializers.CharField(label=_("前一份"))
    new = serializers.CharField(label=_("后一份"))
    differences = DifferenceShape(many=True)


def reading_shown(reading: Reading, query: str) -> dict[str, Any]:
    """A reading as ``FigureShape`` says; ``query`` is of which place and day, for the addresses."""
    figure = reading.figure
    address = f"/api/v1/figures/{figure.key}/"
    return {
        "key": figure.key,
        "words": str(figure.words),
        "definition": str(figure.definition),
        "formula": str(figure.formula),
        "source": str(figure.source),
        "version": figure.version,
        "number": exact(reading.number),
        "unit": reading.unit,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "begins": reading.begins,
        "url": f"{address}{query}",
        "rows_url": f"{address}rows/{query}",
    }


def comparison_shown(found: Comparison) -> dict[str, Any]:
    """A comparison as ``ComparisonShape`` says."""
    differences = [_difference(one) for one in found.differences]
    return {"old": found.old.code, "new": found.new.code, "differences": differences}


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "key": one.figure.key,
        "words": str(one.figure.words),
        "old": exact(one.old.number) if one.old else None,
        "new": exact(one.new.number) if one.new else None,
        "difference": exact(one.number),
        "remark": one.remark,
    }


def exact(number: Any) -> Any:
    """Rates as text, so that no reader rounds them; counts as numbers."""
    return number if number is None or isinstance(number, int) else str(number)
