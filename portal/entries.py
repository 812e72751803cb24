"""操作记录 for programs: what was done within the reader's reach, as on the page."""

from django.core.exceptions import PermissionDenied

from audit.filters import EntryCriteria
from audit.models import Entry
from audit.serializers import EntryShape
from cells.authority import places_within, spans
from cells.choices import Power
from core.rest.resource import Resource


class Entries(Resource):
    """操作记录."""

    model = Entry
    base = "audit-entries"
    scope = "audit"
    shape = EntryShape
    criteria = EntryCriteria
    orders = {"number": "pk"}
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"

    def reach(self):
        if not spans(self.by, Power.SEE_TRAIL):
            raise PermissionDenied
        return Entry.objects.filter(places_within(self.by, Power.SEE_TRAIL)).select_related("thing_type")
