"""What a person was told, and whether they have read it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.querysets import NoticeQuerySet


class Notice(models.Model):
    """A sentence for one person, with the page where they can act on it.

    Sent only by :mod:`notices.domain.post`. It names people no further than
    the page behind it would, and is never the only place where a fact stands.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人"))
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sentence = models.CharField(_("内容"), max_length=300)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["to", "-id"], name="notice_to", condition=models.Q(read_at=None))]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The sentence in the reader's language, with its facts in it; an office among them is put in it too."""
        facts = {name: words and str(_(words)) for name, words in self.facts.items()}
        return str(_(self.sentence)) % facts if facts else str(_(self.sentence))

    def get_sentence_display(self) -> str:
        """What the sentence comes to, for whoever is told what is kept."""
        return self.text

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
