"""What may be asked of rosters: by an address, a page, an export or a saved filter."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.changed import changed_since
from cells.models import Cell
from cells.reach import seen_cells
from core.criteria import Choice, Code, Criteria, Day, Moment, Search, Text, YesNo
from core.masks import is_whole_number
from core.names import name_filter
from members.choices import (
    REQUESTABLE,
    Category,
    EntryReason,
    ExitReason,
    Gender,
    RequestState,
    RightKind,
    RightState,
    Standing,
)
from members.dictionaries import EDUCATION, EDUCATION_GROUPS, ETHNICITY, POST, education_group
from members.domain import lookups
from members.models import Member
from members.reach import readable_members


class ContactCriteria(Criteria):
    """Of memberships, for who sees names and mobiles alone."""

    q = Search(_("姓名、首字母、手机后 4 位或编号"), by="search")

    def search(self, places: Any, words: str) -> QuerySet:
        """By name, code or the end of a mobile; a whole number is looked up, and written down, where that may be."""
        if not is_whole_number(words):
            return places.matching(words)
        hits = lookups.find_by_number(places, number=words, by=self.user, on=timezone.localdate())
        return places.filter(pk__in=[hit.pk for hit in hits])


class RosterCriteria(ContactCriteria):
    """Of memberships, for who reads the record. Which of a member's memberships is told by ``standing``."""

    category = Choice(_("人员类别"), choices=Category, at="member__category", ways=("", "n"))
    standing = Choice(_("党籍状态"), choices=Standing, by="by_standing", several=False, ways=("",))
    gender = Choice(_("性别"), choices=Gender, at="member__gender")
    ethnicity = Choice(_("民族"), choices=ETHNICITY.choices, at="member__ethnicity")
    birth_date = Day(_("出生日期"), at="member__birth_date")
    education = Choice(
        _("学历"), choices=[*EDUCATION_GROUPS.choices, *EDUCATION.choices], by="by_education", ways=("",)
    )
    post = Choice(_("工作岗位"), choices=POST.choices, at="member__post")
    joined_on = Day(_("加入党组织日期"), at="member__joined_on")
    converted_on = Day(_("转为正式党员日期"), at="member__converted_on")
    employer_text = Text(_("工作单位名称"), at="member__employer_text")
    cell = Code(_("所在党组织"), among=seen_cells, ways=("", "n"))
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    missing = YesNo(_("信息不全"), by="by_missing", ways=("",))
    lost = YesNo(_("失联"), at="member__is_lost", ways=("",))
    migrant = YesNo(_("流动党员"), at="member__is_migrant", ways=("",))

    def by_standing(self, places: Any, wanted: str) -> QuerySet:
        return places.with_standing(wanted)

    def by_education(self, places: Any, wanted: list[str]) -> QuerySet:
        """By code, or by the group of the statistics the code belongs to."""
        codes = [code for code in EDUCATION.labels if {code, education_group(code)} & set(wanted)]
        return places.filter(member__education__in=codes)

    def below(self, places: Any, top: Cell) -> QuerySet:
        return places.under(top)

    def by_missing(self, places: Any, wanted: bool) -> QuerySet:
        incomplete = places.incomplete()
        return incomplete if wanted else places.exclude(pk__in=incomplete.values("pk"))


class MemberCriteria(RosterCriteria):
    """Of memberships, as programs ask: with a cell and what is below it, and what changed since they asked last.

    Without ``standing`` they are those that hold now, as on the page.
    """

    code = Text(_("编号"), at="member__code", ways=("",))
    cell = Code(_("所在党组织"), among=seen_cells, by="in_cells", ways=("",))
    include_sub = YesNo(_("连同下级党组织"), by="as_it_is", ways=("",))
    modified_since = Moment(_("此后有变动"), by="changed")

    def filter_queryset(self, queryset: Any) -> QuerySet:
        return super().filter_queryset(queryset if self.data.get("standing") else queryset.current())

    def in_cells(self, places: Any, cells: list[Cell]) -> QuerySet:
        if not self.form.cleaned_data.get("include_sub"):
            return places.filter(cell__in=cells)
        first, *rest = [Cell.objects.under(cell).values("pk") for cell in cells]
        return places.filter(cell__in=first.union(*rest)) if rest else places.under(cells[0])

    def as_it_is(self, places: QuerySet, _wanted: bool) -> QuerySet:
        """It says how ``cell`` is meant, and nothing by itself."""
        return places

    def changed(self, places: QuerySet, moment: datetime) -> QuerySet:
        return changed_since(places, moment, thing="member")


class MembershipCriteria(Criteria):
    """Of memberships of every time."""

    member = Code(_("党员"), among=readable_members, ways=("",))
    cell = Code(_("党组织"), among=seen_cells, ways=("", "n"))
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    starts_on = Day(_("开始日期"), at="valid__startswith", ways=("", "gte", "lte"))
    ends_on = Day(_("结束日期"), at="valid__endswith")
    entry_reason = Choice(_("转入原因"), choices=EntryReason, ways=("", "n"))
    exit_reason = Choice(_("转出原因"), choices=ExitReason)
    modified_since = Moment(_("此后有变动"), by="changed")

    def below(self, places: Any, top: Cell) -> QuerySet:
        return places.under(top)

    def changed(self, places: QuerySet, moment: datetime) -> QuerySet:
        return places.filter(recorded_at__gte=moment)


class ChangeRequestCriteria(Criteria):
    member = Code(_("党员"), among=readable_members, ways=("",))
    state = Choice(_("状态"), choices=RequestState, ways=("", "n"))
    item = Choice(_("项目"), choices=[(item, Member._meta.get_field(item).verbose_name) for item in REQUESTABLE])
    modified_since = Moment(_("此后有变动"), by="changed")

    def changed(self, requests: QuerySet, moment: datetime) -> QuerySet:
        return requests.filter(Q(asked_at__gte=moment) | Q(closed_at__gte=moment))


class SubjectRequestCriteria(Criteria):
    member = Code(_("党员"), among=readable_members, ways=("",))
    state = Choice(_("状态"), choices=RightState, ways=("", "n"))
    kind = Choice(_("申请事项"), choices=RightKind, ways=("", "n"))
    due_on = Day(_("答复期限"), ways=("", "gte", "lte"))
    modified_since = Moment(_("此后有变动"), by="changed")

    def changed(self, requests: QuerySet, moment: datetime) -> QuerySet:
        return requests.filter(Q(asked_at__gte=moment) | Q(answered_at__gte=moment))


class AnsweringCriteria(SubjectRequestCriteria):
    """Of requests at the desk where they are answered."""

    q = Search(_("姓名、首字母"), by="search")

    def search(self, requests: QuerySet, words: str) -> QuerySet:
        return requests.filter(name_filter(words, "member__"))


class MergeCriteria(Criteria):
    kept = Code(_("保留的记录"), among=readable_members, ways=("",))
    absorbed = Text(_("并入的记录"), at="absorbed__code", ways=("",))
    undone = YesNo(_("已撤销"), by="by_undoing", ways=("",))

    def by_undoing(self, merges: QuerySet, wanted: bool) -> QuerySet:
        return merges.filter(undone_at__isnull=not wanted)
