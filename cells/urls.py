from django.urls import path

import core.converters  # noqa: F401 -- "code" in the addresses below
from cells.views import cells, changes, companies, contacts, invitations, officers, scope

app_name = "cells"
urlpatterns = [
    path("scope/", scope.scope, name="scope"),
    path("cells/", cells.cell_list, name="cells"),
    path("cells/new/", changes.found, name="cell-found"),
    path("cells/<code:code>/", cells.cell, name="cell"),
    path("cells/<code:code>/details/", changes.correct, name="cell-correct"),
    path("cells/<code:code>/name/", changes.rename, name="cell-rename"),
    path("cells/<code:code>/superior/", changes.move, name="cell-move"),
    path("cells/<code:code>/kind/", changes.reorganise, name="cell-reorganise"),
    path("cells/<code:code>/merger/", changes.merge, name="cell-merge"),
    path("cells/<code:code>/dissolution/", changes.dissolve, name="cell-dissolve"),
    path("cells/<code:code>/term/", changes.begin_term, name="term-begin"),
    path("cells/<code:code>/history/", cells.history, name="cell-history"),
    path("cells/<code:code>/phone/", contacts.reveal_cell_phone, name="cell-reveal"),
    path("cells/<code:code>/officers/", officers.officers, name="officers"),
    path("cells/<code:code>/officers/<int:pk>/", officers.end, name="officer-end"),
    path("cells/<code:code>/officers/<int:pk>/invitation/", invitations.invite, name="officer-invite"),
    path("companies/", companies.company_list, name="companies"),
    path("companies/new/", companies.register, name="company-register"),
    path("companies/<code:code>/", companies.company, name="company"),
    path("companies/<code:code>/details/", companies.correct, name="company-correct"),
    path("companies/<code:code>/survey/", companies.survey, name="company-survey"),
    path("companies/<code:code>/contacts/new/", contacts.add, name="contact-add"),
    path("companies/<code:code>/contacts/<int:pk>/", contacts.correct, name="contact-correct"),
    path("companies/<code:code>/contacts/<int:pk>/removal/", contacts.remove, name="contact-remove"),
    path("companies/<code:code>/contacts/<int:pk>/phone/", contacts.reveal, name="contact-reveal"),
]
