"""How the trail says what happened to tokens and webhooks."""

from django.utils.translation import gettext_lazy as _

from audit import sentences
from integrations.choices import Scope, StopReason

sentences.register(
    {
        "integrations.token_drawn_up": _("新建令牌"),
        "integrations.token_rotated": _("更换令牌密钥"),
        "integrations.token_ended": _("结束%(holder)s的令牌"),
        "integrations.token_refused": _("从不允许的地址使用令牌，未放行"),
        "integrations.webhook_opened": _("新建事件推送，发往%(host)s"),
        "integrations.webhook_changed": _("修改事件推送"),
        "integrations.webhook_taken_over": _("接手%(holder)s的事件推送"),
        "integrations.webhook_paused": _("暂停事件推送"),
        "integrations.webhook_resumed": _("恢复事件推送"),
        "integrations.webhook_stopped": _("停用事件推送：%(stopped_for)s"),
        "integrations.webhook_ended": _("结束事件推送"),
        "integrations.webhook_rotated": _("更换事件推送密钥"),
        "integrations.webhook_tested": _("发送测试事件"),
        "integrations.webhook_replayed": _("重发%(count)s条事件"),
    }
)
sentences.label_facts(
    {
        "scopes": _("用途"),
        "networks": _("允许的地址"),
        "host": _("接收地址"),
        "types": _("事件"),
        "stopped_for": _("停用原因"),
    }
)
sentences.word_values({"scopes": dict(Scope.choices), "stopped_for": dict(StopReason.choices)})
