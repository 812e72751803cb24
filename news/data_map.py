"""What notices on the front door hold about people: who put them there."""

from core.data_map import impersonal, in_office

in_office("news.Announcement", "published_by withdrawn_by")
impersonal(
    "news.Announcement",
    "id code publisher kind title body title_en body_en published_on published_at corrected_at version withdrawn_at"
    " withdraw_reason",
)
