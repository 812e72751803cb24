"""What is handed out: templates, and the importer's own file with its problems."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.exports import XLSX_TYPE
from core.forms import attempt
from ledgers import rules, workbooks
from ledgers.choices import Kind
from ledgers.columns import LEDGERS
from ledgers.domain import downloads
from ledgers.forms import TemplateForm
from ledgers.models import Upload
from ledgers.views.reach import acting_cell, import_or_404, upload_or_404


@login_required
@require_safe
def template(request, kind):
    """A blank template."""
    if not rules.IMPORT_INTO.anywhere(request.user):
        raise PermissionDenied
    if kind not in Kind.values:
        raise Http404
    cell = acting_cell(request)
    name = _("%(ledger)s模板") % {"ledger": LEDGERS[kind].title.partition("（")[0]}
    return _workbook(workbooks.template(kind, scope=cell.code if cell else ""), name)


@login_required
@require_POST
def filled_template(request):
    """A template filled with what is recorded for the cell."""
    cell = acting_cell(request)
    if cell is None:
        raise PermissionDenied
    form = TemplateForm(request.POST)
    if attempt(form, downloads.recorded, cell=cell, by=request.user, on=timezone.localdate()):
        kind = form.cleaned_data["kind"]
        name = f"{cell}-{LEDGERS[kind].title.partition('（')[0]}-{timezone.localdate():%Y%m%d}"
        return _workbook(workbooks.template(kind, scope=cell.code, rows=form.done), name)
    return render(request, "ledgers/filled_template.html", {"form": form, "cell": cell}, status=422)


@login_required
@require_safe
def problems(request, ref, kind):
    """The importer's own file, with a column that names the problems. Gone once the import was cleared."""
    the_import = import_or_404(request, ref)
    upload = upload_or_404(the_import, kind)
    downloads.problem_sheet(upload, by=request.user, on=timezone.localdate())
    whole = Upload.objects.get(pk=upload.pk)
    stem = upload.file_name.rpartition(".")[0] or upload.file_name
    return _workbook(workbooks.problems(whole), _("%(file)s-问题") % {"file": stem})


def _workbook(content, name):
    answer = FileResponse(
        content, as_attachment=True, filename=f"{get_valid_filename(name)}.xlsx", content_type=XLSX_TYPE
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
