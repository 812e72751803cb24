"""党员名册: the sixteen items of the national form and what stands behind them."""

from django.utils.translation import gettext_lazy as _

from ledgers.choices import Kind
from ledgers.columns.kinds import DAY_HINT, ID_HINT, SERIAL, YES_NO, Column, Ledger
from members import dictionaries


def _labels(table: dictionaries.Dictionary) -> tuple[str, ...]:
    return tuple(table.labels.values())


MEMBERS = Ledger(
    Kind.MEMBERS,
    "党员名册",
    (
        SERIAL,
        Column("name", "姓名", ("党员姓名",), required=True, example="林晓", hint=_("与身份证一致"), width=12),
        Column(
            "cell",
            "所在党支部",
            ("所在党组织", "所属党支部", "党支部", "支部", "支部名称", "党组织名称", "正式组织关系所在支部"),
            example="中共示例市云帆网络科技有限公司支部委员会",
            width=42,
            hint=_("全称或简称；不填时归入本次导入所代表的党支部"),
        ),
        Column(
            "id_number",
            "公民身份证号",
            ("身份证", "身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "证件号", "证件号码", "证件编号"),
            required=True,
            exact=True,
            mask="id",
            example="999999199001010016",
            hint=ID_HINT,
            width=22,
        ),
        Column("gender", "性别", choices=_labels(dictionaries.GENDER), example="男", width=6),
        Column("ethnicity", "民族", choices=_labels(dictionaries.ETHNICITY), example="汉族", width=10),
        Column(
            "birth_date", "出生日期", ("出生年月", "出生年月日", "生日"), example="1990-01-01", hint=DAY_HINT, day=True
        ),
        Column(
            "education",
            "学历",
            ("文化程度", "最高学历"),
            choices=_labels(dictionaries.EDUCATION),
            example="大学本科毕业",
            width=16,
        ),
        Column(
            "category",
            "人员类别",
            ("党员类别", "党员类型"),
            required=True,
            choices=_labels(dictionaries.CATEGORY),
            example="正式党员",
            width=10,
        ),
        Column(
            "joined_on",
            "加入党组织日期",
            ("入党时间", "入党日期", "加入党组织时间", "入党年月"),
            example="2012-06-01",
            hint=DAY_HINT,
            day=True,
        ),
        Column(
            "converted_on",
            "转为正式党员日期",
            ("转正时间", "转正日期", "转为正式党员时间"),
            example="2013-06-01",
            hint=_("预备党员留空"),
            day=True,
            width=16,
        ),
        Column(
            "post",
            "工作岗位",
            ("岗位", "从事工作岗位"),
            choices=_labels(dictionaries.POST),
            example="企业专业技术人员",
            width=20,
        ),
        Column(
            "mobile",
            "手机号",
            ("手机", "手机号码", "移动电话", "联系电话", "流动党员联系电话", "联系手机"),
            exact=True,
            mask="mobile",
            example="13800138000",
            width=16,
        ),
        Column("landline", "固定电话", ("座机", "办公电话", "固话", "单位电话"), exact=True, width=16),
        Column(
            "address",
            "家庭住址",
            ("住址", "现居住地", "居住地址", "家庭地址", "现住址"),
            mask="address",
            example="示例市示例区示例路1号1栋101",
            width=34,
        ),
        Column("standing", "党籍状态", choices=_labels(dictionaries.STANDING), example="正常", width=10),
        Column(
            "is_lost",
            "是否为失联党员",
            ("是否失联党员", "是否失联", "失联党员"),
            choices=YES_NO,
            example="否",
            width=14,
        ),
        Column("lost_on", "失去联系日期", ("失联日期", "失联时间"), hint=DAY_HINT, day=True),
        Column(
            "is_migrant",
            "是否为流动党员",
            ("是否流动党员", "流动党员", "是否流动"),
            choices=YES_NO,
            example="否",
            width=14,
        ),
        Column(
            "flow_to", "外出流向", ("外出地点", "流向", "流入地", "外出流向地"), hint=_("流动党员填到区县"), width=20
        ),
        Column("archive_birth_date", "档案出生日期", ("档案出生年月",), hint=DAY_HINT, day=True),
        Column("native_place", "籍贯", (), width=16),
        Column("degree", "学位", ("最高学位",), width=12),
        Column("school", "毕业院校", ("毕业学校", "毕业院校及专业"), width=22),
        Column("major", "专业", ("所学专业",), width=16),
        Column("work_started_on", "参加工作日期", ("参加工作时间",), hint=DAY_HINT, day=True),
        Column("applied_on", "入党申请日期", ("申请入党日期", "入党申请时间", "申请入党时间"), hint=DAY_HINT, day=True),
        Column("new_stratum", "新的社会阶层", ("新社会阶层类型", "新社会阶层", "新的社会阶层类型"), width=20),
        Column(
            "technical_title", "专业技术职务", ("从事专业技术职务", "从事专业技术服务", "技术职称", "职称"), width=16
        ),
        Column(
            "employer",
            "工作单位",
            ("所在单位", "工作单位名称", "单位名称", "工作单位及职务"),
            width=34,
            hint=_("与企业台账同名的自动关联"),
        ),
        Column("email", "邮箱", ("电子邮箱", "电子邮件"), width=22),
        Column("remarks", "备注", ("说明",), width=24),
    ),
    known_by=("name", "id_number", "cell", "category", "joined_on"),
)
