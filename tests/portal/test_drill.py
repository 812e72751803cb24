"""A back-up is restored beside the portal, examined and thrown away; one that does not hold makes the drill fail."""

import json
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import seals
from core import keyring
from portal.archive import saving
from portal.choices import UpkeepKind
from portal.fieldkeys import proofs
from portal.models import Feedback, Upkeep
from tests import cast, database

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "four words are easily remembered"


@pytest.fixture
def saved(tmp_path, settings, monkeypatch):
    """A back-up of a portal with the cast and something sealed in it, taken by the command."""
    settings.VAR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.MEDIA_ROOT / "letter.pdf").write_bytes(b"letter")
    monkeypatch.setenv("ZHIBU_BACKUP_KEY", WORDS)
    cast.draw()
    proofs.note()
    seals.seal_entries()
    file = tmp_path / "portal.zhibu"

    def save():
        call_command("backup", file)
        return file

    return save


def left_behind(tmp_path):
    beside = f"{connection.settings_dict['NAME']}_%"
    with closing(database.owner_session()) as session, session.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [beside])
        return [name for (name,) in cursor.fetchall()] + list((tmp_path / "var").glob("zhibu-*"))


def fails(match):
    with pytest.raises(CommandError, match=match):
        call_command("restore_drill", "latest")
    assert not Upkeep.objects.filter(kind=UpkeepKind.DRILL).latest("pk").went_well


def test_a_whole_back_up_passes_and_leaves_nothing_behind(saved, tmp_path, capsys):
    saved()
    Feedback.objects.create(text="after it")
    call_command("restore_drill", "latest")
    assert "can be restored" in capsys.readouterr().out
    done = Upkeep.objects.filter(kind=UpkeepKind.DRILL).get()
    assert (done.went_well, done.facts["files"], done.facts["rows"] > 100) == (True, 1, True)
    assert left_behind(tmp_path) == []
    assert Feedback.objects.get().text == "after it"


def test_a_damaged_back_up_fails_and_is_said_to(saved, tmp_path):
    file = saved()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])
    fails("damaged")
    file.unlink()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore_drill", "latest")
    assert left_behind(tmp_path) == []


def test_a_back_up_of_a_portal_whose_laws_were_broken_fails(saved, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET education = '14' WHERE name = '王涛'")
    saved()
    fails("verify_invariants: a member is as the facts say")
    assert left_behind(tmp_path) == []


def test_a_back_up_without_the_key_of_what_is_in_it_fails(saved, settings):
    Feedback.objects.create(text="x", reply_to="in confidence")
    ring = settings.ZHIBU_FIELD_KEYS
    with keyring.using(ring | {"current": "k7", "keys": {"k7": ring["index"]}}):
        saved()
    fails('the ring has no key "k1"')


def test_a_key_dropped_while_the_dump_is_taken_is_in_the_back_up(saved, settings):
    ring = settings.ZHIBU_FIELD_KEYS
    before = ring | {"keys": ring["keys"] | {"k0": ring["index"]}}
    assert set(saving._ring_of_the_snapshot(before)["keys"]) == {"k0", "k1"}
    assert json.dumps(ring) == json.dumps(settings.ZHIBU_FIELD_KEYS)
