"""Figures as they were handed on, frozen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cells.models import Cell
from reports.choices import PeriodKind
from reports.querysets import SnapshotQuerySet


class MonthEndedOn(models.Func):
    """The month whose last day a day is, as 2026-10; nothing for any other day."""

    template = (
        "(CASE WHEN extract(day FROM %(expressions)s + 1) = 1 THEN extract(year FROM %(expressions)s)::int::text"
        " || '-' || lpad(extract(month FROM %(expressions)s)::int::text, 2, '0') ELSE '' END)"
    )
    output_field = models.CharField()


class Snapshot(models.Model):
    """报表快照: all figures of a cell and what is below it, as of a day, as known at a moment.

    Written once; triggers refuse every change. ``digest`` covers what is frozen, so that drawing it again from the
    dated facts, as known at the same moment, must give the same digest.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, editable=False)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="snapshots")
    period_kind = models.CharField(_("方式"), max_length=8, choices=PeriodKind)
    period = models.CharField(_("期次"), max_length=32)
    on = models.DateField(_("截至"))
    known_at = models.DateTimeField(_("已知至"))
    edition = models.PositiveSmallIntegerField(_("口径版本"))
    figures = models.JSONField(_("指标"))
    digest = models.CharField(_("校验值"), max_length=64)
    drawn_at = models.DateTimeField(_("生成时间"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "cell__path", "-pk"]
        constraints = [
            models.UniqueConstraint(name="a_period_is_drawn_once", fields=["cell", "period_kind", "period"]),
            models.CheckConstraint(
                name="a_month_is_drawn_as_of_its_last_day",
                condition=~Q(period_kind=PeriodKind.MONTHLY) | Q(period=MonthEndedOn(F("on"))),
            ),
        ]

    def __str__(self):
        return f"{self.cell} · {self.on}"

    def get_absolute_url(self):
        if self.is_monthly:
            return f"{reverse('reports:monthly', args=[self.period])}?{urlencode({'scope': self.cell.code})}"
        return reverse("reports:snapshot", args=[self.code])

    @property
    def is_monthly(self):
        return self.period_kind == PeriodKind.MONTHLY
