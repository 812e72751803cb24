"""What of accounts cannot be undone, and why."""

from django.utils.translation import gettext_lazy as _

from acts.registry import stays_done

stays_done({"accounts.closed": _("按本人申请关闭的账号不能恢复。")})
OVER = _("登录和退出是已经发生的事，不能撤销。")
ONES_OWN = _("本人随时可以在“设置”里再改，不必撤销。")
TWO_PEOPLE = _("重设要由两个人确认，不能撤销；有疑问的，请让本人重新设定。")

stays_done(
    dict.fromkeys(
        (
            "accounts.signed_in",
            "accounts.sign_in_failed",
            "accounts.signed_out",
            "accounts.locked_out",
            "accounts.session_ended",
            "accounts.sessions_ended",
            "accounts.session_lapsed",
            "accounts.unlocked",
        ),
        OVER,
    ),
    harmless=True,
)
stays_done(
    dict.fromkeys(
        (
            "accounts.activated",
            "accounts.password_changed",
            "accounts.factor_added",
            "accounts.factor_removed",
            "accounts.factor_reset",
            "accounts.profile_corrected",
            "accounts.informed",
            "accounts.consented",
            "accounts.withdrew",
        ),
        ONES_OWN,
    )
)
stays_done(
    dict.fromkeys(
        (
            "accounts.recovery_asked",
            "accounts.recovery_withdrawn",
            "accounts.recovery_used",
            "accounts.recovery_confirmed",
            "accounts.recovery_refused",
            "accounts.factors_removed",
        ),
        TWO_PEOPLE,
    )
)
stays_done(
    dict.fromkeys(("accounts.suspended", "accounts.reopened"), _("账号随时可以停用或恢复，请直接办理，不必撤销。"))
)
stays_done({"accounts.unlocked": _("登录已经放开，不能撤销；要再停，请停用账号。")}, harmless=True)
