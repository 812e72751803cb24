"""Imports and exports for programs: the same deeds as the pages, within the same reach."""
