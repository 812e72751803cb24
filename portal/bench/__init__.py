"""Measuring: fictional worlds of any size, floors in bare SQL, peers, and ratios between them. Never part of a page."""
