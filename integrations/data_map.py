"""What programs that work for people hold about them."""

from django.utils.translation import gettext_lazy as _

from core.data_map import (
    BY_SCHEDULE,
    DUTY,
    LOGS,
    ONLY_MACHINE,
    ONLY_SELF,
    ORDINARY,
    REMOVED,
    SENSITIVE,
    WHILE_ACCOUNT,
    declare,
    impersonal,
)
from integrations.models import KeptAnswer, Token, Webhook

declare(
    "integrations.Token",
    "code holder name cell scopes networks drawn_on expires_on last_used_at ended_at ended_by",
    kind=ORDINARY,
    purpose=_("让本人看到哪些程序能代其办事，并能结束"),
    ground=LOGS,
    retention=WHILE_ACCOUNT,
    readers=_("本人和管理其账号的人"),
    rows=lambda person: Token.objects.filter(holder=person.user),
    erasure=REMOVED,
)
declare(
    "integrations.Token",
    "secret_hash session_round",
    kind=SENSITIVE,
    purpose=_("核对程序出示的密钥"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=ONLY_MACHINE,
    withheld=True,
)
impersonal("integrations.Token", "id")
declare(
    "integrations.KeptAnswer",
    "holder status answer kept_at expires_at",
    kind=SENSITIVE,
    purpose=_("同一次提交重复送达时，给出第一次的答复，不重复办理"),
    ground=DUTY,
    retention=BY_SCHEDULE,
    readers=ONLY_SELF,
    rows=lambda person: KeptAnswer.objects.filter(holder=person.user),
    erasure=REMOVED,
    withheld=True,
)
impersonal("integrations.KeptAnswer", "id uid request asked")
declare(
    "integrations.Webhook",
    "code owner cell name address types state stopped_for opened_at",
    kind=ORDINARY,
    purpose=_("把变动的编号推送给获准的系统"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=_("管理集成的人"),
    rows=lambda person: Webhook.objects.filter(owner=person.user),
)
declare(
    "integrations.Webhook",
    "secret former_secret",
    kind=SENSITIVE,
    purpose=_("给推送的事件签名"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=ONLY_MACHINE,
    withheld=True,
)
impersonal("integrations.Webhook", "id uid powers former_until sequence step version")
declare(
    "integrations.Delivery",
    "code",
    kind=ORDINARY,
    purpose=_("把变动的编号推送给获准的系统"),
    ground=DUTY,
    retention=BY_SCHEDULE,
    readers=_("管理集成的人"),
)
impersonal(
    "integrations.Delivery",
    "id uid webhook sequence step type resource place at state attempts due_at locked_until log made_at settled_at",
)
