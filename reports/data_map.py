"""What reports hold about people: figures alone, and who drew them."""

from core.data_map import impersonal, in_office

in_office("reports.Snapshot", "drawn_by")
impersonal("reports.Snapshot", "id code cell period_kind period on known_at edition figures digest drawn_at")
