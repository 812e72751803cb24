"""企业台账（一企一档）."""

from django.utils.translation import gettext_lazy as _

from ledgers.choices import Kind
from ledgers.columns.kinds import DAY_HINT, ID_HINT, SERIAL, YES_NO, Column, Ledger

COMPANIES = Ledger(
    Kind.COMPANIES,
    "企业台账（一企一档）",
    (
        SERIAL,
        Column(
            "name",
            "企业名称",
            ("单位名称", "公司名称", "企业全称", "单位全称"),
            required=True,
            example="示例市云帆网络科技有限公司",
            hint=_("营业执照上的名称"),
            width=34,
        ),
        Column(
            "credit_code",
            "统一社会信用代码",
            ("社会信用代码", "信用代码", "统一信用代码", "单位代码"),
            exact=True,
            example="91000000000000000K",
            hint=ID_HINT,
            width=22,
        ),
        Column("district", "县市区", ("区县", "所在区县", "区", "所属区县", "行政区", "所在县市区"), example="高新区"),
        Column("park", "园区", ("所在园区", "产业园区", "所属园区"), example="软件园"),
        Column("line_of_business", "行业类别", ("行业", "所属行业", "主营业务", "业务类别"), example="软件服务"),
        Column(
            "staff",
            "职工人数",
            ("职工数", "员工人数", "员工数", "从业人数", "在岗职工数"),
            example="120",
            hint=_("整数"),
            width=10,
        ),
        Column(
            "output",
            "年产值（万元）",
            ("年产值", "产值", "产值（万元）", "年营业收入（万元）", "营业收入（万元）"),
            example="3500",
            hint=_("单位是万元"),
            width=14,
        ),
        Column(
            "operating",
            "是否实体运营",
            ("实体运营", "是否运营", "是否正常经营"),
            choices=YES_NO,
            example="是",
            width=12,
        ),
        Column(
            "fixed_premises",
            "有无固定场所",
            ("是否有固定场所", "固定场所", "有无固定经营场所"),
            choices=YES_NO,
            example="是",
            width=12,
        ),
        Column(
            "legal_representative_is_member",
            "法定代表人是否党员",
            ("法人是否党员", "法定代表人是否为党员"),
            choices=YES_NO,
            example="否",
            width=18,
        ),
        Column(
            "formation_mode",
            "组建方式",
            ("组建形式", "建立方式", "党组织组建方式"),
            choices=("单独建", "联合建", "派员建", "引员建", "带动建"),
            example="单独建",
        ),
        Column(
            "cover_cell",
            "所属党组织",
            ("党组织名称", "所在党组织", "覆盖党组织", "隶属党组织", "所属党支部"),
            example="中共示例市云帆网络科技有限公司支部委员会",
            hint=_("全称或简称；没有党组织的留空"),
            width=42,
        ),
        Column("advisor", "党建指导员", ("党建工作指导员", "指导员"), width=12),
        Column(
            "surveyed_on",
            "摸排日期",
            ("摸排时间", "调查日期", "更新日期", "统计日期"),
            example="2026-10-15",
            hint=DAY_HINT,
            day=True,
        ),
        Column("members_known", "已知党员数", ("党员数", "党员人数", "党员总数"), width=10),
        Column("has_liaison", "有无党建联络员", ("党建联络员", "是否有联络员"), choices=YES_NO, width=14),
        Column("has_mass_organisation", "有无工会或共青团组织", ("有无群团组织", "群团组织"), choices=YES_NO, width=18),
    ),
    known_by=("name", "credit_code", "staff", "line_of_business", "operating", "surveyed_on"),
)
