"""Every statistic as one function with its definition, and the ways to read them: a sheet, a trend, a list."""

from reports.figures.definitions import EDITION
from reports.figures.figure import FIGURES, Figure, Rate, Total, percent
from reports.figures.sheet import Reading, Sheet, read
from reports.figures.where import Where

__all__ = ["EDITION", "FIGURES", "Figure", "Rate", "Reading", "Sheet", "Total", "Where", "percent", "read"]
