"""What the demo shows of members' own rooms: who agrees to be called, and an invitation that nobody has taken up."""

from datetime import date

from accounts import purposes
from accounts.domain import consents
from accounts.models import User
from cells.models import Cell
from members.domain import activation
from members.models import Membership

INVITED = ("韩磊", "曹雨桐")


def furnish(branch: Cell, *, today: date) -> None:
    """The secretary has read the notice and may be called by members; two of the branch are invited and have not come.

    ``member`` has read nothing yet, so that the notice waits for them.
    """
    secretary = User.objects.get(username="secretary")
    for purpose in (purposes.NOTICE, purposes.CALL):
        version = purposes.CURRENT[purpose].version
        consents.answer(secretary, purpose=purpose, version=version, given=True, by=secretary, on=today)
    places = Membership.objects.current().under(branch).filter(member__name__in=INVITED).order_by("pk")
    for place in places.select_related("member"):
        activation.invite(place.member, by=secretary, on=today)
