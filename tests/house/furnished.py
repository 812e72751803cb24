"""The portal with something on every shelf, and where each of its pages then is."""

from datetime import date

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from accounts import invitations
from accounts.domain import recovery
from accounts.models import User
from cells.choices import Office
from cells.domain import appointments, assignments
from cells.domain.companies import contacts
from core.lists.listing import listing_named
from integrations.domain import tokens
from ledgers.domain import exports
from ledgers.laid_out import Wish
from ledgers.models import StagedRow
from members.domain import activation, requests, rights
from news.domain import publishing
from reports.choices import PeriodKind
from reports.domain import snapshots
from tests.cast import TODAY, register
from tests.house.matrix import routes
from tests.ledgers.conftest import roster, somebody, staged
from tests.members.paper import photo
from work import jobs

# Every route but the ring in the masthead, which asks for itself alone, and the emblem, which is a picture.
WHOLE = set(routes()) - {"work:ring", "portal:emblem"}


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
    how = {"assigned_on": TODAY, "by": party.staff, "on": TODAY}
    assignment = assignments.assign(company, advisor=party.advisor, **how)
    officer = party.yunshan.appointments.get(holder=party.organiser)
    review = staged(roster(somebody(1), somebody(2, 公民身份证号="123")), cell=party.yunshan, by=party.secretary)
    job = jobs.start("ledgers.review", by=party.secretary, title="核对 名册.xlsx", payload={"import": review.pk})
    roster_of = Wish(listing_named("members.roster"), QueryDict(), party.yunshan, "csv")
    taken = exports.export(roster_of, keep=True, by=party.secretary, on=TODAY)
    snapshot = snapshots.draw(party.association, by=party.staff, on=TODAY)
    october = {"on": date(2026, 10, 31), "kind": PeriodKind.MONTHLY}
    month = snapshots.draw(party.association, by=party.staff, **october)
    right = rights.ask(party.wang, kind="copy", words="要一份纸质的", by=party.plain_member, on=TODAY)
    change_request = requests.ask(
        party.wang, item="education", new="14", evidence=photo(), by=party.plain_member, on=TODAY
    )
    newcomer = User.objects.open_dormant("韩磊")
    office = appointments.appoint(
        party.yuanfan, holder=newcomer, office=Office.PUBLICITY_COMMISSIONER, by=party.staff, on=TODAY
    )
    announcement = publishing.publish(
        party.association, kind="notice", title="培训班报名", body="请按时报名。", by=party.staff, on=TODAY
    )
    invitation = invitations.address_for(newcomer, by=party.staff, offices=[office.pk])
    own_invitation = activation.invite(party.sun, by=party.staff, on=TODAY)
    program = {"name": "名册同步", "scopes": ["cells:read"], "expires_on": TODAY}
    token, _secret = tokens.draw_up(party.association, **program, by=party.staff, on=TODAY)
    lost = recovery.ask(party.organiser, by=party.organiser, on=TODAY)
    return {
        "integrations:person-tokens": [party.organiser.code],
        "integrations:token": [token.code],
        "cells:recovery": [lost.code],
        "cells:officer-": [party.yunshan.code, officer.pk],
        "cells:assignment-end": [company.code, assignment.pk],
        "cells:advisor": [party.advisor.code],
        "cells:contact-add": [company.code],
        "cells:contact-": [company.code, contact.pk],
        "cells:company": [company.code],
        "cells:person": [party.organiser.code],
        "cells:account-": [party.organiser.code],
        "cells:": [party.yunshan.code],
        "members:roster": [party.yunshan.code],
        "members:member-enrol": [party.yunshan.code],
        "members:enrol-number": [party.yunshan.code],
        "members:own-item": ["mobile"],
        "members:activate": [own_invitation.rstrip("/").rsplit("/", 1)[1]],
        "members:rights": [],
        "members:right": [right.code],
        "members:requests": [],
        "members:request-new": [],
        "members:request": [change_request.code],
        "members:": [party.wang.code],
        "work:": [job.code],
        "exports:new": ["members.roster"],
        "exports:": [taken.code],
        "ledgers:template": ["members"],
        "ledgers:row": [review.ref, StagedRow.objects.of(review, "members").first().pk],
        "ledgers:problems": [review.ref, "members"],
        "ledgers:": [review.ref],
        "reports:figure": ["members"],
        "reports:snapshot-draw": [party.association.code],
        "reports:snapshot": [snapshot.code],
        "reports:monthly": [month.period],
        "portal:guide": ["transfer"],
        "portal:rule": ["term_notice"],
        "news:": [announcement.code],
        "accounts:invitation": [invitation.rstrip("/").rsplit("/", 1)[1]],
    }
