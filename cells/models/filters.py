"""A list as somebody keeps it: what was asked of it, under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cells.models.tree import Cell
from cells.querysets import SavedFilterQuerySet
from core.codes import random_code


def new_filter_code():
    return random_code("SX")


class SavedFilter(models.Model):
    """已存的筛选. ``query`` holds the criteria of ``listing``, and how its rows are shown, as an address has them.

    It is its owner's; ``shared_with`` lets everybody in office there or below use it, each within their own reach.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_filter_code, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_filters")
    listing = models.CharField(_("名单"), max_length=60)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField(_("条件"), max_length=2000)
    shared_with = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, related_name="shared_filters")
    pinned = models.BooleanField(_("固定在工作台"), default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("筛选")
        verbose_name_plural = _("筛选")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_filter_has_its_name_once_for_its_owner",
                fields=["owner", "listing", "name"],
                condition=Q(voided_at__isnull=True),
            ),
            models.CheckConstraint(name="a_saved_filter_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cells:filter", args=[self.code])
