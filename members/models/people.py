"""People on the rolls, what is known of them, and where they belong."""

import uuid
from functools import cached_property

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cells.choices import CellKind
from cells.models import Cell, Company
from core.crypto import EncryptedField, Unreadable, is_filled
from core.dated import DatedFact, DatedQuerySet, dated_constraints
from core.dates import years_later
from core.names import readings
from members.choices import (
    PROBATION_YEARS,
    Category,
    EntryReason,
    ExitReason,
    Gender,
    IdKind,
    Standing,
)
from members.dictionaries import EDUCATION, ETHNICITY, POST
from members.querysets import (
    MemberQuerySet,
    MembershipQuerySet,
    id_number_index,
    mobile_index,
    mobile_tail_index,
)


class Member(models.Model):
    """党员. The sixteen items of the national form come first, the rest behind them.

    Where the member belongs is in Membership; category, standing, education and post are dated in MemberFact and
    kept here as they stand today by the deeds. ID number, mobile and address are encrypted; the indexes beside them
    answer exact look-ups alone.
    """

    # What the sealed columns are sealed for. Drawn at random and never looked up by, it needs no index.
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    code = models.CharField(_("编号"), max_length=12, editable=False)

    name = models.CharField(_("姓名"), max_length=50)
    id_number = EncryptedField(_("公民身份证号"), blank=True)
    gender = models.CharField(_("性别"), max_length=1, choices=Gender, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=2, choices=ETHNICITY.choices, blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    education = models.CharField(_("学历"), max_length=2, choices=EDUCATION.choices, blank=True)
    category = models.CharField(_("人员类别"), max_length=16, choices=Category)
    joined_on = models.DateField(_("加入党组织日期"), null=True, blank=True)
    converted_on = models.DateField(_("转为正式党员日期"), null=True, blank=True)
    post = models.CharField(_("工作岗位"), max_length=4, choices=POST.choices, blank=True)
    mobile = EncryptedField(_("手机号"), blank=True)
    landline = models.CharField(_("固定电话"), max_length=30, blank=True)
    address = EncryptedField(_("家庭住址"), blank=True)
    standing = models.CharField(_("党籍状态"), max_length=16, choices=Standing, default=Standing.NORMAL)
    is_lost = models.BooleanField(_("是否为失联党员"), default=False)
    lost_on = models.DateField(_("失去联系日期"), null=True, blank=True)
    is_migrant = models.BooleanField(_("是否为流动党员"), default=False)
    flow_to = models.CharField(_("外出流向"), max_length=120, blank=True)

    id_kind = models.CharField(_("证件类别"), max_length=20, choices=IdKind, default=IdKind.RESIDENT)
    archive_birth_date = models.DateField(_("档案出生日期"), null=True, blank=True)
    native_place = models.CharField(_("籍贯"), max_length=60, blank=True)
    degree = models.CharField(_("学位"), max_length=30, blank=True)
    school = models.CharField(_("毕业院校"), max_length=80, blank=True)
    major = models.CharField(_("专业"), max_length=60, blank=True)
    work_started_on = models.DateField(_("参加工作日期"), null=True, blank=True)
    applied_on = models.DateField(_("入党申请日期"), null=True, blank=True)
    new_stratum = models.CharField(_("新的社会阶层"), max_length=40, blank=True)
    technical_title = models.CharField(_("专业技术职务"), max_length=60, blank=True)
    employer = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("工作单位")
    )
    employer_text = models.CharField(_("工作单位名称"), max_length=120, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    remarks = models.CharField(_("备注"), max_length=500, blank=True)

    name_pinyin = models.CharField(max_length=400, blank=True, editable=False, db_collation="C")
    name_search = ArrayField(models.CharField(max_length=400), default=list, editable=False)
    id_number_index = models.CharField(max_length=64, blank=True, editable=False)
    mobile_index = models.CharField(max_length=64, blank=True, editable=False)
    mobile_tail_index = models.CharField(max_length=64, blank=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="member", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    void_reason = models.CharField(max_length=200, blank=True, editable=False)
    # What was merged into whom is looked up in Merge.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", editable=False, db_index=False
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name_pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_code_belongs_to_one_member", fields=["code"]),
            models.UniqueConstraint(
                name="an_id_number_belongs_to_one_member",
                fields=["id_number_index"],
                condition=~Q(id_number_index="") & Q(voided_at__isnull=True, merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="a_member_is_converted_after_joining",
                condition=Q(converted_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(converted_on__gte=F("joined_on")),
            ),
            models.CheckConstraint(
                name="a_member_joins_after_being_born",
                condition=Q(joined_on__isnull=True) | Q(birth_date__isnull=True) | Q(joined_on__gt=F("birth_date")),
            ),
            models.CheckConstraint(
                name="only_a_lost_member_was_lost_on_a_day", condition=Q(is_lost=True) | Q(lost_on__isnull=True)
            ),
            models.CheckConstraint(
                name="only_a_migrant_member_went_somewhere", condition=Q(is_migrant=True) | Q(flow_to="")
            ),
            models.CheckConstraint(
                name="nobody_is_merged_into_themselves", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk"))
            ),
        ]
        # Eight in all, with those of keys and constraints: the planner weighs every one of them for every page.
        indexes = [
            GinIndex(name="member_by_search_terms", fields=["name_search"]),
            models.Index(name="member_by_pinyin", fields=["name_pinyin", "id"]),
            models.Index(name="member_by_mobile", fields=["mobile_tail_index", "mobile_index"]),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("members:member", args=[self.code])

    def fill_what_follows(self):
        """Set what is derived from other fields: pinyin, search terms and the blind indexes. Asks no query.

        By a number that cannot be opened the member is found as before.
        """
        read = readings(self.name)
        self.name_pinyin, self.name_search = read.pinyin, read.search
        if not isinstance(self.id_number, Unreadable):
            self.id_number_index = id_number_index(self.id_number)
        if not isinstance(self.mobile, Unreadable):
            self.mobile_index = mobile_index(self.mobile)
            self.mobile_tail_index = mobile_tail_index(self.mobile)

    @property
    def is_active(self):
        """On a roster: the standing is normal and the record stands."""
        return self.standing == Standing.NORMAL and self.voided_at is None and self.merged_into_id is None

    @property
    def missing_items(self):
        """Items of the national form still to be filled in, by their labels; ``querysets.INCOMPLETE`` asks the same."""
        missing = [
            self._meta.get_field(name).verbose_name
            for name in ("gender", "ethnicity", "birth_date", "education", "joined_on", "post")
            if not getattr(self, name)
        ]
        if not self.mobile_index and not self.landline:
            missing.append(self._meta.get_field("mobile").verbose_name)
        if not is_filled(self, "address"):
            missing.append(self._meta.get_field("address").verbose_name)
        return missing

    @property
    def probation_ends_on(self):
        """The day a probationary member may be converted; None for others."""
        if self.category != Category.PROBATIONARY or self.joined_on is None:
            return None
        return years_later(self.joined_on, PROBATION_YEARS)

    @cached_property
    def place(self):
        """The membership that holds now or, for someone who left, held last. None for a voided record."""
        return next(iter(self.places()), None)

    def places(self):
        """``place`` as it is asked for, to be read together with other things."""
        return self.memberships.latest_of_each().select_related("cell__parent").order_by("valid")[:1]

    @property
    def cell(self):
        return self.place.cell


class MemberFact(DatedFact):
    """Category, standing (and why it is not normal), education and post of a member, from–to."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="facts")
    category = models.CharField(max_length=16, choices=Category)
    standing = models.CharField(max_length=16, choices=Standing)
    standing_reason = models.CharField(max_length=24, choices=ExitReason, blank=True)
    education = models.CharField(max_length=2, choices=EDUCATION.choices, blank=True)
    post = models.CharField(max_length=4, choices=POST.choices, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = dated_constraints("member_fact", "member")

    def __str__(self):
        return f"{self.member} · {self.get_category_display()}"


class Membership(DatedFact):
    """组织关系: which cell a member belongs to, from–to.

    No two overlap; an active member has exactly one with no end in sight; a gap has a recorded reason. The last two
    are held by the deferred triggers of the first migration and asked again by ``verify_invariants``.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships")
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="memberships")
    entry_reason = models.CharField(_("转入原因"), max_length=20, choices=EntryReason)
    exit_reason = models.CharField(_("转出原因"), max_length=24, choices=ExitReason, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["valid"]
        constraints = [
            *dated_constraints("membership", "member", deferrable=True),
            models.CheckConstraint(
                name="a_membership_that_ended_says_why",
                condition=Q(valid__upper_inf=True, exit_reason="") | (Q(valid__upper_inf=False) & ~Q(exit_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                name="current_membership_by_cell",
                fields=["cell", "member"],
                condition=Q(voided_at__isnull=True, valid__upper_inf=True),
            ),
        ]

    def __str__(self):
        return f"{self.member} · {self.cell}"

    @property
    def branch(self):
        """The branch; of somebody in a group the one the group is part of."""
        return self.cell.parent if self.cell.kind == CellKind.GROUP else self.cell

    @property
    def where(self):
        """The branch and, where there is one, the group: 云杉科技党支部第一党小组."""
        if self.cell.kind != CellKind.GROUP:
            return str(self.cell)
        return gettext("%(branch)s%(group)s") % {"branch": self.cell.parent, "group": self.cell}


class Merge(models.Model):
    """Two records of one person made one. ``before`` is sealed and holds what undoing needs."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Member, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Member, models.PROTECT, related_name="+")
    before = EncryptedField()
    reason = models.CharField(_("理由"), max_length=200)
    merged_on = models.DateField()
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-merged_at"]
        constraints = [
            models.UniqueConstraint(
                name="a_record_is_absorbed_once", fields=["absorbed"], condition=Q(undone_at__isnull=True)
            ),
        ]

    def __str__(self):
        return f"{self.absorbed} → {self.kept}"
