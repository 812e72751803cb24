"""What stands around a page: the ways each office opens, where one is, what is under way."""

import pytest
from django.urls import resolve, reverse

from portal.frame import RAIL
from work import jobs

SETTINGS = reverse("accounts:settings")
HOME, FIGURES, CELLS = "portal:home", "reports:overview", "cells:cells"
ROSTER, COMPANIES, IMPORTS, TRAIL = "members:members", "cells:companies", "ledgers:imports", "audit:trail"
KEEPER = [HOME, FIGURES, CELLS, ROSTER, COMPANIES, IMPORTS]


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
        ("publicist", [HOME, FIGURES, CELLS, ROSTER, COMPANIES]),
        ("auditor", [HOME, FIGURES, CELLS, ROSTER, COMPANIES, TRAIL]),
        ("leader", [HOME, CELLS, ROSTER, COMPANIES]),
        ("advisor", [HOME, FIGURES, CELLS, COMPANIES]),
        ("technician", [HOME]),
        ("plain_member", [HOME]),
        ("former_secretary", [HOME]),
    ],
)
def test_the_rail_shows_what_the_office_opens(client, party, who, ways):
    assert [resolve(place.url).view_name for place in rail_of(client, getattr(party, who))] == ways


def test_nobodys_rail_is_longer_than_seven():
    assert len(RAIL) <= 7


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
