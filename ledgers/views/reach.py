"""What every page of the wizard begins with: the import within reach, and what is done at once or as a job."""

from django.shortcuts import get_object_or_404

from cells.models import Cell
from ledgers import rules
from ledgers.domain import committing, imports, staging, uploads
from ledgers.models import Import, StagedRow


class Quiet:
    """Progress of work done within a request: nobody watches it, and nothing is to be taken up again."""

    def __init__(self):
        self.checkpoint = {}

    def step(self, done, total=None, note=""):
        """Too short to tell of."""

    def save(self):
        """Done before anybody could ask."""


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


def review(the_import, *, by, on):
    """Review at once what is short; start a job for what is not."""
    if sum(the_import.uploads.values_list("rows", flat=True)) > imports.AT_ONCE:
        return uploads.begin_review(the_import, by=by, on=on)
    return staging.stage(uploads.settle_columns(the_import, by=by), by=by, progress=Quiet())


def try_out(the_import, *, by, on):
    """Try out at once what is short; start a job for what is not."""
    if the_import.importable > imports.AT_ONCE:
        return imports.begin_trial(the_import, by=by, on=on)
    return committing.try_out(imports.require_reviewed(the_import, by=by), by=by, progress=Quiet())


def acting_cell(request):
    """The cell of the page's scope where the person may import into it, else where their power to import begins."""
    if request.scope is not None and rules.IMPORT_INTO.allows(request.user, request.scope):
        return request.scope
    return Cell.objects.standing().filter(rules.IMPORT_INTO.scope(request.user)).order_by("path").first()
