"""Code tables of the roster: the code that is kept, the words people write for it.

Labels are Chinese here, because ledgers are; ``choices`` and ``label`` translate them.
"""

import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from members.choices import Category, Gender, IdKind, Standing


@dataclass(frozen=True)
class Match:
    """The entry a word stands for; ``normalised`` when it was written in another way than the label."""

    code: str
    label: str
    normalised: bool


@dataclass(frozen=True)
class Dictionary:
    """One code table. ``words`` are further ways of writing an entry, met in real ledgers."""

    name: str
    labels: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return [(code, gettext_lazy(label)) for code, label in self.labels.items()]

    @cached_property
    def _codes(self) -> dict[str, str]:
        """The code of every label; of two alike the first."""
        return {label: code for code, label in reversed(self.labels.items())}

    def label(self, code: str) -> str:
        """The entry in the reader's language, or nothing for a code that is not in the table."""
        return gettext(self.labels[code]) if code in self.labels else ""

    def lookup(self, text: object) -> Match | None:
        """The entry meant by ``text``: a label, one of the words, or the code itself. None when there is none."""
        written = _plain(text)
        if written in self._codes:
            return Match(self._codes[written], written, normalised=str(text).strip() != written)
        code = self.words.get(written, written)
        return Match(code, self.labels[code], normalised=True) if code in self.labels else None

    def closest(self, text: object, count: int = 3) -> list[str]:
        """Labels that look like ``text``, for a proposal beside the error."""
        near = get_close_matches(_plain(text), [*self.labels.values(), *self.words], n=count, cutoff=0.5)
        return list(dict.fromkeys(word if word not in self.words else self.labels[self.words[word]] for word in near))


def _plain(text: object) -> str:
    """Without spaces of any width, digits and brackets in half width."""
    return "".join(unicodedata.normalize("NFKC", str(text)).replace("(", "（").replace(")", "）").split())


# GB/T 3304, with 97 and 98 as inner-Party statistics use them.
_PEOPLES = {
    "01": _("汉族"),
    "02": _("蒙古族"),
    "03": _("回族"),
    "04": _("藏族"),
    "05": _("维吾尔族"),
    "06": _("苗族"),
    "07": _("彝族"),
    "08": _("壮族"),
    "09": _("布依族"),
    "10": _("朝鲜族"),
    "11": _("满族"),
    "12": _("侗族"),
    "13": _("瑶族"),
    "14": _("白族"),
    "15": _("土家族"),
    "16": _("哈尼族"),
    "17": _("哈萨克族"),
    "18": _("傣族"),
    "19": _("黎族"),
    "20": _("傈僳族"),
    "21": _("佤族"),
    "22": _("畲族"),
    "23": _("高山族"),
    "24": _("拉祜族"),
    "25": _("水族"),
    "26": _("东乡族"),
    "27": _("纳西族"),
    "28": _("景颇族"),
    "29": _("柯尔克孜族"),
    "30": _("土族"),
    "31": _("达斡尔族"),
    "32": _("仫佬族"),
    "33": _("羌族"),
    "34": _("布朗族"),
    "35": _("撒拉族"),
    "36": _("毛南族"),
    "37": _("仡佬族"),
    "38": _("锡伯族"),
    "39": _("阿昌族"),
    "40": _("普米族"),
    "41": _("塔吉克族"),
    "42": _("怒族"),
    "43": _("乌孜别克族"),
    "44": _("俄罗斯族"),
    "45": _("鄂温克族"),
    "46": _("德昂族"),
    "47": _("保安族"),
    "48": _("裕固族"),
    "49": _("京族"),
    "50": _("塔塔尔族"),
    "51": _("独龙族"),
    "52": _("鄂伦春族"),
    "53": _("赫哲族"),
    "54": _("门巴族"),
    "55": _("珞巴族"),
    "56": _("基诺族"),
    "97": _("其他"),
    "98": _("外国血统中国籍人士"),
}
ETHNICITY = Dictionary(
    _("民族"),
    _PEOPLES,
    {label.removesuffix("族"): code for code, label in _PEOPLES.items() if label.endswith("族")}
    | {
        "蒙族": "02",
        "维族": "05",
        "布衣族": "09",
        "鲜族": "10",
        "哈族": "17",
        "僳僳族": "20",
        "僳僳": "20",
        "傈傈族": "20",
        "卡佤族": "21",
        "畬族": "22",
        "达翰尔族": "31",
        "达翰尔": "31",
        "达斡尔": "31",
        "毛难族": "36",
        "毛难": "36",
        "仡老族": "37",
        "乌兹别克族": "43",
        "乌兹别克": "43",
        "崩龙族": "46",
        "穿青人": "97",
        "外国血统": "98",
    },
)

# GB/T 4658-2006. Headings (10, 20 …) stand for "this level, nothing more is known".
_SCHOOLING = {
    "10": _("研究生教育"),
    "11": _("博士研究生毕业"),
    "12": _("博士研究生结业"),
    "13": _("博士研究生肄业"),
    "14": _("硕士研究生毕业"),
    "15": _("硕士研究生结业"),
    "16": _("硕士研究生肄业"),
    "17": _("研究生班毕业"),
    "18": _("研究生班结业"),
    "19": _("研究生班肄业"),
    "20": _("大学本科教育"),
    "21": _("大学本科毕业"),
    "22": _("大学本科结业"),
    "23": _("大学本科肄业"),
    "28": _("大学普通班毕业"),
    "30": _("大学专科教育"),
    "31": _("大学专科毕业"),
    "32": _("大学专科结业"),
    "33": _("大学专科肄业"),
    "40": _("中等职业教育"),
    "41": _("中等专科毕业"),
    "42": _("中等专科结业"),
    "43": _("中等专科肄业"),
    "44": _("职业高中毕业"),
    "45": _("职业高中结业"),
    "46": _("职业高中肄业"),
    "47": _("技工学校毕业"),
    "48": _("技工学校结业"),
    "49": _("技工学校肄业"),
    "60": _("普通高中教育"),
    "61": _("普通高中毕业"),
    "62": _("普通高中结业"),
    "63": _("普通高中肄业"),
    "70": _("初中教育"),
    "71": _("初中毕业"),
    "73": _("初中肄业"),
    "80": _("小学教育"),
    "81": _("小学毕业"),
    "83": _("小学肄业"),
    "90": _("其他"),
}
_SHORT = {
    "10": ["研究生", "研究生毕业", "在职研究生", "研究生学历"],
    "11": ["博士", "博士毕业", "博士生", "博士学历"],
    "14": ["硕士", "硕士毕业", "硕士生", "硕士学历"],
    "21": [
        "本科",
        "本科毕业",
        "大学",
        "大学毕业",
        "大本",
        "大学学历",
        "本科学历",
        "全日制本科",
        "在职本科",
        "大学本科学历",
    ],
    "28": ["大普"],
    "31": [
        "大专",
        "大专毕业",
        "专科",
        "专科毕业",
        "大专学历",
        "专科学历",
        "全日制大专",
        "高职",
        "高职毕业",
        "高职高专",
    ],
    "41": ["中专", "中专毕业", "中专学历", "中师"],
    "44": ["职高", "职高毕业", "职中"],
    "47": ["技校", "技校毕业", "中技", "技工"],
    "61": ["高中", "高中毕业", "高中学历"],
    "71": ["初中学历"],
    "81": ["小学学历"],
    "90": ["无", "文盲", "其它"],
}
EDUCATION = Dictionary(
    _("学历"),
    _SCHOOLING,
    {label.removesuffix("毕业"): code for code, label in _SCHOOLING.items() if label.endswith("毕业")}
    | {word: code for code, words in _SHORT.items() for word in words},
)
# The six groups of the statistics tables; "college and above" is the first three.
EDUCATION_GROUPS = Dictionary(
    _("学历分组"),
    {
        "1": _("研究生"),
        "2": _("大学本科"),
        "3": _("大学专科"),
        "4": _("中专"),
        "5": _("高中、中技"),
        "6": _("初中及以下"),
    },
)


def education_group(code: str) -> str:
    """The statistics group of an education code; nothing when no education is recorded."""
    if not code:
        return ""
    if code[0] in "123":
        return code[0]
    if code in ("40", "41", "42", "43"):
        return "4"
    return "5" if code[0] in "46" else "6"


# Posts by prefix code. The bare words of ledgers mean the non-public sector, where our companies are.
_POSTS = {
    "0": _("在岗职工"),
    "01": _("公有制单位职工"),
    "011": _("党政机关工作人员"),
    "012": _("事业单位管理人员"),
    "013": _("事业单位专业技术人员"),
    "014": _("公有制企业管理人员"),
    "015": _("公有制企业专业技术人员"),
    "016": _("公有制单位工勤技能人员"),
    "0164": _("公有制单位工勤技能人员（农民工）"),
    "02": _("非公有制单位职工"),
    "021": _("企业管理人员"),
    "022": _("企业专业技术人员"),
    "023": _("民办非企业单位管理人员"),
    "024": _("民办非企业单位专业技术人员"),
    "025": _("工勤技能人员"),
    "0253": _("工勤技能人员（农民工）"),
    "1": _("农牧渔民"),
    "113": _("外出务工经商的农牧渔民"),
    "2": _("军人、武警"),
    "3": _("学生"),
    "4": _("离退休人员"),
    "5": _("其他"),
}
POST = Dictionary(
    _("工作岗位"),
    _POSTS,
    {
        "公务员": "011",
        "国有企业管理人员": "014",
        "国有企业专业技术人员": "015",
        "管理人员": "021",
        "非公有制企业管理人员": "021",
        "非公有制单位企业管理人员": "021",
        "专业技术人员": "022",
        "技术人员": "022",
        "工程师": "022",
        "非公有制企业专业技术人员": "022",
        "非公有制单位企业专业技术人员": "022",
        "社会组织管理人员": "023",
        "民办非企业管理人员": "023",
        "社会组织专业技术人员": "024",
        "民办非企业专业技术人员": "024",
        "工人": "025",
        "非公有制单位工勤技能人员": "025",
        "农民工": "0253",
        "农民": "1",
        "外出务工经商": "113",
        "军人": "2",
        "武警": "2",
        "大学生": "3",
        "研究生": "3",
        "在校学生": "3",
        "退休": "4",
        "退休人员": "4",
        "离休人员": "4",
        "离退休": "4",
        "离退休党员": "4",
        "其它": "5",
    },
)

NEW_STRATUM = Dictionary(
    _("新的社会阶层"),
    {
        "01": _("民营企业管理技术人员"),
        "02": _("外商投资企业管理技术人员"),
        "03": _("中介组织从业人员"),
        "04": _("社会组织从业人员"),
        "05": _("自由职业人员"),
        "06": _("新媒体从业人员"),
    },
    # The words of the older table that have a counterpart in the newer one.
    {
        "民营科技企业创业人员和技术人员": "01",
        "民营科技企业创业人员": "01",
        "民营科技企业技术人员": "01",
        "外资企业管理技术人员": "02",
        "受聘于外资企业的管理技术人员": "02",
        "中介组织": "03",
        "中介组织的从业人员": "03",
        "社会组织": "04",
        "自由职业": "05",
        "自由职业者": "05",
        "新媒体": "06",
    },
)
# Kept as it came from ledgers that still use it; "3" and "4" have no counterpart today.
NEW_STRATUM_OLD = Dictionary(
    _("新社会阶层（旧表）"),
    {
        "1": _("民营科技企业创业人员和技术人员"),
        "2": _("外资企业管理技术人员"),
        "3": _("个体劳动者"),
        "31": _("城镇个体劳动者"),
        "39": _("其他个体劳动者"),
        "4": _("私营企业主"),
        "41": _("民营科技企业创业的私营企业主"),
        "49": _("其他私营企业主"),
        "5": _("中介组织从业人员"),
        "6": _("自由职业人员"),
    },
)
NEW_STRATUM_FROM_OLD = {"1": "01", "2": "02", "5": "03", "6": "05"}

GENDER = Dictionary(
    _("性别"),
    {Gender.MALE.value: "男", Gender.FEMALE.value: "女"},
    {"男性": Gender.MALE.value, "女性": Gender.FEMALE.value},
)
CATEGORY = Dictionary(
    _("人员类别"),
    {Category.FULL.value: "正式党员", Category.PROBATIONARY.value: "预备党员"},
    {
        "正式": Category.FULL.value,
        "中共正式党员": Category.FULL.value,
        "预备": Category.PROBATIONARY.value,
        "中共预备党员": Category.PROBATIONARY.value,
    },
)
STANDING = Dictionary(
    _("党籍状态"),
    {
        Standing.NORMAL.value: "正常",
        Standing.SUSPENDED.value: "停止党籍",
        Standing.LEFT.value: "出党",
        Standing.DECEASED.value: "去世",
    },
    {"停止": Standing.SUSPENDED.value, "已停止党籍": Standing.SUSPENDED.value, "已去世": Standing.DECEASED.value},
)
ID_KIND = Dictionary(
    _("证件类别"),
    {
        IdKind.RESIDENT.value: "居民身份证",
        IdKind.RESIDENCE_PERMIT.value: "港澳台居民居住证",
        IdKind.OTHER.value: "其他证件",
    },
    {
        "身份证": IdKind.RESIDENT.value,
        "公民身份证": IdKind.RESIDENT.value,
        "港澳居民居住证": IdKind.RESIDENCE_PERMIT.value,
        "台湾居民居住证": IdKind.RESIDENCE_PERMIT.value,
        "其他": IdKind.OTHER.value,
        "护照": IdKind.OTHER.value,
    },
)
YES, NO = "yes", "no"
YES_NO = Dictionary(
    _("是否"),
    {YES: _("是"), NO: _("否")},
    dict.fromkeys(("有", "Y", "y", "√", "✓", "对", "1", "1.0", "true", "True", "TRUE"), YES)
    | dict.fromkeys(("无", "没有", "不是", "N", "n", "×", "✗", "0", "0.0", "false", "False", "FALSE"), NO),
)
