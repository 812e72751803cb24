"""The words of programs that work for people: what a token may be good for, and which powers that lets through."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cells.choices import Power
from core.workflow import Step, Workflow


class Scope(TextChoices):
    """What a program may be let in for. A resource of the API names the word before the colon as its scope."""

    CELLS_READ = "cells:read", _("查看党组织")
    CELLS_WRITE = "cells:write", _("维护党组织")
    CELLS_SENSITIVE_READ = "cells.sensitive:read", _("写明用途后查看党组织联系人的完整号码")
    COMPANIES_READ = "companies:read", _("查看企业台账")
    COMPANIES_WRITE = "companies:write", _("维护企业台账")
    COMPANIES_SENSITIVE_READ = "companies.sensitive:read", _("写明用途后查看企业联系人的完整号码")
    APPOINTMENTS_READ = "appointments:read", _("查看任职")
    APPOINTMENTS_WRITE = "appointments:write", _("任免")
    MEMBERS_READ = "members:read", _("查看名册，号码不完整显示")
    MEMBERS_WRITE = "members:write", _("维护名册，答复更正申请")
    MEMBERS_SENSITIVE_READ = "members.sensitive:read", _("写明用途后查看党员的完整号码")
    LEDGERS_READ = "ledgers:read", _("查看导入、导出和任务")
    LEDGERS_WRITE = "ledgers:write", _("导入、导出")
    REPORTS_READ = "reports:read", _("查看统计和报表")
    REPORTS_WRITE = "reports:write", _("生成报表快照")
    AUDIT_READ = "audit:read", _("查看操作记录")
    FILTERS_READ = "saved-filters:read", _("查看已存的筛选")
    FILTERS_WRITE = "saved-filters:write", _("存下和修改筛选")
    INTEGRATIONS_READ = "integrations:read", _("查看事件推送")
    INTEGRATIONS_WRITE = "integrations:write", _("管理事件推送")
    TOKENS_READ = "tokens:read", _("查看本人的令牌")
    TOKENS_WRITE = "tokens:write", _("结束本人的令牌")


# Of the powers its holder has, a token lets through those of its scopes and no other. What stands in no row is out of
# every program's reach: accounts, settings, rules, announcements.
CARRIES: dict[str, tuple[Power, ...]] = {
    Scope.CELLS_READ: (Power.SEE_CELLS,),
    Scope.CELLS_WRITE: (Power.KEEP_CELLS,),
    Scope.CELLS_SENSITIVE_READ: (Power.REVEAL, Power.VISIT),
    Scope.COMPANIES_READ: (Power.SEE_CELLS,),
    Scope.COMPANIES_WRITE: (Power.KEEP_COMPANIES,),
    Scope.COMPANIES_SENSITIVE_READ: (Power.REVEAL, Power.VISIT),
    Scope.APPOINTMENTS_READ: (Power.SEE_CELLS,),
    Scope.APPOINTMENTS_WRITE: (Power.APPOINT, Power.APPOINT_COMMISSIONERS),
    Scope.MEMBERS_READ: (Power.SEE_ROSTER,),
    Scope.MEMBERS_WRITE: (Power.KEEP_ROSTER, Power.ANSWER_REQUESTS),
    Scope.MEMBERS_SENSITIVE_READ: (Power.REVEAL, Power.SEE_CONTACTS),
    Scope.LEDGERS_READ: (Power.IMPORT, Power.EXPORT),
    Scope.LEDGERS_WRITE: (Power.IMPORT, Power.EXPORT),
    Scope.REPORTS_READ: (Power.SEE_FIGURES,),
    Scope.REPORTS_WRITE: (Power.DRAW_SNAPSHOTS,),
    Scope.AUDIT_READ: (Power.SEE_TRAIL,),
    # What is shared with a place is seen by who sees the place; one's own filters need no power.
    Scope.FILTERS_READ: (Power.SEE_CELLS,),
    Scope.FILTERS_WRITE: (),
    Scope.INTEGRATIONS_READ: (Power.KEEP_INTEGRATIONS,),
    Scope.INTEGRATIONS_WRITE: (Power.KEEP_INTEGRATIONS,),
    # One's own tokens need no power.
    Scope.TOKENS_READ: (),
    Scope.TOKENS_WRITE: (),
}


def implied(scope: str) -> Scope | None:
    """The reading that goes with ``scope``: nobody changes, or sees whole, what they may not look at."""
    reading = f"{scope.partition(':')[0].removesuffix('.sensitive')}:read"
    return None if scope == reading else Scope(reading)


LONGEST_DAYS = 365
MOST_NETWORKS = 20


class TokenState(TextChoices):
    """How a token stands; only a live one lets anybody in."""

    LIVE = "live", pgettext_lazy("token", "有效")
    EXPIRED = "expired", pgettext_lazy("token", "已过期")
    ENDED = "ended", pgettext_lazy("token", "已结束")
    LAPSED = "lapsed", pgettext_lazy("token", "已失效")


class WebhookState(TextChoices):
    """How a webhook stands; only an active one sends."""

    ACTIVE = "active", pgettext_lazy("webhook", "推送中")
    PAUSED = "paused", pgettext_lazy("webhook", "已暂停")
    STOPPED = "stopped", pgettext_lazy("webhook", "已停用")
    ENDED = "ended", pgettext_lazy("webhook", "已结束")


_HALTED = (WebhookState.PAUSED, WebhookState.STOPPED)
WEBHOOK_FLOW = Workflow(
    "state",
    pause=Step((WebhookState.ACTIVE,), WebhookState.PAUSED),
    stop=Step((WebhookState.ACTIVE,), WebhookState.STOPPED),
    resume=Step(_HALTED, WebhookState.ACTIVE),
    end=Step((WebhookState.ACTIVE, *_HALTED), WebhookState.ENDED),
)


class StopReason(TextChoices):
    """Why the house stopped a webhook by itself."""

    FAILING = "failing", _("对方一天内一直没有正常接收")
    GONE = "gone", _("对方答复这个地址不再接收")
    NO_RIGHT = "no_right", _("负责人不再有管理集成的权限")


class DeliveryState(TextChoices):
    """What became of a message."""

    WAITING = "waiting", pgettext_lazy("delivery", "待发送")
    SENT = "sent", pgettext_lazy("delivery", "已送达")
    FAILED = "failed", pgettext_lazy("delivery", "未送达")
    DROPPED = "dropped", pgettext_lazy("delivery", "未发送")
