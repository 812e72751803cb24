"""What of tokens and webhooks cannot be undone, and why."""

from django.utils.translation import gettext_lazy as _

from acts.registry import stays_done

stays_done(
    {
        "integrations.token_drawn_up": _("密钥已经给出，不能撤销；不用的令牌请结束。"),
        "integrations.token_rotated": _("旧密钥已经失效，不能恢复；请再更换一次。"),
        "integrations.token_ended": _("结束的令牌不能恢复，请另建一个。"),
        "integrations.token_refused": _("这是已经发生的事，不能撤销。"),
    },
    harmless=True,
)
stays_done(
    {
        "integrations.webhook_opened": _("不再需要的事件推送请结束。"),
        "integrations.webhook_changed": _("改回去即可。"),
        "integrations.webhook_taken_over": _("请原负责人重新接手。"),
        "integrations.webhook_paused": _("请直接恢复。"),
        "integrations.webhook_resumed": _("请直接暂停。"),
        "integrations.webhook_stopped": _("请直接恢复。"),
        "integrations.webhook_ended": _("结束的事件推送不能恢复，请另建一个。"),
        "integrations.webhook_rotated": _("密钥换过即生效，请再换一次。"),
        "integrations.webhook_tested": _("已经发出，不能收回。"),
        "integrations.webhook_replayed": _("已经发出，不能收回。"),
    },
    harmless=True,
)
