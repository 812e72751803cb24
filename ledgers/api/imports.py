"""导入: a ledger sent, reviewed, tried out, written and undone, each step as the wizard has it."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.errors import Refusal
from core.rest import asking, paging
from core.rest.deeds import deed, tells
from core.rest.reading import StrictJSON
from core.rest.resource import Resource
from ledgers import rules, showing
from ledgers.domain import at_once, imports, staging, undoing, uploads
from ledgers.domain.staging import Edit
from ledgers.filters import ImportCriteria, RowCriteria
from ledgers.models import Import, StagedRow, Upload
from ledgers.serializers import imports as told


class Imports(Resource):
    """台账导入. What is short is answered at once; what is long shows the job that does it."""

    model = Import
    base = "imports"
    scope = "ledgers"
    shape = told.ImportShape
    criteria = ImportCriteria
    orders = {"ref": "-pk", "as_of": "as_of"}
    lookup_field = "ref"
    lookup_value_regex = r"[0-9]{4}-[0-9]{4,7}"
    parser_classes = [StrictJSON, MultiPartParser]

    def reach(self):
        files = Prefetch("uploads", Upload.objects.defer("content"))
        return Import.objects.visible_to(self.by).select_related("job").prefetch_related(files)

    def find(self, key):
        return self.reach().with_ref(key).first()

    @deed(gettext_lazy("开始导入"), answers=told.BeginAnswers, may=rules.IMPORT_INTO)
    def create(self, **answers):
        begun = uploads.begin(by=self.by, on=self.today, **answers)
        return at_once.review_if_clear(begun, by=self.by, on=self.today)

    @deed(gettext_lazy("补充或替换文件"), answers=told.UploadAnswers)
    def files(self, the_import, **answers):
        uploads.upload(the_import, by=self.by, on=self.today, **answers)
        return at_once.review_if_clear(self.find(the_import.ref), by=self.by, on=self.today)

    @deed(gettext_lazy("对应列"), answers=told.ColumnsAnswers)
    def columns(self, the_import, mappings):
        chosen = _by_upload(the_import, mappings)
        the_import = uploads.map_columns(the_import, mappings=chosen, by=self.by, on=self.today)
        return at_once.review(the_import, by=self.by, on=self.today)

    @deed(gettext_lazy("改一格"), answers=told.EditAnswers, path="rows/edit")
    def edit(self, the_import, kind, number, field, text):
        row = _rows(the_import).filter(upload__kind=kind, number=number).first()
        if row is None:
            raise Refusal(_("这一行已不在本次导入里，请刷新后再看。"), field="number")
        staging.edit(the_import, edits=[Edit(row, field, text)], by=self.by, on=self.today)
        return the_import

    @deed(gettext_lazy("批量替换"), answers=told.ReplaceAnswers, path="rows/replace")
    def replace(self, the_import, **answers):
        staging.replace_all(the_import, by=self.by, on=self.today, **answers)
        return the_import

    @deed(gettext_lazy("试运行"))
    def trial(self, the_import):
        return at_once.try_out(the_import, by=self.by, on=self.today)

    @deed(gettext_lazy("导入"), later=True)
    def commit(self, the_import):
        return _job_of(imports.begin_commit(the_import, by=self.by, on=self.today))

    @deed(gettext_lazy("放弃导入"))
    def abandon(self, the_import):
        return imports.abandon(the_import, by=self.by, on=self.today)

    @deed(gettext_lazy("试撤销"), path="undo/trial")
    def undo_trial(self, the_import):
        return at_once.try_undoing(the_import, by=self.by, on=self.today)

    @deed(gettext_lazy("撤销导入"), later=True)
    def undo(self, the_import):
        return _job_of(undoing.begin(the_import, by=self.by, on=self.today))

    @action(detail=True)
    @tells(gettext_lazy("台账的每一行"), shape=told.RowShape, criteria=RowCriteria, paged=True)
    def rows(self, request, **_address):
        """The staged rows with what the review found, masked as on the page."""
        the_import = self.get_object()
        query = request.query_params
        criteria = RowCriteria(query, _rows(the_import), user=self.by)
        asking.refuse_unknown(query, (*RowCriteria.base_filters, *paging.PARAMETERS))
        asking.refuse_unread(criteria)
        part = paging.Part(request, criteria.qs, ("upload", "number"))
        whole = showing.is_open_to(the_import, self.by)
        return Response(part.envelope([told.row_shown(row, whole=whole) for row in part.rows], []))


def _rows(the_import):
    return StagedRow.objects.of(the_import).select_related("upload").defer("upload__content")


def _job_of(the_import):
    return f"/api/v1/jobs/{the_import.job.code}/"


def _by_upload(the_import, mappings):
    """By the key of each upload one field or nothing for each of its columns. Refuses a ledger that did not come."""
    chosen = {}
    for one in the_import.uploads.defer("content"):
        meant = mappings.pop(one.kind, {})
        unknown = next((heading for heading in meant if heading not in one.headings), None)
        if unknown is not None:
            raise Refusal(_("文件里没有“%(heading)s”这一列。") % {"heading": unknown[:40]}, field="mappings")
        chosen[one.pk] = [meant.get(heading, name) for heading, name in zip(one.headings, one.mapping, strict=True)]
    if mappings:
        raise Refusal(_("这次导入没有“%(kind)s”台账。") % {"kind": next(iter(mappings))[:40]}, field="mappings")
    return chosen
