"""Who was shown somebody's record: noted where it happens, without values, and told to the person concerned.

Lists do not count: in them a record stands among others, as on a notice board. Opening one does, and so does every
number revealed or searched for, every export the person stands in and every record read by API.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from audit import trail
from members import rules
from members.models import Member, Membership
from members.querysets import MembershipQuerySet

OPENED = "members.opened"
READ_BY_API = "members.read_by_api"
EXPORTED = "members.exported"
EVIDENCE_OPENED = "members.evidence_opened"
DISCLOSURES = (OPENED, "members.revealed", "members.found_by_number", EXPORTED, READ_BY_API, EVIDENCE_OPENED)


def note_opening(member: Member, *, by: Any, on: date, way: str = OPENED) -> None:
    """Note that ``by`` was shown the record: once a day for each reader and member, by one statement.

    A day is what somebody who asks "who looked" can do something with; each page of one morning's work is not. The
    person's own openings are nobody's business and are not noted.
    """
    if not rules.OWN_RECORD.allows(by, member):
        trail.record_many(way, [member], by=by, at=member.place.cell.path, once_on=on)


def note_export(
    places: MembershipQuerySet | list[Membership], *, file: Any, by: Any, on: date, purpose: str = ""
) -> None:
    """Note for each member of ``places`` that they stand in a file which left the house. Every export calls this.

    ``file`` says what it holds, in marked words: the trail keeps them in its own language, whoever's is on.
    """
    paths = {place.member_id: place.cell.path for place in places}
    with override(settings.LANGUAGE_CODE):
        file = str(file)
    trail.record_many(
        EXPORTED,
        [place.member for place in places],
        by=by,
        at=lambda member: paths[member.pk],
        facts={"file": file, "on": on} | ({"purpose": purpose} if purpose else {}),
    )
