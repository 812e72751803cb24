"""What may be asked of cells, companies and offices: by an address, a page, an export or a saved filter."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.changed import changed_since
from cells import formation
from cells.authority import subtree
from cells.choices import CellKind, Cover, FormationMode, Office, PolicyItem
from cells.domain.people import known_to
from cells.models import Appointment, Cell, Policy
from cells.reach import seen_cells, seen_companies
from core.codes import read_code
from core.criteria import Choice, Code, Criteria, Day, Moment, Number, Search, Text, YesNo
from core.names import name_filter

TERMS = [("expired", _("已届满")), ("soon", _("将届满"))]
STANDING = [("standing", _("现有")), ("dissolved", pgettext_lazy("cells", "已撤销"))]
COVERED = [("covered", _("已覆盖")), *Cover.choices]
ACCOUNTS = [("dormant", _("未开通")), ("open", _("已开通")), ("closed", _("已停用"))]
CREDIT_CODE_LENGTH = 18


class CellCriteria(Criteria):
    """Of cells ``with_term``."""

    q = Search(_("名称、首字母或编号"), by="search")
    code = Text(_("编号"), ways=("", "n"))
    name = Text(_("党组织全称"), ways=("", "n", "ic"))
    short_name = Text(_("简称"))
    kind = Choice(_("组织类别"), choices=CellKind, ways=("", "n"))
    parent = Code(_("上级党组织"), among=seen_cells)
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    formation_mode = Choice(_("组建方式"), choices=FormationMode)
    founded_on = Day(_("成立日期"))
    dissolved_on = Day(_("撤销日期"))
    due_on = Day(_("届满日期"))
    term = Choice(_("届期"), choices=TERMS, by="by_term", several=False, ways=("",))
    standing = Choice(_("状态"), choices=STANDING, by="by_standing", several=False, ways=("",))
    org_id_code = Text(_("党组织识别码"))
    org_path_code = Text(_("党组织层级码"))
    modified_since = Moment(_("此后有变动"), by="changed")

    def search(self, cells: QuerySet, words: str) -> QuerySet:
        code = read_code(words)
        return cells.filter(code=code) if code else cells.filter(name_filter(words))

    def below(self, cells: Any, top: Cell) -> QuerySet:
        return cells.under(top)

    def by_term(self, cells: QuerySet, wanted: str) -> QuerySet:
        today = timezone.localdate()
        if wanted == "expired":
            return cells.filter(due_on__lt=today)
        notice = Policy.objects.values_on(today)[PolicyItem.TERM_NOTICE]
        return cells.filter(due_on__range=(today, today + timedelta(days=notice)))

    def by_standing(self, cells: QuerySet, wanted: str) -> QuerySet:
        return cells.filter(dissolved_on__isnull=wanted == "standing")

    def changed(self, cells: QuerySet, moment: datetime) -> QuerySet:
        return changed_since(cells, moment)


class CompanyCriteria(Criteria):
    """Of companies ``with_facts``."""

    q = Search(_("名称、首字母、编号或信用代码"), by="search")
    code = Text(_("编号"), ways=("", "n"))
    name = Text(_("企业名称"), ways=("", "n", "ic"))
    credit_code = Text(_("统一社会信用代码"))
    district = Text(_("县市区"))
    park = Text(_("园区"))
    line_of_business = Text(_("行业类别"))
    keeper = Code(_("归口党组织"), among=seen_cells, ways=("", "n"))
    cover_cell = Code(_("所属党组织"), among=seen_cells)
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    cover = Choice(_("覆盖情况"), choices=COVERED, by="by_cover", several=False, ways=("",))
    operating = YesNo(_("是否实体运营"), at="now__operating")
    fixed_premises = YesNo(_("有无固定场所"), at="now__fixed_premises")
    staff = Number(_("职工人数"), at="now__staff")
    output = Number(_("年产值（元）"), at="now__output")
    members_known = Number(_("已知党员数"), at="now__members_known")
    formation_mode = Choice(_("组建方式"), choices=FormationMode, at="now__formation_mode")
    has_liaison = YesNo(_("有党建联络员"), at="now__has_liaison")
    has_mass_organisation = YesNo(_("建有工会或共青团组织"), at="now__has_mass_organisation")
    legal_representative_is_member = YesNo(_("法定代表人是否党员"), at="now__legal_representative_is_member")
    gap = YesNo(_("应建未建"), by="by_gap", ways=("",))
    modified_since = Moment(_("此后有变动"), by="changed")

    def search(self, companies: QuerySet, words: str) -> QuerySet:
        code, credit_code = read_code(words), words.strip().upper()
        if code:
            return companies.filter(code=code)
        if len(credit_code) == CREDIT_CODE_LENGTH:
            return companies.filter(credit_code=credit_code)
        return companies.filter(name_filter(words))

    def below(self, companies: Any, top: Cell) -> QuerySet:
        return companies.under(top)

    def by_cover(self, companies: QuerySet, wanted: str) -> QuerySet:
        covers = (Cover.OWN, Cover.JOINT) if wanted == "covered" else (wanted,)
        return companies.filter(now__cover__in=covers)

    def by_gap(self, companies: QuerySet, wanted: bool) -> QuerySet:
        known = Q(now__members_known__gte=formation.ENOUGH_MEMBERS)
        gap = Q(now__operating=True, now__cover=Cover.NONE) & known
        return companies.filter(gap if wanted else ~gap)

    def changed(self, companies: QuerySet, moment: datetime) -> QuerySet:
        return changed_since(companies, moment)


class ContactCriteria(Criteria):
    company = Code(_("企业"), among=seen_companies, ways=("",))
    name = Text(_("姓名"), ways=("", "ic"))


class AssignmentCriteria(Criteria):
    """``on``: those that hold on that day."""

    company = Code(_("企业"), among=seen_companies, ways=("", "n"))
    advisor = Code(_("党建工作指导员"), among=known_to, ways=("", "n"))
    on = Day(_("当天有效"), by="holding", several=False, ways=("",))
    assigned_on = Day(_("联系日期"), at="valid__startswith", ways=("gte", "lte"))
    ended_on = Day(_("结束日期"), at="valid__endswith", ways=("gte", "lte", "empty"))
    modified_since = Moment(_("此后有变动"), by="changed")

    def holding(self, rows: QuerySet, on: date) -> QuerySet:
        return rows.filter(valid__contains=on)

    def changed(self, rows: QuerySet, moment: datetime) -> QuerySet:
        return rows.filter(recorded_at__gte=moment)


class AppointmentCriteria(Criteria):
    """``on``: those held on that day."""

    cell = Code(_("党组织"), among=seen_cells, ways=("", "n"))
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    office = Choice(_("职务"), choices=Office, ways=("", "n"))
    holder = Code(_("任职人"), among=known_to, ways=("", "n"))
    on = Day(_("当天在任"), by="holding", several=False, ways=("",))
    from_on = Day(_("任职日期"), at="valid__startswith", ways=("gte", "lte"))
    until = Day(_("任期至"), at="valid__endswith", ways=("gte", "lte", "empty"))
    modified_since = Moment(_("此后有变动"), by="changed")

    def changed(self, rows: QuerySet, moment: datetime) -> QuerySet:
        return rows.filter(recorded_at__gte=moment)

    def below(self, rows: QuerySet, top: Cell) -> QuerySet:
        return rows.filter(subtree(top.path, "cell__path"))

    def holding(self, rows: QuerySet, on: date) -> QuerySet:
        return rows.filter(valid__contains=on)


class SeatCriteria(AppointmentCriteria):
    """Of offices, by who holds them and how their account stands."""

    q = Search(_("姓名或账号编号"), by="search")
    account = Choice(_("账号"), choices=ACCOUNTS, by="by_account", several=False, ways=("",))

    def search(self, seats: QuerySet, words: str) -> QuerySet:
        return seats.filter(Q(holder__name__icontains=words) | Q(holder__code__iexact=words))

    def by_account(self, seats: QuerySet, wanted: str) -> QuerySet:
        if wanted == "closed":
            return seats.filter(holder__is_active=False)
        return seats.filter(holder__is_active=True, holder__username__isnull=wanted == "dormant")


class PersonCriteria(Criteria):
    """Of people in office."""

    q = Search(_("姓名或账号编号"), by="search")
    office = Choice(_("职务"), choices=Office, by="by_office", ways=("",))
    account = Choice(_("账号"), choices=ACCOUNTS, by="by_account", several=False, ways=("",))

    def search(self, people: QuerySet, words: str) -> QuerySet:
        return people.filter(Q(name__icontains=words) | Q(code__iexact=words))

    def by_office(self, people: QuerySet, wanted: list[str]) -> QuerySet:
        seats = Appointment.objects.reaching(timezone.localdate()).filter(office__in=wanted)
        return people.filter(pk__in=seats.values("holder"))

    def by_account(self, people: QuerySet, wanted: str) -> QuerySet:
        if wanted == "closed":
            return people.filter(is_active=False)
        return people.filter(is_active=True, username__isnull=wanted == "dormant")


class SavedFilterCriteria(Criteria):
    """Of saved filters."""

    q = Search(_("名称"), by="search")
    code = Text(_("编号"), ways=("",))
    name = Text(_("名称"), ways=("", "ic"))
    listing = Text(_("名单"), ways=("",))
    pinned = YesNo(_("在工作台"), ways=("",))
    shared_with = Code(_("共享给"), among=seen_cells)
    own = YesNo(_("自己存的"), by="by_owner", ways=("",))

    def search(self, filters: QuerySet, words: str) -> QuerySet:
        return filters.filter(name__icontains=words)

    def by_owner(self, filters: QuerySet, wanted: bool) -> QuerySet:
        return filters.filter(owner=self.user.pk) if wanted else filters.exclude(owner=self.user.pk)
