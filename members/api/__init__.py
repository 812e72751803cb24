"""Rosters, their history and what members ask for, for programs: the same deeds as the pages, within the same reach."""
