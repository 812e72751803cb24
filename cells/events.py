"""What programs hear of organisations, companies and offices; and what goes along when a cell is moved."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from acts.models import Effect
from acts.registry import LEAVING, Left
from audit.events import Resource, by_code, keep_silent, resource, tell
from cells.choices import Power
from cells.models import Cell, Company

CELLS = resource(
    Resource(
        "cells", "cell", _("党组织"), Power.SEE_CELLS, by_code(lambda user: Cell.objects.visible_to(user)), "cells"
    ),
    model="cells.Cell",
)
COMPANIES = resource(
    Resource(
        "companies",
        "company",
        _("企业"),
        Power.SEE_CELLS,
        by_code(lambda user: Company.objects.visible_to(user)),
        "companies",
    ),
    model="cells.Company",
)

tell(
    CELLS,
    {
        "cells.founded": ("founded", _("成立")),
        "cells.corrected": ("corrected", _("更正资料")),
        "cells.renamed": ("renamed", _("更名")),
        "cells.moved": ("moved", _("划转上级")),
        "cells.reorganised": ("reorganised", _("变更类别")),
        "cells.term_begun": ("term_begun", _("登记届次")),
    },
)
tell(
    CELLS,
    {"cells.merged": ("merged", _("并入其他党组织")), "cells.dissolved": ("dissolved", pgettext_lazy("cells", "撤销"))},
    ends=True,
)
tell(
    CELLS,
    dict.fromkeys(
        ("cells.appointed", "cells.appointment_ended", "cells.appointment_voided"),
        ("officers_changed", _("任职有变动")),
    ),
    code=lambda entry: entry.facts.get("cell_code", ""),
)
tell(
    COMPANIES,
    {
        "cells.company_registered": ("registered", _("建档")),
        "cells.company_corrected": ("corrected", _("更正档案")),
        "cells.company_surveyed": ("surveyed", _("登记摸排结果")),
        **dict.fromkeys(
            ("cells.contact_added", "cells.contact_corrected", "cells.contact_removed"),
            ("contacts_changed", _("联系人有变动")),
        ),
        **dict.fromkeys(
            ("cells.assigned", "cells.assignment_ended", "cells.assignment_voided"),
            ("advisors_changed", _("指导员有变动")),
        ),
    },
)
keep_silent(
    "cells.policy_set",
    "cells.invited",
    "cells.preview_begun",
    "cells.preview_ended",
    "cells.setup_confirmed",
    "cells.setup_put_away",
    "cells.setup_brought_back",
    "cells.phone_revealed",
    "cells.filter_saved",
    "cells.filter_changed",
    "cells.filter_removed",
)


def moved(effect: Effect) -> dict[int, str]:
    """Cells whose place is another one now, by the path they had."""
    return {row: change["path"][0] for row, change in effect.changes.items() if "path" in change}


def cells_left(effect: Effect) -> Iterator[Left]:
    """Cells that are elsewhere or nowhere now."""
    before = moved(effect)
    voided = {row for row, change in effect.changes.items() if change.get("voided_at", [True])[0] is None}
    for cell in Cell.objects.filter(pk__in=before.keys() | voided).only("code", "path"):
        yield Left(CELLS.name, cell.code, before.get(cell.pk, cell.path))


def companies_carried(effect: Effect) -> Iterator[Left]:
    """Companies kept or covered by a cell that is elsewhere now."""
    before = moved(effect)
    along = (
        Company.objects.filter(Q(keeper__in=before) | Q(cover_cell__in=before)) if before else Company.objects.none()
    )
    for code, *cells in along.values_list("code", "keeper", "cover_cell"):
        yield from (Left(COMPANIES.name, code, before[cell]) for cell in cells if cell in before)


def companies_left(effect: Effect) -> Iterator[Left]:
    """Companies kept or covered by another cell now, and voided ones."""
    columns = ("keeper_id", "cover_cell_id")
    before = {
        row: {change[column][0] for column in columns if column in change} - {None}
        for row, change in effect.changes.items()
    }
    voided = {row for row, change in effect.changes.items() if change.get("voided_at", [True])[0] is None}
    paths = dict(Cell.objects.filter(pk__in=set().union(*before.values())).values_list("pk", "path"))
    for company in (
        Company.objects.filter(pk__in=before.keys() | voided).select_related("keeper").only("code", "keeper__path")
    ):
        for cell in before.get(company.pk, ()):
            yield Left(COMPANIES.name, company.code, paths[cell])
        if company.pk in voided:
            yield Left(COMPANIES.name, company.code, company.keeper.path)


LEAVING[Cell] += [cells_left, companies_carried]
LEAVING[Company] += [companies_left]
