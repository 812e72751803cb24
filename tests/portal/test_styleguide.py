"""The styleguide shows every part the pages are made of."""

import re
from pathlib import Path

import pytest

from work.choices import JobState
from work.models import Job

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).parents[2] / "templates"
# What stands around every page stands around this one as well; what stands before the door is on the sign-in page.
AROUND = {"_masthead", "_rail", "_scope", "_bar", "_toasts", "_ring", "_cover_links", "_palette", "_preview"}


def included(name, seen):
    """Every part a template includes, and those include."""
    for part in re.findall(r'{% include "([\w/]+)\.html"', (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")):
        if part not in seen:
            seen.add(part)
            included(part, seen)
    return seen


def test_no_part_is_missing():
    shown = included("portal/styleguide/page", set()) | {"_field"}
    parts = {path.stem for path in TEMPLATES.glob("_*.html")}
    parts |= {f"lists/{path.stem}" for path in (TEMPLATES / "lists").glob("_*.html")}
    assert sorted(parts - shown - AROUND) == []


def test_the_tags_that_stand_for_parts_are_on_the_page_too(party, client):
    client.force_login(party.staff)
    page = client.get("/styleguide/").content.decode()
    assert page.count("field-error") >= 2
    assert "aria-sort" in page or 'href="?sort=name"' in page


@pytest.mark.parametrize(
    ("view", "mark"), [("dark", 'data-theme="dark"'), ("large", 'data-type="large"'), ("print", 'data-view="print"')]
)
def test_it_is_seen_dark_large_and_printed(party, client, view, mark):
    client.force_login(party.staff)
    page = client.get("/styleguide/", {"view": view}).content.decode()
    assert mark in page
    assert f'<a href="?view={view}" aria-current="page">' in page


def test_a_secretary_has_no_use_for_it(party, client):
    client.force_login(party.secretary)
    assert client.get("/styleguide/").status_code == 403


def test_the_ring_is_there_once_while_work_of_ones_own_goes_on(party, client):
    Job.objects.create(owner=party.staff, kind="reports.draw", title="生成报表快照", state=JobState.RUNNING)
    client.force_login(party.staff)
    assert client.get("/styleguide/").content.decode().count('id="ring"') == 1
