"""What stands around a page: the ways each office opens, where one is, what is under way."""

import pytest
from django.urls import resolve, reverse

from members.domain import requests
from tests.cast import TODAY
from tests.members.paper import photo
from work import jobs

SETTINGS = reverse("accounts:settings")
HOME, INBOX, FIGURES, CELLS = "portal:home", "portal:inbox", "reports:overview", "cells:cells"
ROSTER, COMPANIES, TRAIL = "members:members", "cells:companies", "audit:trail"
VISITS = "cells:visits"
KEEPER = [HOME, INBOX, FIGURES, CELLS, ROSTER, COMPANIES]
OWN = ["portal:front", INBOX, "members:me"]


def rail_of(client, person, path=SETTINGS):
    client.force_login(person)
    return client.get(path).context["frame"].rail


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("staff", [*KEEPER, TRAIL]),
        ("north_staff", [*KEEPER, TRAIL]),
        ("secretary", KEEPER),
        ("organiser", KEEPER),
        ("publicist", KEEPER),
        ("auditor", [*KEEPER, TRAIL]),
        ("leader", [HOME, INBOX, CELLS, ROSTER, COMPANIES]),
        ("advisor", [HOME, INBOX, VISITS, FIGURES, CELLS, COMPANIES]),
        ("technician", [HOME, INBOX, "cells:people", "portal:ops"]),
        ("plain_member", OWN),
        ("former_secretary", OWN),
    ],
)
def test_the_rail_shows_what_the_office_opens(client, party, who, ways):
    assert [resolve(place.url).view_name for place in rail_of(client, getattr(party, who))] == ways
    assert len(ways) <= 7


def test_what_the_bar_of_a_phone_shows_is_not_said_again_at_its_foot(client, party):
    pages = {}
    for who in ("plain_member", "secretary"):
        client.force_login(getattr(party, who))
        pages[who] = client.get(SETTINGS).content.decode()
    assert '<ul class="in-bar">' in pages["plain_member"]
    assert "投诉建议" in pages["plain_member"].partition('class="rail-foot"')[2]
    assert '<ul class="in-bar">' not in pages["secretary"]


def test_the_inbox_says_how_much_waits_for_those_who_decide(client, party):
    asked = {"item": "education", "new": "14", "evidence": photo(), "on": TODAY}
    requests.ask(party.wang, by=party.plain_member, **asked)
    counts = {
        who: [place.shown_count for place in rail_of(client, getattr(party, who)) if place.icon == "inbox"]
        for who in ("secretary", "other_secretary", "plain_member", "staff")
    }
    assert counts == {"secretary": ["1"], "other_secretary": [""], "plain_member": [""], "staff": [""]}


def test_a_request_belongs_to_the_inbox(client, party):
    asked = {"item": "education", "new": "14", "evidence": photo(), "on": TODAY}
    request = requests.ask(party.wang, by=party.plain_member, **asked)
    marked = [place for place in rail_of(client, party.secretary, request.decide_url) if place.current]
    assert [place.icon for place in marked] == ["inbox"]


def test_the_rail_marks_where_one_is_and_whether_it_is_the_very_page(client, party):
    here = {str(place.words): place.current for place in rail_of(client, party.secretary, reverse("cells:cells"))}
    assert (here["党组织"], here["工作台"]) == ("page", "")


@pytest.mark.parametrize(
    ("page", "way"), [("cells:cell", CELLS), ("members:roster", ROSTER), ("members:member-enrol", ROSTER)]
)
def test_a_page_belongs_to_the_way_of_its_app(client, party, page, way):
    rail = rail_of(client, party.secretary, reverse(page, args=[party.yunshan.code]))
    assert [resolve(place.url).view_name for place in rail if place.current] == [way]


def test_a_page_that_belongs_to_no_way_marks_none(client, party):
    assert not any(place.current for place in rail_of(client, party.secretary))


def test_filters_of_every_list_belong_to_none_of_their_ways(client, party):
    assert not any(place.current for place in rail_of(client, party.secretary, reverse("cells:filters")))


def test_the_ways_keep_the_scope(client, party):
    client.force_login(party.staff)
    html = client.get(reverse("cells:cells"), {"scope": party.north.code}).content.decode()
    assert f'href="{reverse("members:members")}?scope={party.north.code}"' in html
    assert "北屏党委</b>" in html


def test_who_reaches_no_cell_has_no_scope_to_choose(client, party):
    client.force_login(party.technician)
    assert 'class="scope"' not in client.get(SETTINGS).content.decode()


def test_work_under_way_is_shown_to_whoever_set_it_going(client, party):
    jobs.start("ledgers.review", by=party.secretary, title="核对 党员.xlsx")
    client.force_login(party.secretary)
    html = client.get(SETTINGS).content.decode()
    assert "核对 党员.xlsx" in html
    client.force_login(party.other_secretary)
    assert "核对 党员.xlsx" not in client.get(SETTINGS).content.decode()


def test_an_anonymous_page_has_no_rail_and_a_way_to_sign_in(client, db):
    html = client.get(reverse("portal:help")).content.decode()
    assert 'role="search"' not in html
    assert f'href="{reverse("account_login")}"' in html
