from django.urls import path, register_converter

from cells.views import cells, changes, companies, contacts, invitations, officers, scope


class CodeConverter:
    """A public code in its one spelling: ZB-0231, QY-0107."""

    regex = r"[A-Z]{2}-[0-9A-Z]{4,12}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(CodeConverter, "cell_code")

app_name = "cells"
urlpatterns = [
    path("scope/", scope.scope, name="scope"),
    path("cells/", cells.cell_list, name="cells"),
    path("cells/new/", changes.found, name="cell-found"),
    path("cells/<cell_code:code>/", cells.cell, name="cell"),
    path("cells/<cell_code:code>/details/", changes.correct, name="cell-correct"),
    path("cells/<cell_code:code>/name/", changes.rename, name="cell-rename"),
    path("cells/<cell_code:code>/superior/", changes.move, name="cell-move"),
    path("cells/<cell_code:code>/kind/", changes.reorganise, name="cell-reorganise"),
    path("cells/<cell_code:code>/merger/", changes.merge, name="cell-merge"),
    path("cells/<cell_code:code>/dissolution/", changes.dissolve, name="cell-dissolve"),
    path("cells/<cell_code:code>/term/", changes.begin_term, name="term-begin"),
    path("cells/<cell_code:code>/history/", cells.history, name="cell-history"),
    path("cells/<cell_code:code>/phone/", contacts.reveal_cell_phone, name="cell-reveal"),
    path("cells/<cell_code:code>/officers/", officers.officers, name="officers"),
    path("cells/<cell_code:code>/officers/<int:pk>/", officers.end, name="officer-end"),
    path("cells/<cell_code:code>/officers/<int:pk>/invitation/", invitations.invite, name="officer-invite"),
    path("companies/", companies.company_list, name="companies"),
    path("companies/new/", companies.register, name="company-register"),
    path("companies/<cell_code:code>/", companies.company, name="company"),
    path("companies/<cell_code:code>/details/", companies.correct, name="company-correct"),
    path("companies/<cell_code:code>/survey/", companies.survey, name="company-survey"),
    path("companies/<cell_code:code>/contacts/new/", contacts.add, name="contact-add"),
    path("companies/<cell_code:code>/contacts/<int:pk>/", contacts.correct, name="contact-correct"),
    path("companies/<cell_code:code>/contacts/<int:pk>/removal/", contacts.remove, name="contact-remove"),
    path("companies/<cell_code:code>/contacts/<int:pk>/phone/", contacts.reveal, name="contact-reveal"),
]
