"""Which rows somebody may name by a code: in an address, in what a program sends, in what a list is asked."""

from typing import Any

from django.db.models import QuerySet

from cells.models import Cell, Company


def seen_cells(user: Any) -> QuerySet:
    return Cell.objects.visible_to(user)


def seen_companies(user: Any) -> QuerySet:
    return Company.objects.visible_to(user)
