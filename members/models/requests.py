"""What members ask: to have their record put right, with what proves it, and what the law lets them ask for."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.codes import random_code
from core.crypto import EncryptedField, open_bytes, seal_bytes
from core.masks import mask_id_number
from members.checks import CODED
from members.choices import EVIDENCE_TYPES, EvidenceKind, RequestState, RightKind, RightState
from members.models.people import Member
from members.querysets import ChangeRequestQuerySet, EvidenceQuerySet, SubjectRequestQuerySet


class ChangeRequest(models.Model):
    """更正申请: what a member asks to have put right, from what to what, and what came of it.

    State changes only through ``members.domain.requests``. ``version`` is that of the record it was asked against.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("编号"), max_length=12, unique=True, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="change_requests")
    item = models.CharField(_("项目"), max_length=24)
    old = EncryptedField(blank=True)
    new = EncryptedField()
    note = EncryptedField(_("说明"), blank=True)
    version = models.PositiveIntegerField()
    state = models.CharField(_("状态"), max_length=12, choices=RequestState, default=RequestState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="change_requests")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("退回的理由"), max_length=200, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_request_per_member_and_item",
                fields=["member", "item"],
                condition=Q(state=RequestState.WAITING),
            ),
            models.CheckConstraint(
                name="nobody_decides_their_own_request",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="a_decided_request_says_who_and_when",
                condition=Q(state=RequestState.WAITING, decided_by__isnull=True, closed_at__isnull=True)
                | Q(state=RequestState.WITHDRAWN, decided_by__isnull=True, closed_at__isnull=False)
                | Q(
                    state__in=(RequestState.GRANTED, RequestState.REFUSED),
                    decided_by__isnull=False,
                    closed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="a_refused_request_says_why", condition=~Q(state=RequestState.REFUSED) | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(name="request_waiting", fields=["id"], condition=Q(state=RequestState.WAITING)),
            models.Index(name="request_decided_by", fields=["decided_by", "-id"]),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """The page of the person who asked."""
        return reverse("members:request", args=[self.code])

    @property
    def decide_url(self):
        """The page of those who decide."""
        return reverse("members:request-decide", args=[self.code])

    @property
    def is_waiting(self):
        return self.state == RequestState.WAITING

    @property
    def label(self):
        """What the item is called."""
        return Member._meta.get_field(self.item).verbose_name

    @property
    def old_shown(self):
        return shown(self.item, self.old)

    @property
    def new_shown(self):
        return shown(self.item, self.new)


class Evidence(models.Model):
    """证明材料 of one request: a picture drawn anew or a PDF, sealed, and cleared some time after the decision."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.OneToOneField(ChangeRequest, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=4, choices=EvidenceKind)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("证明材料")

    def __str__(self):
        return f"{self.request}.{self.kind}"

    @property
    def media_type(self):
        return EVIDENCE_TYPES[self.kind]

    def put(self, data):
        """Keep the file, sealed for this row."""
        self.size, self.sha256 = len(data), hashlib.sha256(data).hexdigest()
        self.content = seal_bytes(data, table=self._meta.db_table, column="content", uid=self.uid)

    def data(self):
        """The file as it is kept."""
        return open_bytes(bytes(self.content), table=self._meta.db_table, column="content", uid=self.uid)


def new_right_code():
    return random_code("GX")


class SubjectRequest(models.Model):
    """个人信息申请: what somebody asks for about the data held of them, by when it is answered, and the answer.

    What is asked and answered is in people's own words and sealed. A granted erasure stays here as its tombstone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_right_code, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="subject_requests")
    kind = models.CharField(_("申请事项"), max_length=12, choices=RightKind)
    words = EncryptedField(_("申请内容"))
    state = models.CharField(_("状态"), max_length=12, choices=RightState, default=RightState.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="subject_requests")
    asked_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    due_on = models.DateField(_("答复期限"))
    answer = EncryptedField(_("答复"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_subject_request_of_a_kind",
                fields=["member", "kind"],
                condition=Q(state=RightState.OPEN),
            ),
            models.CheckConstraint(
                name="nobody_answers_their_own_subject_request",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="an_answered_subject_request_says_who_and_when",
                condition=Q(state=RightState.OPEN, answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(state=RightState.OPEN) & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="subject_request_open", fields=["due_on", "id"], condition=Q(state=RightState.OPEN)),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        """Where it is answered."""
        return reverse("members:right", args=[self.code])

    @property
    def is_open(self):
        return self.state == RightState.OPEN

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()


def shown(item, text):
    """The value of an item as a page shows it: codes in words, an ID number masked."""
    if item == "id_number":
        return mask_id_number(text)
    return CODED[item].label(text) if item in CODED else text
