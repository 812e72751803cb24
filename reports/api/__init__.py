"""Figures and snapshots for programs: the same numbers as the pages, within the same reach."""
