"""What every page of the wizard begins with: the import, file or row within reach."""

from django.shortcuts import get_object_or_404

from cells.models import Cell
from ledgers import rules
from ledgers.models import Import, StagedRow


def import_or_404(request, ref):
    """The import, if the person may import for its cell; otherwise there is none."""
    year, number = ref.split("-")
    found = Import.objects.visible_to(request.user).select_related("cell", "by", "job")
    return get_object_or_404(found, year=int(year), number=int(number))


def upload_or_404(the_import, kind):
    return get_object_or_404(the_import.uploads.defer("content"), kind=kind)


def row_or_404(the_import, pk):
    rows = StagedRow.objects.of(the_import).select_related("upload").defer("upload__content")
    return get_object_or_404(rows, pk=pk)


def acting_cell(request):
    """The cell of the page's scope where the person may import into it, else where their power to import begins."""
    if request.scope is not None and rules.IMPORT_INTO.allows(request.user, request.scope):
        return request.scope
    return Cell.objects.standing().filter(rules.IMPORT_INTO.scope(request.user)).order_by("path").first()
