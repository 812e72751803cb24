"""Every part the pages are made of, in each of its states: what is not right here is right nowhere.

The parts are the templates themselves, with invented things in them. ``?view=`` shows all of it dark, in large type or
as it is printed.
"""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cells.authority import spans
from cells.choices import Office, Power
from core.fields import DayField, Segments
from members.choices import RequestState
from portal import sample_list

# Whoever shapes the portal: those who keep the tree, and those who run the machine.
READERS = (Power.KEEP_CELLS, Power.KEEP_SETTINGS)
VIEWS = (
    ("", gettext_lazy("浅色")),
    ("dark", gettext_lazy("深色")),
    ("large", gettext_lazy("大字版")),
    ("print", gettext_lazy("打印")),
)
COLOURS = (
    ("paper", gettext_lazy("纸"), gettext_lazy("页面底")),
    ("card", gettext_lazy("白"), gettext_lazy("输入框、便笺")),
    ("sunk", gettext_lazy("凹"), gettext_lazy("表头、悬停")),
    ("highlight", gettext_lazy("着底"), gettext_lazy("新值、批量提示")),
    ("ink-900", gettext_lazy("墨 900"), gettext_lazy("正文、标题")),
    ("ink-700", gettext_lazy("墨 700"), gettext_lazy("表格单元")),
    ("ink-600", gettext_lazy("墨 600"), gettext_lazy("次要文字")),
    ("ink-500", gettext_lazy("墨 500"), gettext_lazy("最浅的文字")),
    ("rule", gettext_lazy("细线"), gettext_lazy("只作分隔")),
    ("edge", gettext_lazy("边"), gettext_lazy("控件边框")),
    ("dai-700", gettext_lazy("黛 700"), gettext_lazy("能点、在此")),
    ("dai-50", gettext_lazy("黛 50"), gettext_lazy("选中的行")),
    ("zhu-700", gettext_lazy("朱 700"), gettext_lazy("印、题签")),
    ("zhu-600", gettext_lazy("朱 600"), gettext_lazy("顶线、文头")),
    ("err-700", gettext_lazy("赭 700"), gettext_lazy("须修改、逾期")),
    ("err-50", gettext_lazy("赭 50"), gettext_lazy("出错的行")),
    ("warn-700", gettext_lazy("赭黄"), gettext_lazy("临期")),
    ("ok-700", gettext_lazy("松"), gettext_lazy("已办")),
)
STATUSES = (
    ("ok", gettext_lazy("正常")),
    ("soon", gettext_lazy("临期")),
    ("late", gettext_lazy("逾期")),
    ("plan", gettext_lazy("已排")),
    ("none", gettext_lazy("无数据")),
    ("here", gettext_lazy("当前")),
)


class SampleForm(forms.Form):
    """One of each kind of question."""

    id_number = forms.CharField(
        label=gettext_lazy("公民身份号码"), help_text=gettext_lazy("填对后自动带出出生日期和性别")
    )
    name = forms.CharField(label=gettext_lazy("姓名"))
    born = DayField(label=gettext_lazy("出生日期"))
    kind = forms.ChoiceField(
        label=gettext_lazy("人员类别"),
        choices=[("full", gettext_lazy("正式党员")), ("probationary", gettext_lazy("预备党员"))],
        widget=Segments,
    )
    why = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[("a", gettext_lazy("录入有误")), ("b", gettext_lazy("情况有变"))],
        widget=forms.RadioSelect,
    )
    cell = forms.ChoiceField(label=gettext_lazy("所在支部"), choices=[("1", gettext_lazy("云杉科技党支部"))])
    told = forms.BooleanField(label=gettext_lazy("已经告诉本人"), required=False)
    remarks = forms.CharField(label=gettext_lazy("备注"), widget=forms.Textarea(attrs={"rows": 2}), required=False)


class LedgerForm(forms.Form):
    files = forms.FileField(label=gettext_lazy("台账文件"))


@login_required
@require_safe
def styleguide(request):
    """The whole book on one page, for those who shape the portal."""
    if not any(spans(request.user, power) for power in READERS):
        raise PermissionDenied
    tools = sample_list.tools_of(request)
    shown = {"view": request.GET.get("view", ""), "tools": tools, "table": tools.table}
    return render(request, "portal/styleguide/page.html", _samples() | shown)


def _samples() -> dict[str, Any]:
    today = date(2026, 11, 20)
    return {
        "views": VIEWS,
        "colours": COLOURS,
        "statuses": STATUSES,
        "sample": _filled_in_wrong(),
        "steps": [_("选文件"), _("核对"), _("试运行"), _("导入")],
        "figures": [
            {"name": _("党员"), "figure": 6516, "unit": _("名"), "below": _("正式 6 300"), "url": "#figures"},
            {"name": _("组织覆盖率"), "figure": "73.2%", "below": "153 / 209", "url": "#figures", "about": "#figures"},
            {"name": _("应建未建"), "figure": None, "unit": _("家")},
        ],
        "tiles": [
            {"name": name, "url": "#figures", "level": level, "figure": figure, "of": of}
            for name, level, figure, of in (
                ("学府区", 1, "41%", "7/17"),
                ("高新区", 2, "56%", "19/34"),
                ("城中区", 3, "64%", "16/25"),
                ("西岸区", 4, "75%", "12/16"),
                ("河口区", 5, "90%", "9/10"),
                ("青屏区", "none", "—", ""),
            )
        ],
        "events": [
            {"words": _("本人申请"), "note": "王涛", "on": today, "elapsed": "", "said": "", "state": ""},
            {"words": _("支部核对"), "note": "李敏", "on": None, "elapsed": _("1 天"), "said": "", "state": "now"},
            {"words": _("办结"), "note": "", "on": None, "elapsed": "", "said": "", "state": "ahead"},
        ],
        "conflicts": [
            {"label": _("学历"), "yours": _("大学本科"), "theirs": _("硕士研究生"), "who": "周航", "when": None}
        ],
        "page": SimpleNamespace(previous=None, next="?after=x#lists"),
        "job": SimpleNamespace(title=_("导入 2026-0042"), percent=63, poll_after=3600),
        "preview": SimpleNamespace(office=Office.SECRETARY, cell=_("云杉科技党支部")),
        "own_lines": [
            SimpleNamespace(item="mobile", label=_("手机号"), value="138****5678", url="#phone", missing=False),
            SimpleNamespace(item="address", label=_("家庭住址"), value="", url="#phone", missing=True),
            SimpleNamespace(item="name", label=_("姓名"), value="王涛", url="", missing=False),
        ],
        "requests": [
            SimpleNamespace(state=state, get_state_display=RequestState(state).label) for state in RequestState.values
        ],
        "ledger": LedgerForm()["files"],
    }


def _filled_in_wrong() -> SampleForm:
    """A form sent with two faults, as its sender meets it again."""
    given = {"id_number": "99999919940830452X", "name": "罗亦安", "born": "1994-13-30", "kind": "full", "why": "a"}
    form = SampleForm(given | {"cell": "1"})
    form.is_valid()
    form.add_error("id_number", _("公民身份号码校验位应为 6，现在是 X"))
    return form
