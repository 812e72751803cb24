"""The columns of the three ledgers: what each is called, how else people write it, what it feeds.

A column's ``field`` is the name of the deed's argument. ``words`` are further headings met in real workbooks
(domain sources: the national collection form, provincial exports, annual statistics, rosters of the 2010s).
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from ledgers.choices import Kind
from members import dictionaries

YES_NO = ("是", "否")
# Headings that we add ourselves to files we hand back; they feed nothing and are no news.
OURS = ("问题",)


@dataclass(frozen=True)
class Column:
    """One column of a ledger. ``exact`` ones are digits that Excel must not turn into a number."""

    field: str
    label: str
    words: tuple[str, ...] = ()
    required: bool = False
    exact: bool = False
    secret: str = ""
    example: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    width: int = 14
    day: bool = False

    @property
    def headings(self) -> set[str]:
        return {plain(self.label), *map(plain, self.words)}


@dataclass(frozen=True)
class Ledger:
    """A kind of ledger: its columns in their official order, and by which headings it is known."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    known_by: tuple[str, ...]
    by_field: dict[str, Column] = field(init=False, default_factory=dict)
    by_heading: dict[str, Column] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.columns:
            self.by_field[column.field] = column
            for heading in column.headings:
                self.by_heading.setdefault(heading, column)

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required]


def plain(heading: str) -> str:
    """A heading without what typists add: spaces of any width, asterisks, colons, the kind of brackets."""
    narrow = unicodedata.normalize("NFKC", heading)
    return re.sub(r"[\s*:：★☆※#_\-]", "", narrow).replace("(必填)", "").replace("(选填)", "").lower()


SERIAL = Column("serial", "序号", ("编号", "序列", "No", "No."), width=6, example="1")

_DAY_HINT = _("年月日，如 2019-06-18、2019年6月18日、20190618")
_ID_HINT = _("18 位；这一列已设为文本，请勿改成数字")

ORGANISATIONS = Ledger(
    Kind.ORGANISATIONS,
    "党组织台账",
    (
        SERIAL,
        Column(
            "name", "党组织名称", ("党组织全称", "组织名称", "支部名称", "党支部名称", "名称", "组织全称"),
            required=True, example="中共示例市云帆网络科技有限公司支部委员会", hint=_("印章上的全称"), width=42,
        ),
        Column(
            "superior", "上级党组织", ("上级党组织名称", "隶属党组织", "上级组织", "上级", "所属上级党组织"),
            example="中共示例市互联网协会委员会", hint=_("全称或简称；不填时归入本次导入所代表的党组织"), width=34,
        ),
        Column(
            "kind", "组织类别", ("党组织类别", "组织类型", "党组织类型", "类别"), required=True,
            choices=("党委", "党总支", "党支部", "联合党支部", "临时党支部", "功能型党支部", "流动党员党支部", "党小组"),
            example="党支部",
        ),
        Column(
            "formation_mode", "组建方式", ("组建形式", "建立方式"), example="单独建",
            choices=("单独建", "联合建", "派员建", "引员建", "带动建"),
        ),
        Column("founded_on", "成立日期", ("成立时间", "建立日期", "组建日期", "组建时间"), example="2019-06-18",
               hint=_DAY_HINT, day=True),
        Column("term_from", "本届任期起", ("任期起", "本届任期开始", "换届日期", "当选日期", "本届换届日期", "届起"),
               example="2024-06-18", hint=_DAY_HINT, day=True),
        Column("term_due", "届满日期", ("任期止", "届满时间", "应换届日期", "本届任期止", "到期日期", "届止"),
               example="2027-06-17", hint=_DAY_HINT, day=True),
        Column("secretary", "书记", ("书记姓名", "党组织书记", "支部书记", "党组织负责人"), example="林晓",
               hint=_("党员导入后，姓名和电话都对得上本党组织一名党员时自动任职"), width=10),
        Column("contact_name", "联系人", ("联络人", "联系人姓名"), example="林晓", width=10),
        Column("contact_phone", "联系电话", ("联系方式", "电话", "联系人电话", "手机", "手机号", "手机号码"), exact=True,
               secret="mobile", example="13800138000", width=16),
        Column("units_text", "所在单位", ("单位名称", "所在单位名称", "覆盖单位", "联合单位名称", "联合支部单位名称"),
               example="示例市云帆网络科技有限公司", hint=_("联合党支部有几家单位的，用顿号隔开"), width=34),
        Column("short_name", "简称", ("党组织简称", "组织简称"), example="云帆网络党支部", width=18),
        Column("term_number", "届次", ("第几届",), example="2", width=8),
        Column("org_id_code", "党组织识别码", ("党组织代码", "组织代码", "党组织编码"), exact=True, width=18),
        Column("org_path_code", "党组织层级码", ("组织层级码", "层级码"), exact=True, width=18),
    ),
    known_by=("name", "superior", "kind"),
)

COMPANIES = Ledger(
    Kind.COMPANIES,
    "企业台账（一企一档）",
    (
        SERIAL,
        Column("name", "企业名称", ("单位名称", "公司名称", "企业全称", "单位全称"), required=True,
               example="示例市云帆网络科技有限公司", hint=_("营业执照上的名称"), width=34),
        Column("credit_code", "统一社会信用代码", ("社会信用代码", "信用代码", "统一信用代码", "单位代码"), exact=True,
               example="91000000000000000K", hint=_ID_HINT, width=22),
        Column("district", "县市区", ("区县", "所在区县", "区", "所属区县", "行政区", "所在县市区"), example="高新区"),
        Column("park", "园区", ("所在园区", "产业园区", "所属园区"), example="软件园"),
        Column("line_of_business", "行业类别", ("行业", "所属行业", "主营业务", "业务类别"), example="软件服务"),
        Column("staff", "职工人数", ("职工数", "员工人数", "员工数", "从业人数", "在岗职工数"), example="120",
               hint=_("整数"), width=10),
        Column("output", "年产值（万元）", ("年产值", "产值", "产值（万元）", "年营业收入（万元）", "营业收入（万元）"),
               example="3500", hint=_("单位是万元"), width=14),
        Column("operating", "是否实体运营", ("实体运营", "是否运营", "是否正常经营"), choices=YES_NO, example="是", width=12),
        Column("fixed_premises", "有无固定场所", ("是否有固定场所", "固定场所", "有无固定经营场所"), choices=YES_NO,
               example="是", width=12),
        Column("legal_representative_is_member", "法定代表人是否党员", ("法人是否党员", "法定代表人是否为党员"),
               choices=YES_NO, example="否", width=18),
        Column("formation_mode", "组建方式", ("组建形式", "建立方式", "党组织组建方式"),
               choices=("单独建", "联合建", "派员建", "引员建", "带动建"), example="单独建"),
        Column("cover_cell", "所属党组织", ("党组织名称", "所在党组织", "覆盖党组织", "隶属党组织", "所属党支部"),
               example="中共示例市云帆网络科技有限公司支部委员会", hint=_("全称或简称；没有党组织的留空"), width=42),
        Column("advisor", "党建指导员", ("党建工作指导员", "指导员"), width=12),
        Column("surveyed_on", "摸排日期", ("摸排时间", "调查日期", "更新日期", "统计日期"), example="2026-10-15",
               hint=_DAY_HINT, day=True),
        Column("members_known", "已知党员数", ("党员数", "党员人数", "党员总数"), width=10),
        Column("has_liaison", "有无党建联络员", ("党建联络员", "是否有联络员"), choices=YES_NO, width=14),
        Column("has_mass_organisation", "有无工会或共青团组织", ("有无群团组织", "群团组织"), choices=YES_NO, width=18),
    ),
    known_by=("name", "credit_code", "staff", "line_of_business", "operating", "surveyed_on"),
)


def _labels(table: dictionaries.Dictionary) -> tuple[str, ...]:
    return tuple(table.labels.values())


MEMBERS = Ledger(
    Kind.MEMBERS,
    "党员名册",
    (
        SERIAL,
        Column("name", "姓名", ("党员姓名",), required=True, example="林晓", hint=_("与身份证一致"), width=12),
        Column("cell", "所在党支部",
               ("所在党组织", "所属党支部", "党支部", "支部", "支部名称", "党组织名称", "正式组织关系所在支部"),
               example="中共示例市云帆网络科技有限公司支部委员会", width=42,
               hint=_("全称或简称；不填时归入本次导入所代表的党支部")),
        Column("id_number", "公民身份证号",
               ("身份证", "身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "证件号", "证件号码", "证件编号"),
               required=True, exact=True, secret="id", example="999999199001010016", hint=_ID_HINT, width=22),
        Column("gender", "性别", choices=_labels(dictionaries.GENDER), example="男", width=6),
        Column("ethnicity", "民族", choices=_labels(dictionaries.ETHNICITY), example="汉族", width=10),
        Column("birth_date", "出生日期", ("出生年月", "出生年月日", "生日"), example="1990-01-01", hint=_DAY_HINT, day=True),
        Column("education", "学历", ("文化程度", "最高学历"), choices=_labels(dictionaries.EDUCATION),
               example="大学本科毕业", width=16),
        Column("category", "人员类别", ("党员类别", "党员类型"), required=True,
               choices=_labels(dictionaries.CATEGORY), example="正式党员", width=10),
        Column("joined_on", "加入党组织日期", ("入党时间", "入党日期", "加入党组织时间", "入党年月"), example="2012-06-01",
               hint=_DAY_HINT, day=True),
        Column("converted_on", "转为正式党员日期", ("转正时间", "转正日期", "转为正式党员时间"), example="2013-06-01",
               hint=_("预备党员留空"), day=True, width=16),
        Column("post", "工作岗位", ("岗位", "从事工作岗位"), choices=_labels(dictionaries.POST),
               example="企业专业技术人员", width=20),
        Column("mobile", "手机号", ("手机", "手机号码", "移动电话", "联系电话", "流动党员联系电话", "联系手机"), exact=True,
               secret="mobile", example="13800138000", width=16),
        Column("landline", "固定电话", ("座机", "办公电话", "固话", "单位电话"), exact=True, width=16),
        Column("address", "家庭住址", ("住址", "现居住地", "居住地址", "家庭地址", "现住址"), secret="address",
               example="示例市示例区示例路1号1栋101", width=34),
        Column("standing", "党籍状态", choices=_labels(dictionaries.STANDING), example="正常", width=10),
        Column("is_lost", "是否为失联党员", ("是否失联党员", "是否失联", "失联党员"), choices=YES_NO, example="否", width=14),
        Column("lost_on", "失去联系日期", ("失联日期", "失联时间"), hint=_DAY_HINT, day=True),
        Column("is_migrant", "是否为流动党员", ("是否流动党员", "流动党员", "是否流动"), choices=YES_NO, example="否", width=14),
        Column("flow_to", "外出流向", ("外出地点", "流向", "流入地", "外出流向地"), hint=_("流动党员填到区县"), width=20),
        Column("archive_birth_date", "档案出生日期", ("档案出生年月",), hint=_DAY_HINT, day=True),
        Column("native_place", "籍贯", (), width=16),
        Column("degree", "学位", ("最高学位",), width=12),
        Column("school", "毕业院校", ("毕业学校", "毕业院校及专业"), width=22),
        Column("major", "专业", ("所学专业",), width=16),
        Column("work_started_on", "参加工作日期", ("参加工作时间",), hint=_DAY_HINT, day=True),
        Column("applied_on", "入党申请日期", ("申请入党日期", "入党申请时间", "申请入党时间"), hint=_DAY_HINT, day=True),
        Column("new_stratum", "新的社会阶层", ("新社会阶层类型", "新社会阶层", "新的社会阶层类型"), width=20),
        Column("technical_title", "专业技术职务", ("从事专业技术职务", "从事专业技术服务", "技术职称", "职称"), width=16),
        Column("employer", "工作单位", ("所在单位", "工作单位名称", "单位名称", "工作单位及职务"), width=34,
               hint=_("与企业台账同名的自动关联")),
        Column("email", "邮箱", ("电子邮箱", "电子邮件"), width=22),
        Column("remarks", "备注", ("说明",), width=24),
    ),
    known_by=("name", "id_number", "cell", "category", "joined_on"),
)

LEDGERS: dict[str, Ledger] = {ledger.kind: ledger for ledger in (ORGANISATIONS, COMPANIES, MEMBERS)}
