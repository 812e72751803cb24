"""Announcements are public pages: no program is told of them."""

from audit.events import keep_silent

keep_silent("news.published", "news.corrected", "news.withdrawn")
