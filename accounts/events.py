"""Accounts, and who signs in with them, are no program's business."""

from audit.events import keep_silent

keep_silent(
    "accounts.signed_in",
    "accounts.sign_in_failed",
    "accounts.signed_out",
    "accounts.activated",
    "accounts.password_changed",
    "accounts.factor_added",
    "accounts.factor_removed",
    "accounts.factor_reset",
    "accounts.profile_corrected",
    "accounts.locked_out",
    "accounts.session_ended",
    "accounts.sessions_ended",
    "accounts.session_lapsed",
    "accounts.recovery_asked",
    "accounts.recovery_withdrawn",
    "accounts.recovery_used",
    "accounts.recovery_confirmed",
    "accounts.recovery_refused",
    "accounts.factors_removed",
    "accounts.suspended",
    "accounts.reopened",
    "accounts.unlocked",
    "accounts.closed",
    "accounts.informed",
    "accounts.consented",
    "accounts.withdrew",
)
