"""How programs are let in is no program's business; each says so where it is asked."""

from audit.events import keep_silent

keep_silent(
    "integrations.token_drawn_up",
    "integrations.token_rotated",
    "integrations.token_ended",
    "integrations.token_refused",
    "integrations.webhook_opened",
    "integrations.webhook_changed",
    "integrations.webhook_taken_over",
    "integrations.webhook_paused",
    "integrations.webhook_resumed",
    "integrations.webhook_stopped",
    "integrations.webhook_ended",
    "integrations.webhook_rotated",
    "integrations.webhook_tested",
    "integrations.webhook_replayed",
)
