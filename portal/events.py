"""What happens to the portal itself is no program's business."""

from audit.events import keep_silent

keep_silent(
    "portal.feedback_sent",
    "portal.cleared",
    "portal.field_key_changed",
    "portal.field_key_dropped",
    "portal.indexes_made_anew",
    "portal.mail_tried",
)
