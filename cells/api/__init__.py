"""Cells, companies, offices and accounts for programs: the same deeds as the pages, within the same reach."""
