"""What was done, by whom, to what, where and when: written once and kept."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.querysets import EntryQuerySet


class Entry(models.Model):
    """One thing somebody did. Written once, never changed, never removed.

    Written only by :func:`audit.trail.record`, inside the deed's own
    transaction. ``path`` keeps where in the tree it happened, as the tree
    stood that day, so that moving a cell later does not rewrite its past; the
    thing's and the actor's names are kept for the same reason.
    """

    action = models.CharField(_("事项"), max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(_("经办"), max_length=50, blank=True)
    thing_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    thing_id = models.BigIntegerField()
    thing = GenericForeignKey("thing_type", "thing_id", for_concrete_model=True)
    thing_code = models.CharField(max_length=32, blank=True)
    thing_label = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=255, blank=True, db_collation="C")
    facts = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(_("时间"), default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)
    job = models.CharField(max_length=64, blank=True)
    # The day, for what is noted once a day for each person and thing; empty for what is noted every time.
    once_on = models.DateField(null=True, editable=False)

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("记录")
        verbose_name_plural = _("记录")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="what_is_noted_daily_is_noted_once_a_day",
                fields=["thing_type", "thing_id", "actor", "action", "once_on"],
                condition=models.Q(once_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["thing_type", "thing_id", "-id"], name="entry_about"),
            models.Index(fields=["path", "-id"], name="entry_under"),
            models.Index(fields=["actor", "-id"], name="entry_by"),
            models.Index(fields=["action", "-id"], name="entry_action"),
            models.Index(fields=["recorded_at"], name="entry_when"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.thing_label}"


class Unsealed(models.Model):
    """The queue of entries waiting for their seal, filled by a trigger on the entries.

    Only a convenience of the sequencer: an entry missing here and without a
    seal is found by ``verify_audit`` all the same.
    """

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Seal(models.Model):
    """An entry's place in the chain: each hash covers the one before it and the whole entry.

    Written only by the sequencer (:mod:`audit.seals`), after the deed and
    outside its transaction, so that no deed waits for another.
    """

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class Touch(models.Model):
    """A thing that an entry changed besides the one it is about, or took away from where it was.

    ``left`` is the path of the place the thing left by it, "" where it left none: whoever may see things there hears
    that it went. Written by :mod:`acts.touching` in the deed's own transaction, for programs that follow the trail.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="touched", db_index=False)
    resource = models.CharField(max_length=32)
    code = models.CharField(max_length=32)
    left = models.CharField(max_length=255, blank=True, db_collation="C")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_entry_touches_a_thing_in_a_place_once", fields=["entry", "resource", "code", "left"]
            ),
        ]
        indexes = [models.Index(fields=["resource", "code"], name="touch_of")]

    def __str__(self) -> str:
        return f"{self.resource} {self.code}"
