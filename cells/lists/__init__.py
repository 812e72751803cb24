"""The lists of organisations, companies, offices and saved filters."""

from cells.lists.cells import CELLS, TREE
from cells.lists.companies import COMPANIES
from cells.lists.filters import FILTERS
from cells.lists.offices import SEATS

__all__ = ["CELLS", "COMPANIES", "FILTERS", "SEATS", "TREE"]
