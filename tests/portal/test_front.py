"""P1: the front door, for everybody, with nothing personal behind it."""

import re

import pytest
from django.core.cache import cache
from django.test import override_settings

from cells.choices import Cover
from portal import checks
from reports.domain import snapshots
from tests.cast import TODAY, register

pytestmark = pytest.mark.django_db

PAGES = ["/", "/front/", "/about/", "/guides/", "/find-branch/", "/accessibility/", "/privacy/"]
GUIDES = ["transfer", "certificate", "branch", "complaint"]


@pytest.fixture(autouse=True)
def nobody_asked_yet():
    cache.clear()


@pytest.mark.parametrize("path", [*PAGES, *(f"/guides/{slug}/" for slug in GUIDES)])
def test_every_page_before_the_door_opens_without_signing_in(client, path):
    assert client.get(path).status_code == 200


def test_who_is_known_goes_from_the_door_to_their_desk(party, client):
    client.force_login(party.secretary)
    assert client.get("/").url == "/home/"
    assert client.get("/front/").status_code == 200


def test_how_to_transfer_is_two_clicks_from_the_door(client):
    front = client.get("/").content.decode()
    assert 'href="/guides/transfer/"' in front
    assert "党费交到离开的当月" in client.get("/guides/transfer/").content.decode()


def test_a_guide_that_does_not_exist_is_not_there(client):
    assert client.get("/guides/settings/").status_code == 404


def test_a_company_leads_to_its_branch_and_to_nobodys_name(party, client):
    register("青山数据有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    page = client.get("/find-branch/", {"q": "青山数据"}).content.decode()
    assert party.yunshan.name in page
    assert party.secretary.name not in page


def test_a_company_without_a_branch_looks_like_one_nobody_knows(party, client):
    register("白塔网络有限公司", party.north)
    pages = [client.get("/find-branch/", {"q": name}).content.decode() for name in ("白塔网络", "黑塔网络")]
    uncovered, unknown = [re.sub(r"\b\w{64}\b|白塔|黑塔|%E7%99%BD|%E9%BB%91", "", page) for page in pages]
    assert uncovered == unknown


def test_the_ledger_cannot_be_leafed_through(party, client):
    register("青山数据有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    assert party.yunshan.name not in client.get("/find-branch/", {"q": "公司"}).content.decode()
    answers = [client.get("/find-branch/", {"q": "青山数据"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


@pytest.mark.parametrize(
    "words", ["有限公司", "科技有限公司", "网络信息技术有限公司", "股份有限公司", "数据集团有限责任公司"]
)
def test_words_that_every_company_bears_find_none(party, client, words):
    register(f"青山{words}", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    page = client.get("/find-branch/", {"q": words}).content.decode()
    assert "特有的至少 2 个字" in page
    assert party.yunshan.name not in page
    assert party.yunshan.name in client.get("/find-branch/", {"q": f"青山{words}"}).content.decode()


def test_of_several_companies_none_is_named_until_the_name_is_whole(party, client):
    for name in ("青山数据有限公司", "青山数据服务有限公司"):
        register(name, party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    page = client.get("/find-branch/", {"q": "青山数据"}).content.decode()
    assert "请写得更全一些" in page
    assert "有限公司" not in page
    assert party.yunshan.name not in page
    assert party.yunshan.name in client.get("/find-branch/", {"q": "青山数据有限公司"}).content.decode()


def test_the_front_page_shows_the_figures_last_frozen_and_no_others(party, client):
    register("青山数据有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    assert "front-figures" not in client.get("/front/").content.decode()
    snapshot = snapshots.draw(party.association, by=party.staff, on=TODAY)
    register("白塔网络有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    page = client.get("/front/").content.decode()
    members = snapshot.figures["members"]["number"]
    assert f"<dt>党员</dt><dd><b>{members}</b>" in page
    assert "<b>1</b>" in page
    assert "数据截至 2026-11-20" in page
    with override_settings(ZHIBU_PUBLIC_FIGURES=False):
        assert "front-figures" not in client.get("/front/").content.decode()


def test_the_emblem_slot_is_empty_until_the_committee_fills_it(client, tmp_path):
    assert client.get("/front/emblem").status_code == 404
    assert "front-emblem" not in client.get("/front/").content.decode()
    picture = tmp_path / "emblem.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script></svg>')
    with override_settings(ZHIBU_EMBLEM_FILE=str(picture)):
        assert 'class="front-emblem" src="/front/emblem" alt=""' in client.get("/front/").content.decode()
        answer = client.get("/front/emblem")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content", [b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(512 * 1024), None])
def test_an_emblem_that_cannot_be_shown_is_told_at_start(tmp_path, content):
    file = tmp_path / "emblem"
    if content is not None:
        file.write_bytes(content)
    with override_settings(ZHIBU_EMBLEM_FILE=str(file)):
        assert [warning.id for warning in checks.the_emblem_can_be_shown(None)] == ["portal.W003"]


def test_the_privacy_notice_names_who_handles_the_data_and_how_to_reach_them(client):
    with override_settings(ZHIBU_HOST_NAME="中共某市协会委员会", ZHIBU_CONTACT="0999-5550117"):
        page = client.get("/privacy/").content.decode()
    assert "谁来处理" in page
    assert "中共某市协会委员会，0999-5550117" in page
