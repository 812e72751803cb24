"""Every resource of ``/api/v1/``, in one router."""

from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from cells.api import accounts, cells, companies, filters, officers
from core.rest import asking
from core.rest.deeds import tells
from core.rest.doors import nothing_here
from core.rest.resource import Door
from integrations.api import changes, tokens, webhooks
from ledgers.api import exports, imports
from members.api import history, members, requests
from portal import entries
from portal.meta import Meta
from portal.openapi import SchemaDocument, docs
from reports.api import figures, snapshots
from work.api import Jobs

RESOURCES = [
    cells.Cells,
    companies.Companies,
    companies.Contacts,
    companies.Assignments,
    officers.Appointments,
    accounts.People,
    accounts.Policies,
    filters.SavedFilters,
    members.Members,
    history.Memberships,
    history.Merges,
    requests.ChangeRequests,
    requests.SubjectRequests,
    tokens.Tokens,
    webhooks.Webhooks,
    changes.Changes,
    imports.Imports,
    exports.Exports,
    Jobs,
    figures.Figures,
    snapshots.Snapshots,
    entries.Entries,
]

# Which resources are written as csv, and like which list.
for resource, name in (
    (members.Members, "members.roster"),
    (cells.Cells, "cells.cells"),
    (companies.Companies, "cells.companies"),
):
    resource.formats = {"csv": exports.as_csv(name)}

router = SimpleRouter()
for resource in RESOURCES:
    router.register(resource.base, resource, basename=resource.base)


class Root(Door):
    """Where everything is."""

    base = "root"

    @tells(_("全部名单的地址"), shape={"type": "object", "additionalProperties": {"type": "string", "format": "uri"}})
    def list(self, request):
        """The lists there are, by name."""
        asking.refuse_unknown(request.query_params, ())
        return Response({base: request.build_absolute_uri(f"{base}/") for base, *_rest in router.registry})


urlpatterns = [
    path("v1/", Root.as_view({"get": "list"}), name="root"),
    path("v1/me/", tokens.Me.as_view({"get": "list"}), name="me"),
    path("v1/", include(router.urls)),
    path("v1/meta/choices/", Meta.as_view({"get": "choices"}), name="choices"),
    path("schema/", SchemaDocument.as_view({"get": "list"}), name="schema"),
    path("docs/", docs, name="docs"),
    re_path("^.*$", nothing_here, name="nothing"),
]
