"""Meetings, theme days and the rest of organisational life. In its place above members, to be filled."""
