"""The portal with something on every shelf, and where each of its pages then is."""

from django.urls import NoReverseMatch, reverse

from accounts import invitations
from accounts.models import User
from cells.choices import Office
from cells.domain import appointments
from cells.domain.companies import contacts
from ledgers.models import StagedRow
from reports.domain import snapshots
from tests.cast import TODAY, register
from tests.house.matrix import routes
from tests.ledgers.conftest import roster, somebody, staged
from work import jobs

# Every route but the ring in the masthead, which asks for itself alone.
WHOLE = set(routes()) - {"work:ring"}


def addresses(party):
    """An address for every route of ``WHOLE``, but those that only an undo or a notice knows."""
    found = {}
    arguments = _furnish(party)
    for route in WHOLE:
        given = next((given for name, given in arguments.items() if route.startswith(name)), [])
        for way in ([], given):
            try:
                found[route] = reverse(route, args=way)
            except NoReverseMatch:
                continue
    return found


def _furnish(party):
    """What the routes ask for, by the beginning of their names; the first that fits counts."""
    company = register("云杉科技有限公司", party.north)
    contact = contacts.add_contact(company, name="何静", phone="13900000001", by=party.staff, on=TODAY)
    officer = party.yunshan.appointments.get(holder=party.organiser)
    review = staged(roster(somebody(1), somebody(2, 公民身份证号="123")), cell=party.yunshan, by=party.secretary)
    job = jobs.start("ledgers.review", by=party.secretary, title="核对 名册.xlsx", payload={"import": review.pk})
    snapshot = snapshots.draw(party.association, by=party.staff, on=TODAY)
    newcomer = User.objects.open_dormant("韩磊")
    office = appointments.appoint(
        party.yuanfan, holder=newcomer, office=Office.PUBLICITY_COMMISSIONER, by=party.staff, on=TODAY
    )
    invitation = invitations.address_for(newcomer, by=party.staff, offices=[office.pk])
    return {
        "cells:officer-": [party.yunshan.code, officer.pk],
        "cells:contact-add": [company.code],
        "cells:contact-": [company.code, contact.pk],
        "cells:company": [company.code],
        "cells:": [party.yunshan.code],
        "members:roster": [party.yunshan.code],
        "members:member-enrol": [party.yunshan.code],
        "members:enrol-number": [party.yunshan.code],
        "members:": [party.wang.code],
        "work:": [job.code],
        "ledgers:template": ["members"],
        "ledgers:row": [review.ref, StagedRow.objects.of(review, "members").first().pk],
        "ledgers:problems": [review.ref, "members"],
        "ledgers:": [review.ref],
        "reports:figure": ["members"],
        "reports:snapshot-draw": [party.association.code],
        "reports:snapshot": [snapshot.code],
        "accounts:invitation": [invitation.rstrip("/").rsplit("/", 1)[1]],
    }
