"""The ways into the portal: what stands in the rail, behind the person's own menu, and what is found by searching."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cells.authority import held_by, spans
from cells.choices import Power
from portal.rules import KEEPING


@dataclass(frozen=True)
class Way:
    """A way in for whoever holds one of ``powers``; for everyone when there are none.

    ``office`` says whether it is for those who hold an office, or for those who hold none; None for both. ``key``
    goes there after g. ``also`` is what people call it besides.
    """

    words: Any
    url_name: str
    powers: tuple[Power, ...] = ()
    icon: str = ""
    office: bool | None = None
    key: str = ""
    also: tuple[Any, ...] = ()


INBOX = "portal:inbox"
# At most seven for anybody. Those with an icon also stand in the bar at the foot of a phone.
RAIL = (
    Way(_("首页"), "portal:front", icon="home", office=False, key="h"),
    Way(_("工作台"), "portal:home", icon="home", office=True, key="h"),
    Way(_("待办"), INBOX, icon="inbox", key="i"),
    Way(_("走访"), "cells:visits", (Power.VISIT,), icon="visit", key="v"),
    Way(_("总览"), "reports:overview", (Power.SEE_FIGURES,), icon="chart", key="o"),
    Way(_("党组织"), "cells:cells", (Power.SEE_CELLS,), key="c"),
    Way(_("名册"), "members:members", (Power.SEE_ROSTER, Power.SEE_CONTACTS), icon="roster", key="r"),
    Way(_("企业台账"), "cells:companies", (Power.SEE_CELLS,), key="q"),
    Way(_("操作记录"), "audit:trail", (Power.SEE_TRAIL,), key="l"),
    Way(_("人员与账号"), "cells:people", (Power.KEEP_ACCOUNTS,), key="p"),
    Way(_("运行状况"), "portal:ops", (Power.SEE_HEALTH,), key="y"),
    Way(_("我的"), "members:me", icon="person", office=False, key="m"),
)

# Behind the person's own menu: what some keep for all, seldom enough not to stand in the rail.
MANAGEMENT = (
    Way(_("人员与账号"), "cells:people", (Power.APPOINT,), also=(_("职务"), _("任免"))),
    Way(_("规则"), "portal:rules", (Power.KEEP_RULES,)),
    Way(_("公告"), "news:kept", (Power.PUBLISH,)),
    Way(_("集成"), "integrations:overview", (Power.KEEP_INTEGRATIONS,), also=(_("事件推送"), _("接口"))),
    Way(_("样式手册"), "portal:styleguide", (Power.KEEP_CELLS, Power.KEEP_SETTINGS)),
)

# What people look for by name and find nowhere in the rail.
ACTIONS = (
    Way(_("从 Excel 导入"), "ledgers:import-new", (Power.IMPORT,), also=(_("导入名册"), _("导入党员"), _("导入台账"))),
    Way(_("导入记录"), "ledgers:imports", (Power.IMPORT,), also=(_("撤销导入"),)),
    Way(_("新建党组织"), "cells:cell-found", (Power.KEEP_CELLS,), also=(_("成立党支部"),)),
    Way(_("登记企业"), "cells:company-register", (Power.KEEP_COMPANIES,), also=(_("新建企业"),)),
    Way(_("发布公告"), "news:publish", (Power.PUBLISH,), also=(_("写公告"),)),
    Way(_("最近的操作"), "portal:acts", KEEPING, also=(_("撤销"), _("恢复"))),
    Way(_("党的组织覆盖"), "reports:coverage", (Power.SEE_FIGURES,), also=(_("应建未建"),)),
    Way(_("报表中心"), "reports:centre", (Power.SEE_FIGURES,), also=(_("月报"), _("快照"))),
    Way(_("指标口径"), "reports:figures", (Power.SEE_FIGURES,), also=(_("统计"),)),
    Way(_("任务与下载"), "work:tasks", key="t", also=(_("导出"),)),
    Way(_("我的信息"), "members:me", also=(_("个人信息"), _("谁看过我"))),
    Way(_("更正申请"), "members:requests", also=(_("改学历"), _("改姓名"))),
    Way(_("已存的筛选"), "cells:filters", office=True, also=(_("筛选"),)),
    Way(_("令牌"), "integrations:tokens", (Power.SEE_CELLS,), also=(_("接口"), "token")),
    Way(_("设置"), "accounts:settings", key="s", also=(_("密码"), _("大字版"), _("深色"), _("通行密钥"))),
    Way(_("登录设备"), "accounts:devices", also=(_("退出其他设备"),)),
    Way(_("公开首页"), "portal:front", also=(_("公告"), _("办事指南"))),
    Way(_("投诉建议"), "portal:feedback"),
    Way(_("帮助与快捷键"), "portal:help"),
)


def open_to(user: Any, ways: Iterable[Way]) -> list[Way]:
    """Those of ``ways`` that the person's offices open; none to somebody who has not signed in."""
    if not user.is_authenticated:
        return []
    holds_office = bool(held_by(user))
    return [
        way
        for way in ways
        if way.office in (None, holds_office) and (not way.powers or any(spans(user, power) for power in way.powers))
    ]
