from django.urls import path, register_converter

from ledgers.views import files, review, wizard


class RefConverter:
    """The number of an import: 2026-0042."""

    regex = r"\d{4}-\d{4,7}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(RefConverter, "import_ref")

app_name = "ledgers"
urlpatterns = [
    path("", wizard.import_list, name="imports"),
    path("new/", wizard.import_new, name="import-new"),
    path("templates/<slug:kind>.xlsx", files.template, name="template"),
    path("templates/filled/", files.filled_template, name="template-filled"),
    path("<import_ref:ref>/", wizard.import_page, name="import"),
    path("<import_ref:ref>/files/", wizard.import_files, name="import-files"),
    path("<import_ref:ref>/columns/", wizard.import_columns, name="import-columns"),
    path("<import_ref:ref>/trial/", wizard.import_trial, name="import-trial"),
    path("<import_ref:ref>/commit/", wizard.import_commit, name="import-commit"),
    path("<import_ref:ref>/abandon/", wizard.import_abandon, name="import-abandon"),
    path("<import_ref:ref>/undo/trial/", wizard.import_undo_trial, name="import-undo-trial"),
    path("<import_ref:ref>/undo/", wizard.import_undo, name="import-undo"),
    path("<import_ref:ref>/replace/", review.replace, name="import-replace"),
    path("<import_ref:ref>/rows/<int:pk>/", review.row_page, name="row"),
    path("<import_ref:ref>/rows/<int:pk>/cell/", review.row_cell, name="row-cell"),
    path("<import_ref:ref>/problems/<slug:kind>.xlsx", files.problems, name="problems"),
]
