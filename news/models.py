"""What stands on the front page, for everybody."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cells.models import Cell
from news.choices import AnnouncementKind
from news.querysets import AnnouncementQuerySet

CHINESE = "zh-Hans"


class Announcement(models.Model):
    """公告. Public from the moment it is published until it is withdrawn; what was withdrawn is kept and hidden.

    The English is a translation and may be missing; then readers of English get the Chinese, marked as such.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, editable=False)
    publisher = models.ForeignKey(Cell, models.PROTECT, related_name="announcements", verbose_name=_("发布单位"))
    kind = models.CharField(_("栏目"), max_length=8, choices=AnnouncementKind)
    title = models.CharField(_("标题"), max_length=80)
    body = models.TextField(_("正文"), max_length=20_000)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True)
    body_en = models.TextField(_("英文正文"), max_length=40_000, blank=True)
    published_on = models.DateField(_("发布日期"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    corrected_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    withdraw_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects: ClassVar[AnnouncementQuerySet] = AnnouncementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("公告")
        verbose_name_plural = _("公告")
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="what_was_withdrawn_says_who_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdraw_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason="")),
            ),
            models.CheckConstraint(
                name="an_english_title_goes_with_an_english_text",
                condition=Q(title_en="", body_en="") | (~Q(title_en="") & ~Q(body_en="")),
            ),
            models.UniqueConstraint(
                name="one_text_about_ourselves_at_a_time",
                fields=["publisher"],
                condition=Q(kind=AnnouncementKind.ABOUT, withdrawn_at=None),
            ),
        ]
        indexes = [
            models.Index(
                name="announcement_by_day",
                fields=["kind", "-published_on", "-id"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:announcement", args=[self.code])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def language(self) -> str:
        """The language the reader gets it in: their own where it was translated."""
        return "en" if get_language() == "en" and self.title_en else CHINESE

    @property
    def shown_title(self) -> str:
        return self.title_en if self.language == "en" else self.title

    @property
    def shown_body(self) -> str:
        return self.body_en if self.language == "en" else self.body

    @property
    def lead(self) -> str:
        """The first paragraph, on one line."""
        return " ".join(self.shown_body.partition("\n\n")[0].split())
