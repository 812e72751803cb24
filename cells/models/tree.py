"""The tree, the companies in it and the offices held in it."""

import functools
import operator
import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cells.choices import (
    OFFICES_AT_THE_TOP,
    POLICY_BOUNDS,
    CellKind,
    Cover,
    FormationMode,
    Office,
    PolicyItem,
    SetupTask,
)
from cells.querysets import (
    AppointmentQuerySet,
    AssignmentQuerySet,
    CellQuerySet,
    CompanyQuerySet,
    PlacementQuerySet,
    PolicyQuerySet,
)
from core.crypto import EncryptedField
from core.dated import DatedFact, DatedQuerySet, dated_constraints

YUAN_IN_WAN = 10_000


def in_wan(yuan):
    """Yuan as 万元, without idle noughts behind the point."""
    wan = (yuan / YUAN_IN_WAN).normalize()
    return wan.quantize(1) if wan == wan.to_integral_value() else wan


class Cell(models.Model):
    """党组织, a node of the tree.

    ``path`` is ``/1/7/23/``: the primary keys from the top down, in collation C so that a subtree is one index range.
    Kind, names and place are the current ones, kept here by the deeds; what they were on another day is in Placement.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("编号"), max_length=16, unique=True)
    name = models.CharField(_("党组织全称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    name_pinyin = models.CharField(max_length=400, blank=True, editable=False)
    name_search = ArrayField(models.CharField(max_length=400), default=list, editable=False)
    kind = models.CharField(_("组织类别"), max_length=20, choices=CellKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, db_collation="C", editable=False)
    formation_mode = models.CharField(_("组建方式"), max_length=16, choices=FormationMode, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = EncryptedField(_("联系电话"), blank=True)
    units_text = models.TextField(_("所在单位"), blank=True)
    units = models.ManyToManyField("Company", blank=True, related_name="cells")
    org_id_code = models.CharField(_("党组织识别码"), max_length=32, blank=True)
    org_path_code = models.CharField(_("党组织层级码"), max_length=64, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    void_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = CellQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(name="a_path_belongs_to_one_cell", fields=["path"]),
            models.CheckConstraint(
                name="a_cell_is_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("pk"))
            ),
            models.CheckConstraint(
                name="a_cell_is_dissolved_after_it_was_founded",
                condition=Q(dissolved_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
            ),
            models.UniqueConstraint(
                name="a_name_stands_once_under_one_superior",
                fields=["parent", "name"],
                condition=Q(dissolved_on__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="a_voided_cell_stands_no_more",
                condition=Q(voided_at__isnull=True) | Q(dissolved_on__isnull=False),
            ),
        ]
        indexes = [GinIndex(name="cell_by_search_terms", fields=["name_search"])]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("cells:cell", args=[self.code])

    @property
    def depth(self):
        return self.path.count("/") - 1


class Placement(DatedFact):
    """What a cell was called, of which kind it was and where in the tree it stood, from–to."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=20, choices=CellKind)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey(Cell, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=255, db_collation="C")

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = dated_constraints("placement", "cell")
        indexes = [models.Index(name="placement_by_path", fields=["path"])]

    def __str__(self):
        return self.short_name or self.name


class Term(DatedFact):
    """届次. ``valid`` begins on the day the leading body was elected; ``due_on`` is the last day of the term."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("届次"), null=True, blank=True)
    due_on = models.DateField(_("届满日期"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-valid"]
        constraints = [
            *dated_constraints("term", "cell"),
            models.CheckConstraint(name="a_term_ends_after_it_begins", condition=Q(due_on__gt=F("valid__startswith"))),
        ]

    def __str__(self):
        return f"{self.cell} – {self.due_on}"


class Company(models.Model):
    """企业, one file each (一企一档). What changes over time is in CompanyFact; keeper and covering cell are cached."""

    code = models.CharField(_("编号"), max_length=16, unique=True)
    name = models.CharField(_("企业名称"), max_length=120)
    name_pinyin = models.CharField(max_length=400, blank=True, editable=False)
    name_search = ArrayField(models.CharField(max_length=400), default=list, editable=False)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    district = models.CharField(_("县市区"), max_length=40, blank=True)
    park = models.CharField(_("园区"), max_length=60, blank=True)
    line_of_business = models.CharField(_("行业类别"), max_length=60, blank=True)
    keeper = models.ForeignKey(Cell, models.PROTECT, related_name="kept_companies")
    cover_cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, related_name="covered_companies")
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    void_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name_pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_credit_code_belongs_to_one_company",
                fields=["credit_code"],
                condition=~Q(credit_code="") & Q(voided_at__isnull=True),
            ),
        ]
        indexes = [
            GinIndex(name="company_by_search_terms", fields=["name_search"]),
            models.Index(name="company_by_district", fields=["district", "park"]),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cells:company", args=[self.code])


class CompanyFact(DatedFact):
    """What was found of a company, from–to: the survey of 摸排."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="facts")
    keeper = models.ForeignKey(Cell, models.PROTECT, related_name="+", verbose_name=_("归口党组织"))
    operating = models.BooleanField(_("是否实体运营"), default=True)
    fixed_premises = models.BooleanField(_("有无固定场所"), null=True, blank=True)
    staff = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    output = models.DecimalField(
        _("年产值"), max_digits=16, decimal_places=2, null=True, blank=True, help_text=_("单位：元")
    )
    members_known = models.PositiveIntegerField(
        _("已知党员数"), null=True, blank=True, help_text=_("含组织关系未转入的党员")
    )
    cover = models.CharField(_("覆盖情况"), max_length=8, choices=Cover, default=Cover.NONE)
    cover_cell = models.ForeignKey(
        Cell, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所属党组织")
    )
    formation_mode = models.CharField(_("组建方式"), max_length=16, choices=FormationMode, blank=True)
    advisor = models.CharField(_("党建工作指导员"), max_length=50, blank=True)
    has_liaison = models.BooleanField(_("有党建联络员"), default=False)
    has_mass_organisation = models.BooleanField(_("建有工会或共青团组织"), default=False)
    legal_representative_is_member = models.BooleanField(_("法定代表人是否党员"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            *dated_constraints("company_fact", "company"),
            # Not the other way round: a functional branch may look after a company without covering it.
            models.CheckConstraint(
                name="a_covered_company_names_the_cell",
                condition=Q(cover=Cover.NONE) | Q(cover_cell__isnull=False),
            ),
        ]
        indexes = [models.Index(name="company_fact_by_cover", fields=["cover_cell"])]

    def __str__(self):
        return f"{self.company}"

    @property
    def output_in_wan(self):
        """年产值 in 万元, as ledgers have it; without places where there are none."""
        return None if self.output is None else in_wan(self.output)


class Contact(models.Model):
    """Somebody to call in a company."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="contacts")
    name = models.CharField(_("姓名"), max_length=50)
    post = models.CharField(_("职务"), max_length=50, blank=True)
    phone = EncryptedField(_("电话"), blank=True)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Appointment(DatedFact):
    """任职: who holds which office where, from–to. Ended ones stay; a mistaken one is voided."""

    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    office = models.CharField(_("职务"), max_length=32, choices=Office)
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="appointments")
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("免职原因"), max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["cell__path", "office", "pk"]
        constraints = [
            *dated_constraints("appointment", "holder", "office", "cell"),
            ExclusionConstraint(
                name="one_secretary_at_a_time",
                expressions=[("cell", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(office=Office.SECRETARY, voided_at__isnull=True),
            ),
            # Wherever the trees begin: who runs the business runs neither the system nor the audit. What has an end is
            # left to the deed: it was so, and ending one of two must put it right.
            ExclusionConstraint(
                name="business_system_and_audit_are_held_apart",
                expressions=[("holder", RangeOperators.EQUAL), ("office", RangeOperators.NOT_EQUAL)],
                condition=Q(office__in=OFFICES_AT_THE_TOP, voided_at__isnull=True, valid__upper_inf=True),
            ),
            models.CheckConstraint(
                name="nobody_appoints_themselves",
                condition=Q(appointed_by__isnull=True) | ~Q(appointed_by=F("holder")),
            ),
            # Ending one writes the ended row anew, so whoever ends it stands in recorded_by.
            models.CheckConstraint(
                name="nobody_records_their_own_office",
                condition=(Q(recorded_by__isnull=True) | ~Q(recorded_by=F("holder")))
                & (Q(voided_by__isnull=True) | ~Q(voided_by=F("holder"))),
            ),
        ]

    def __str__(self):
        return f"{self.holder} · {self.get_office_display()} · {self.cell}"


class Assignment(DatedFact):
    """联系企业: which advisor looks after which company, from–to. It reaches that one company and nothing around it."""

    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    company = models.ForeignKey(Company, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("结束原因"), max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["valid", "pk"]
        constraints = [
            *dated_constraints("assignment", "advisor", "company"),
            models.CheckConstraint(
                name="nobody_assigns_themselves",
                condition=Q(assigned_by__isnull=True) | ~Q(assigned_by=F("advisor")),
            ),
            models.CheckConstraint(
                name="nobody_records_their_own_assignment",
                condition=(Q(recorded_by__isnull=True) | ~Q(recorded_by=F("advisor")))
                & (Q(voided_by__isnull=True) | ~Q(voided_by=F("advisor"))),
            ),
        ]
        indexes = [models.Index(name="assignment_by_company", fields=["company"])]

    def __str__(self):
        return f"{self.advisor} · {self.company}"


class SetupMark(DatedFact):
    """A task of a cell's set-up list that somebody confirmed, or the list put away: what no fact can tell by itself."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="setup_marks")
    task = models.CharField(max_length=16, choices=SetupTask)
    # As which version of the cell's record it was confirmed; whatever changed since is to be looked at again.
    version = models.PositiveIntegerField(default=0)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = dated_constraints("setup_mark", "cell", "task")

    def __str__(self):
        return f"{self.cell} · {self.get_task_display()}"


class Policy(DatedFact):
    """规则: what the association set for itself, from–to. Where nothing was set the default holds."""

    item = models.CharField(_("规则"), max_length=20, choices=PolicyItem)
    value = models.PositiveSmallIntegerField(_("数值"))
    reason = models.CharField(_("为什么改"), max_length=200)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("规则")
        verbose_name_plural = _("规则")
        constraints = [
            *dated_constraints("policy", "item"),
            models.CheckConstraint(
                name="a_policy_stays_within_its_bounds",
                condition=functools.reduce(
                    operator.or_,
                    (Q(item=item, value__range=bounds[:2]) for item, bounds in POLICY_BOUNDS.items()),
                ),
            ),
        ]

    def __str__(self):
        return self.get_item_display()
