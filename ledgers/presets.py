"""Layouts met in practice, as data, and how a row of headings is told to be one of our ledgers or another kind."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledgers.choices import Kind
from ledgers.columns import LEDGERS, plain


@dataclass(frozen=True)
class Preset:
    """A layout with its headings in order; ``kind`` is empty for one that does not belong here."""

    key: str
    title: str | Promise
    kind: str
    headings: tuple[str, ...]


def _list(text: str) -> tuple[str, ...]:
    return tuple(heading.strip() for heading in text.split(","))


PRESETS: tuple[Preset, ...] = (
    Preset(
        "organisations",
        _("党组织台账"),
        Kind.ORGANISATIONS,
        _list(
            "序号, 党组织名称, 上级党组织, 组织类别, 组建方式, 成立日期, 本届任期起, 届满日期, 书记, 联系人, "
            "联系电话, 所在单位"
        ),
    ),
    Preset(
        "companies",
        _("企业台账（一企一档）"),
        Kind.COMPANIES,
        _list(
            "序号, 企业名称, 统一社会信用代码, 县市区, 园区, 行业类别, 职工人数, 年产值（万元）, "
            "是否实体运营, 有无固定场所, 法定代表人是否党员, 组建方式, 所属党组织, 党建指导员, 摸排日期"
        ),
    ),
    Preset(
        "register_2017",
        _("党员基本信息采集表（全国 26 项）"),
        Kind.MEMBERS,
        _list(
            "序号, 姓名, 所在党支部, 公民身份证号, 性别, 民族, 出生日期, 学历, 人员类别, 加入党组织日期, "
            "转为正式党员日期, 工作岗位, 手机号, 固定电话, 家庭住址, 党籍状态, 是否为流动党员, 外出流向"
        ),
    ),
    Preset(
        "member_db_export",
        _("省级系统党员库导出表"),
        Kind.MEMBERS,
        _list(
            "序号, 姓名, 性别, 公民身份号码, 民族, 出生日期, 学历, 人员类别, 学位, 所在党支部, 手机号码, "
            "入党日期, 转正日期, 党龄, 党龄校正值, 新社会阶层类型, 工作岗位, 从事专业技术职务, 是否农民工, "
            "现居住地, 户籍所在地, 是否失联党员, 是否流动党员, 入党类型, 转正情况, 入党时所在支部, "
            "延长预备期时间"
        ),
    ),
    Preset(
        "development_export",
        _("发展党员信息导出表"),
        Kind.MEMBERS,
        _list(
            "序号, 姓名, 性别, 公民身份证号码, 民族, 出生日期, 学历, 申请入党日期, 手机号码, 背景信息, "
            "工作岗位, 政治面貌, 接受申请党组织, 籍贯, 入团日期, 参加工作日期, 申请入党日期, "
            "确定入党积极分子日期, 工作单位及职务, 家庭住址, 加入党组织日期, 转为正式党员日期, 人员类别, "
            "党籍状态, 入党类型, 所在党支部, 人员类型, 隶属党组织"
        ),
    ),
    Preset(
        "annual_member",
        _("年度统计党员表"),
        Kind.MEMBERS,
        _list(
            "姓名, 身份证号码, 性别, 出生日期, 民族, 籍贯, 年龄, 学历, 学位, 毕业院校, 专业, 入党时间, "
            "转正日期, 工作岗位, 从事专业技术服务, 新的社会阶层, 人员类别, 是否农民工, 手机号码, 联系电话, "
            "所在党支部, 联合支部单位名称, 档案所在单位, 户籍所在地, 现居住地, 失去联系情形, 失去联系日期, "
            "信息完整度"
        ),
    ),
    Preset(
        "roster_2010s",
        _("旧版党员花名册"),
        Kind.MEMBERS,
        _list(
            "姓名, 身份证号码, 性别, 民族, 籍贯, 是否台湾省籍, 出生日期, 学历, 人员类别, 所在党组织, "
            "入党时间, 转正时间, 工作岗位, 参加工作日期, 家庭住址, 联系电话, 婚姻状况, 党员档案所在单位, "
            "技术职称, 新社会阶层类型, 一线情况, 培训情况, 是否农民工, 是否失联党员, 信息完整度(%)"
        ),
    ),
    Preset(
        "annual_applicant",
        _("年度统计申请人表"),
        "",
        _list(
            "姓名, 公民身份证号码, 性别, 民族, 籍贯, 出生日期, 学历, 人员类别, 入党申请时间, "
            "确定为积极分子时间, 确定为发展对象时间, 所在党组织, 入党时间, 转正时间, 工作岗位, 现居住地, "
            "移动电话, 联系电话, 党员档案所在单位, 从事专业技术职务, 新社会阶层类型, 一线情况"
        ),
    ),
    Preset(
        "migrant_roster",
        _("流动党员花名册"),
        "",
        _list(
            "姓名, 性别, 出生年月, 文化程度, 外出时间, 外出地点, 流动党员联系电话, 正式组织关系所在支部, 支部联系电话"
        ),
    ),
    Preset(
        "dues_book",
        _("党费收缴登记本"),
        "",
        _list("组织名称, 年度, 1月, 2月, 3月, 4月, 5月, 6月, 7月, 8月, 9月, 10月, 11月, 12月, 合计"),
    ),
)
BY_KEY = {preset.key: preset for preset in PRESETS}

# Headings by which a layout that does not belong here betrays itself, beside those it shares with ours.
ALIEN_MARKS: dict[str, frozenset[str]] = {
    "annual_applicant": frozenset(map(plain, ("确定为积极分子时间", "确定为发展对象时间"))),
    "migrant_roster": frozenset(map(plain, ("外出时间", "支部联系电话"))),
    "dues_book": frozenset(map(plain, ("年度", "1月", "12月"))),
}


@dataclass(frozen=True)
class Guess:
    """What a row of headings looks like. ``preset`` may name a layout that cannot be imported (``kind`` empty)."""

    kind: str
    score: int
    preset: str
    fields: tuple[str, ...]


def guess(headings: list[str]) -> Guess:
    """The ledger these headings belong to, the field of each column ("" where unknown), and the closest layout."""
    written = [plain(heading) for heading in headings]
    present = {heading for heading in written if heading}
    for key, marks in ALIEN_MARKS.items():
        if marks <= present:
            return Guess("", len(present), key, ("",) * len(headings))
    kind, score = max(((kind, _score(kind, present)) for kind in LEDGERS), key=lambda pair: pair[1])
    if score == 0:
        return Guess("", 0, "", ("",) * len(headings))
    return Guess(kind, score, _closest(kind, present), fields_for(kind, headings))


def fields_for(kind: str, headings: list[str]) -> tuple[str, ...]:
    """The field each column feeds. Of two columns for one field the official heading wins, then the first."""
    ledger = LEDGERS[kind]
    chosen: dict[str, int] = {}
    for at, heading in enumerate(headings):
        column = ledger.by_heading.get(plain(heading))
        if column is None:
            continue
        if column.field not in chosen or _rank(heading, column) < _rank(headings[chosen[column.field]], column):
            chosen[column.field] = at
    return tuple(next((field for field, at in chosen.items() if at == place), "") for place in range(len(headings)))


def _rank(heading: str, column: object) -> int:
    """How good a name for the column this heading is: the official one first, then the words in their order."""
    names = [plain(column.label), *map(plain, column.words)]  # type: ignore[attr-defined]
    return names.index(plain(heading))


def _score(kind: str, present: set[str]) -> int:
    """How many columns of this ledger the headings name; those it is known by weigh more. 0 when it is not this one."""
    ledger = LEDGERS[kind]
    found = {ledger.by_heading[heading].field for heading in present if heading in ledger.by_heading}
    known = found & set(ledger.known_by)
    if len(known) < 2 and not (len(known) == 1 and len(found - {"serial"}) >= 2):
        return 0
    return len(found - {"serial"}) + 2 * len(known)


def _closest(kind: str, present: set[str]) -> str:
    """The layout of this kind that shares most headings, measured against what either has."""
    best, share = "", 0.0
    for preset in PRESETS:
        if preset.kind != kind:
            continue
        theirs = set(map(plain, preset.headings))
        overlap = len(theirs & present) / len(theirs | present)
        if overlap > share:
            best, share = preset.key, overlap
    return best
