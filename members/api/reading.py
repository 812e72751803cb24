"""Reading what is part of somebody's record: each reading of one is noted, and told to the person concerned."""

from core.rest.resource import Resource
from core.rest.shapes import Sight
from members.domain import disclosures


class OnRecord(Resource):
    """Things that tell of a member: ``whose`` says of whom. Lists are not noted: in them one stands among others.

    It is noted once the answer is ready, so that nobody stands as a reader who was turned away; a deed tried out shows
    the record too, and is noted though nothing else of it stays.
    """

    scope = "members"
    told_of = None

    def whose(self, thing):
        return thing.member

    def shown(self, thing, sight, shape=None):
        if shape is None:
            self.told_of = self.whose(thing)
        return super().shown(thing, sight, shape)

    def shown_anew(self, done, shape=None):
        if shape is not None:
            return super().shown_anew(done, shape)
        thing = self.find(done.code)
        return None if thing is None else self.shown(thing, Sight(self.by, token=self.request.auth))

    def finalize_response(self, request, response, *args, **kwargs):
        # Whoever was enrolled by a rehearsal is nobody again.
        if response.status_code < 300 and self.told_of is not None and self.told_of.place is not None:
            disclosures.note_opening(self.told_of, by=self.by, on=self.today, way=disclosures.READ_BY_API)
        return super().finalize_response(request, response, *args, **kwargs)
