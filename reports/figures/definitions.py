"""Every figure of the portal, one function each. ``docs/figures.md`` is written from here."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext_lazy

from cells.choices import BRANCHES, CellKind, Cover
from cells.formation import ENOUGH_MEMBERS
from members.choices import Category
from reports.figures.figure import Total, rate, total
from reports.figures.populations import CELLS, COMPANIES, MEMBERS, SUSPENDED, TERMS
from reports.figures.where import Where

# Goes up with every change to what any figure counts, not with a new figure; snapshots keep it.
EDITION = 1

# Each waits for the number it follows.
PEOPLE = npgettext_lazy("unit", "名", "名")
ORGANISATIONS = npgettext_lazy("unit", "个", "个")
FIRMS = npgettext_lazy("unit", "家", "家")

ROLL = _("党内统计第 1、2 表；党员教育管理工作条例第 25 条")
STRUCTURE = _("党内统计第 24 表；支部工作条例第 4、5、13 条")
LEDGER = _("一企一档台账；党内统计第 27 表")

COVERED = Q(covered=True)
OPERATING = Q(operating=True)
SHOULD_BUILD = Q(full_known__gte=ENOUGH_MEMBERS)
REACHED = COVERED | ~Q(advisor="") | Q(has_liaison=True) | Q(has_mass_organisation=True)


# Members.


@total(
    MEMBERS,
    _("党员"),
    PEOPLE,
    definition=_("截至当日组织关系在本范围内党组织、党籍状态正常的党员，含预备党员。"),
    formula=_("正式党员 + 预备党员"),
    source=ROLL,
)
def members(where: Where) -> Q:
    return Q()


@total(
    MEMBERS,
    pgettext_lazy("figure", "正式党员"),
    PEOPLE,
    definition=_("截至当日在册党员中人员类别为正式党员的人数。"),
    formula=_("在册党员中正式党员计数"),
    source=ROLL,
)
def full_members(where: Where) -> Q:
    return Q(fact__category=Category.FULL)


@total(
    MEMBERS,
    pgettext_lazy("figure", "预备党员"),
    PEOPLE,
    definition=_("截至当日在册党员中人员类别为预备党员的人数。"),
    formula=_("在册党员中预备党员计数"),
    source=ROLL,
)
def probationary(where: Where) -> Q:
    return Q(fact__category=Category.PROBATIONARY)


@total(
    SUSPENDED,
    pgettext_lazy("figure", "停止党籍"),
    PEOPLE,
    definition=_("截至当日党籍状态为停止党籍的人数，计在其最后所在党组织，不计入党员。"),
    formula=_("党籍状态为停止党籍者计数"),
    source=ROLL,
)
def suspended_members(where: Where) -> Q:
    return Q()


# Organisations.


def _kinds(*kinds: str) -> Q:
    return Q(kind__in=kinds)


def _direct(where: Where, *kinds: str) -> Q:
    """Directly below the cell asked for; without one, directly below what stands at the top."""
    if where.cell:
        return _kinds(*kinds) & Q(parent=where.cell.pk)
    return _kinds(*kinds) & Q(path__regex=r"^/[0-9]+/[0-9]+/$")


@total(
    CELLS,
    _("党组织"),
    ORGANISATIONS,
    definition=_("截至当日本范围内的党委、党总支和各类党支部，含本级；党小组是支部的组成部分，不计。"),
    formula=_("党委 + 党总支 + 党支部"),
    source=STRUCTURE,
)
def organisations(where: Where) -> Q:
    return Q()


@total(
    CELLS,
    pgettext_lazy("figure", "党委"),
    ORGANISATIONS,
    definition=_("截至当日本范围内的党委，含本级。"),
    formula=_("组织类别为党委者计数"),
    source=STRUCTURE,
)
def committees(where: Where) -> Q:
    return _kinds(CellKind.COMMITTEE)


@total(
    CELLS,
    pgettext_lazy("figure", "党总支"),
    ORGANISATIONS,
    definition=_("截至当日本范围内的党总支，含本级。"),
    formula=_("组织类别为党总支者计数"),
    source=STRUCTURE,
)
def general_branches(where: Where) -> Q:
    return _kinds(CellKind.GENERAL_BRANCH)


@total(
    CELLS,
    pgettext_lazy("figure", "党支部"),
    ORGANISATIONS,
    definition=_("截至当日本范围内各级的党支部，含联合、临时、功能型和流动党员党支部。"),
    formula=_("党支部 + 联合党支部 + 临时党支部 + 功能型党支部 + 流动党员党支部"),
    source=STRUCTURE,
)
def branches(where: Where) -> Q:
    return _kinds(*BRANCHES)


@total(
    CELLS,
    pgettext_lazy("figure", "联合党支部"),
    ORGANISATIONS,
    definition=_("截至当日本范围内由两家以上单位联合组建的党支部。"),
    formula=_("组织类别为联合党支部者计数"),
    source=STRUCTURE,
)
def joint_branches(where: Where) -> Q:
    return _kinds(CellKind.JOINT_BRANCH)


@total(
    CELLS,
    pgettext_lazy("figure", "临时党支部"),
    ORGANISATIONS,
    definition=_("截至当日本范围内为完成任务临时组建、党员组织关系不转接的党支部。"),
    formula=_("组织类别为临时党支部者计数"),
    source=_("支部工作条例第 8 条"),
)
def temporary_branches(where: Where) -> Q:
    return _kinds(CellKind.TEMPORARY_BRANCH)


@total(
    CELLS,
    pgettext_lazy("figure", "功能型党支部"),
    ORGANISATIONS,
    definition=_("截至当日本范围内的功能型党支部。党员的组织关系在别处，不计入组织覆盖。"),
    formula=_("组织类别为功能型党支部者计数"),
    source=_("支部工作条例第 5 条"),
)
def functional_branches(where: Where) -> Q:
    return _kinds(CellKind.FUNCTIONAL_BRANCH)


@total(
    CELLS,
    pgettext_lazy("figure", "流动党员党支部"),
    ORGANISATIONS,
    definition=_("截至当日本范围内的流动党员党支部。"),
    formula=_("组织类别为流动党员党支部者计数"),
    source=_("党员教育管理工作条例第 32 条"),
)
def migrant_branches(where: Where) -> Q:
    return _kinds(CellKind.MIGRANT_BRANCH)


@total(
    CELLS,
    _("直属党委"),
    ORGANISATIONS,
    definition=_("截至当日直接隶属于所选党组织的党委；未选党组织时，直接隶属于最上级。"),
    formula=_("上级为所选党组织的党委计数"),
    source=STRUCTURE,
)
def direct_committees(where: Where) -> Q:
    return _direct(where, CellKind.COMMITTEE)


@total(
    CELLS,
    _("直属党总支"),
    ORGANISATIONS,
    definition=_("截至当日直接隶属于所选党组织的党总支；未选党组织时，直接隶属于最上级。"),
    formula=_("上级为所选党组织的党总支计数"),
    source=STRUCTURE,
)
def direct_general_branches(where: Where) -> Q:
    return _direct(where, CellKind.GENERAL_BRANCH)


@total(
    CELLS,
    _("直属党支部"),
    ORGANISATIONS,
    definition=_("截至当日直接隶属于所选党组织的各类党支部；未选党组织时，直接隶属于最上级。"),
    formula=_("上级为所选党组织的各类党支部计数"),
    source=STRUCTURE,
)
def direct_branches(where: Where) -> Q:
    return _direct(where, *BRANCHES)


@total(
    TERMS,
    _("届满未换届"),
    ORGANISATIONS,
    definition=_("截至当日届满日期已过、尚未记录新一届的党组织。"),
    formula=_("届满日期早于当日的党组织计数"),
    source=_("党内统计第 24 表；基层组织选举工作条例第 5 条"),
)
def terms_expired(where: Where) -> Q:
    return Q(due_on__lt=F("today"))


# Companies.


@total(
    COMPANIES,
    _("企业"),
    FIRMS,
    definition=_("截至当日台账内的企业：由本范围内党组织归口，或由其覆盖。不论是否实体运营。"),
    formula=_("台账企业计数"),
    source=LEDGER,
)
def companies(where: Where) -> Q:
    return Q()


@total(
    COMPANIES,
    _("实体运营企业"),
    FIRMS,
    definition=_("截至当日摸排为实体运营的企业，是各覆盖率的分母。"),
    formula=_("是否实体运营为是的企业计数"),
    source=LEDGER,
)
def operating_companies(where: Where) -> Q:
    return OPERATING


@total(
    COMPANIES,
    _("职工"),
    npgettext_lazy("unit", "人", "人"),
    definition=_("截至当日实体运营企业最近一次摸排的职工人数之和；未摸排人数的企业按 0 计。"),
    formula=_("实体运营企业职工人数求和"),
    source=LEDGER,
    adds="staff",
)
def staff(where: Where) -> Q:
    return OPERATING


@total(
    COMPANIES,
    _("单独组建企业"),
    FIRMS,
    definition=_("截至当日实体运营、有自己的党组织的企业。临时、功能型党支部不计。"),
    formula=_("实体运营且覆盖情况为单独组建的企业计数"),
    source=_("两个覆盖口径 COV-02；党内统计第 27 表"),
)
def companies_with_own_branch(where: Where) -> Q:
    return OPERATING & COVERED & Q(cover=Cover.OWN)


@total(
    COMPANIES,
    _("联合组建企业"),
    FIRMS,
    definition=_("截至当日实体运营、参加联合党组织的企业。临时、功能型党支部不计。"),
    formula=_("实体运营且覆盖情况为联合组建的企业计数"),
    source=_("两个覆盖口径 COV-01；支部工作条例第 4 条"),
)
def companies_in_joint_branch(where: Where) -> Q:
    return OPERATING & COVERED & Q(cover=Cover.JOINT)


@total(
    COMPANIES,
    _("组织覆盖企业"),
    FIRMS,
    definition=_("截至当日实体运营、单独组建或参加联合组建党组织的企业。"),
    formula=_("单独组建企业 + 联合组建企业"),
    source=_("两个覆盖口径 COV-01"),
)
def covered_companies(where: Where) -> Q:
    return OPERATING & COVERED


@total(
    COMPANIES,
    _("工作覆盖企业"),
    FIRMS,
    definition=_("截至当日实体运营、已有组织覆盖，或有党建工作指导员、党建联络员、工会或共青团组织之一的企业。"),
    formula=_("组织覆盖企业 ∪ 有指导员、联络员或群团组织的企业"),
    source=_("两个覆盖口径 COV-03、COV-04"),
)
def reached_companies(where: Where) -> Q:
    return OPERATING & REACHED


@total(
    COMPANIES,
    _("应建未建"),
    FIRMS,
    definition=_(
        "截至当日实体运营、没有组织覆盖，而已知正式党员 3 名以上的企业。"
        "已知正式党员取摸排的已知党员数与名册上以该企业为工作单位的正式党员数中较大者。"
    ),
    formula=_("实体运营、未覆盖且已知正式党员 ≥ 3 的企业计数"),
    source=_("两个覆盖口径 COV-06；党章第 30 条；支部工作条例第 4 条"),
    dated=False,  # a member's employer is kept as it is today
)
def should_build_gap(where: Where) -> Q:
    return OPERATING & Q(covered=False) & SHOULD_BUILD


@total(
    COMPANIES,
    _("待组建企业"),
    FIRMS,
    definition=_(
        "截至当日实体运营、没有组织覆盖，而已知正式党员 3 名以上，或职工达到推进口径（未另行设定时为 50 名）的企业。"
        "前者是应建未建；后者是推进口径，不是党章和条例的要求。"
    ),
    formula=_("实体运营、未覆盖，且已知正式党员 ≥ 3 或职工人数 ≥ 当日推进口径的企业计数"),
    source=_("两个覆盖口径 COV-06；支部工作条例第 4 条；推进口径 THR-01、THR-02"),
    dated=False,  # as above
)
def companies_to_form(where: Where) -> Q:
    return OPERATING & Q(covered=False) & (SHOULD_BUILD | Q(staff__gte=F("large_from")))


@total(
    COMPANIES,
    _("应建企业"),
    FIRMS,
    definition=_("截至当日实体运营、已知正式党员 3 名以上的企业，不论是否已有组织覆盖。"),
    formula=_("实体运营且已知正式党员 ≥ 3 的企业计数"),
    source=_("两个覆盖口径 COV-05；党章第 30 条"),
    dated=False,  # as above
)
def should_build_companies(where: Where) -> Q:
    return OPERATING & SHOULD_BUILD


@total(
    COMPANIES,
    _("应建已建企业"),
    FIRMS,
    definition=_("应建企业中单独组建或参加联合组建党组织的企业。"),
    formula=_("应建企业中有组织覆盖的企业计数"),
    source=_("两个覆盖口径 COV-05；党章第 30 条"),
    dated=False,  # as above
)
def built_companies(where: Where) -> Q:
    return OPERATING & SHOULD_BUILD & COVERED


@total(
    COMPANIES,
    _("任期有效"),
    FIRMS,
    definition=_("组织覆盖企业中，覆盖它的党组织当日任期有效、尚未届满的企业；没有登记届次的不计。"),
    formula=_("有组织覆盖且届满日期不早于当日的企业计数"),
    source=_("有效覆盖口径；基层组织选举工作条例第 5 条"),
)
def covered_in_term(where: Where) -> Q:
    return OPERATING & COVERED & Q(in_term=True)


@total(
    COMPANIES,
    _("任期有效且书记在任"),
    FIRMS,
    definition=_("任期有效的企业中，覆盖它的党组织当日有书记在任的企业。书记以本系统登记的任职为准。"),
    formula=_("有组织覆盖、任期有效且书记在任的企业计数"),
    source=_("有效覆盖口径；支部工作条例第 21 条"),
)
def covered_and_led(where: Where) -> Q:
    return OPERATING & COVERED & Q(in_term=True, led=True)


@rate(
    _("组织覆盖率"),
    definition=_("实体运营企业中单独组建或联合组建了党组织的比例。临时、功能型党支部不计；没有实体运营企业时不计算。"),
    formula=_("（单独组建企业 + 联合组建企业）÷ 实体运营企业"),
    source=_("两个覆盖口径 COV-01"),
    rest=_("未覆盖"),
)
def organisational_coverage() -> tuple[Total, Total]:
    return covered_companies, operating_companies


@rate(
    _("单独组建率"),
    definition=_("实体运营企业中有自己的党组织的比例。没有实体运营企业时不计算。"),
    formula=_("单独组建企业 ÷ 实体运营企业"),
    source=_("两个覆盖口径 COV-02"),
    rest=_("未单独组建"),
)
def independent_formation() -> tuple[Total, Total]:
    return companies_with_own_branch, operating_companies


@rate(
    _("工作覆盖率"),
    definition=_(
        "实体运营企业中已有组织覆盖，或有指导员、联络员、工会或共青团组织之一的比例。没有实体运营企业时不计算。"
    ),
    formula=_("工作覆盖企业 ÷ 实体运营企业"),
    source=_("两个覆盖口径 COV-04"),
    rest=_("未覆盖"),
)
def work_coverage() -> tuple[Total, Total]:
    return reached_companies, operating_companies


@rate(
    _("应建尽建率"),
    definition=_("已知正式党员 3 名以上的实体运营企业中，已有组织覆盖的比例。没有应建企业时不计算。"),
    formula=_("应建已建企业 ÷ 应建企业"),
    source=_("两个覆盖口径 COV-05"),
    rest=_("应建未建"),
    dated=False,  # as its parts
)
def should_build_rate() -> tuple[Total, Total]:
    return built_companies, should_build_companies
