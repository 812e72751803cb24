"""bin/run and bin/manage, as a person at a terminal meets them."""

import json
import os
import re
import shutil
import signal
import stat
import tarfile
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import pytest

from portal.archive.sealing import Opener
from tests.portal.portals import PASSPHRASE, Portal

pytestmark = pytest.mark.boot

DENIED = "42501"
LETTER = bytes(range(256)) * 9000
A_PERSON = "from accounts.models import User; User.objects.create(name='王涛')"
PEOPLE = "from accounts.models import User; print(User.objects.filter(name='王涛').count())"
ROWS = (
    "from portal.archive.contents import session, row_counts, files, fingerprint\n"
    "from django.conf import settings\n"
    "sums = {str(path.relative_to(settings.MEDIA_ROOT)): fingerprint(path) for path in files()}\n"
    "print(json.dumps([row_counts(session().cursor()), sums]))"
)


@pytest.fixture(scope="module")
def folder():
    """A folder that the engines' own account may pass through; the one pytest makes is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="zhibu-boot-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def portal(folder):
    portal = Portal(folder / "var").start()
    yield portal
    if portal.process.poll() is None:
        portal.stop()


def answers(portal, *statements):
    """What the database says to the application: a code for what it refuses, "done" for the rest."""
    script = (
        "from django.db import connection, DatabaseError\n"
        "said = []\n"
        f"for statement in {statements!r}:\n"
        "    try:\n"
        "        connection.cursor().execute(statement)\n"
        "        said.append('done')\n"
        "    except DatabaseError as error:\n"
        "        said.append(error.__cause__.pgcode)\n"
        "print(json.dumps(said))"
    )
    return portal.ask(script)


def manifest_of(file):
    with file.open("rb") as source, tarfile.open(fileobj=Opener(source, PASSPHRASE), mode="r|") as archive:
        held = {member.name: archive.extractfile(member).read() for member in archive}
    return json.loads(held["manifest.json"])


def test_it_is_alive_and_ready(portal):
    assert portal.get("/healthz")[::2] == (200, "ok\n")
    status, headers, body = portal.get("/readyz")
    assert status == 200
    assert '"status": "ready"' in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_what_a_page_loads_is_packed_for_the_way(portal):
    sheet = re.search(r'/static/css/zhibu[^"]+', portal.get("/")[2])[0]
    _status, headers, _body = portal.get(sheet, headers={"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"


def test_its_secrets_are_nobody_elses(portal):
    secrets = sorted((portal.var / "keys").iterdir())
    assert [path.name for path in secrets] == ["database.json", "field-keys.json", "secret-key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_no_password_stands_among_the_arguments_of_its_processes(portal):
    passwords = re.findall(r"[0-9a-f]{48}", (portal.var / "keys" / "database.json").read_text())
    shown = "\n".join(portal.processes().values())
    assert len(passwords) == 3
    assert "valkey-server" in shown or "redis-server" in shown
    assert not any(password in shown for password in passwords)
    assert not re.search(r"[0-9a-f]{48}", shown)


def test_the_application_owns_nothing_and_history_is_closed_to_it(portal):
    roles = portal.ask(
        "from django.db import connection\n"
        "cursor = connection.cursor()\n"
        "cursor.execute('SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE %s', ['zhibu%'])\n"
        "roles = sorted(cursor.fetchall())\n"
        "cursor.execute('SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = %s', ['public'])\n"
        "print(json.dumps([roles, cursor.fetchall()]))"
    )
    assert roles == [
        [["zhibu_admin", True, True], ["zhibu_app", False, False], ["zhibu_owner", False, True]],
        [["zhibu_owner"]],
    ]
    said = answers(
        portal,
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_seal",
        "TRUNCATE cells_cell CASCADE",
        "DELETE FROM django_migrations",
        "CREATE TABLE own (id int)",
        "SELECT 1 FROM audit_entry",
    )
    assert said == [DENIED] * 5 + ["done"]


def test_a_command_uses_what_runs_and_keeps_stdout_to_itself(portal):
    ended = portal.manage("show_config")
    assert ended.returncode == 0
    assert ended.stdout.startswith("ALLOWED_HOSTS = ")
    assert "zhibu:" not in ended.stdout + ended.stderr


def test_it_is_started_once(portal):
    again = Portal(portal.var)
    with pytest.raises(AssertionError, match=f"already running at {portal.address}"):
        again.start()


def test_a_running_portal_is_not_restored(portal, tmp_path):
    ended = portal.manage("restore", str(tmp_path / "none"))
    assert "The portal is running. Stop it, then restore." in ended.stderr


def test_a_back_up_comes_back_whole_in_another_place(portal, folder):
    (portal.var / "files" / "uploads").mkdir(parents=True)
    (portal.var / "files" / "uploads" / "letter.pdf").write_bytes(LETTER)
    portal.ask(f"{A_PERSON}; print(1)")
    saved = portal.manage("backup", str(folder / "portal.bak"), ZHIBU_BACKUP_KEY=PASSPHRASE)
    assert saved.returncode == 0, saved.stderr
    assert "王涛".encode() not in (folder / "portal.bak").read_bytes()

    other = Portal(folder / "other", ZHIBU_BACKUP_KEY=PASSPHRASE)
    restored = other.manage("restore", str(folder / "portal.bak"))
    assert restored.returncode == 0, restored.stderr

    # Compared with what was saved, not with what runs: the worker there has gone on writing.
    rows, sums = other.ask(ROWS)
    manifest = manifest_of(folder / "portal.bak")
    assert rows == manifest["rows"]
    assert rows["accounts_user"] == 1
    assert sums == {"uploads/letter.pdf": sha256(LETTER).hexdigest()}
    assert manifest["sha256"]["files/uploads/letter.pdf"] == sums["uploads/letter.pdf"]
    keys = "keys/field-keys.json"
    assert (other.var / keys).read_text() == (portal.var / keys).read_text()


def test_an_engine_that_dies_is_started_again_where_it_was(portal):
    (postmaster,) = [pid for pid, words in portal.processes().items() if "postgres -D" in words]
    os.kill(postmaster, signal.SIGKILL)
    end = time.monotonic() + 20
    while portal.get("/readyz")[0] == 200 and time.monotonic() < end:
        time.sleep(0.05)
    while portal.get("/readyz")[0] != 200 and time.monotonic() < end:
        time.sleep(0.1)
    assert portal.get("/readyz")[0] == 200
    assert postmaster not in portal.processes()


def test_a_killed_parent_leaves_no_orphan_and_the_next_start_finds_all_data(portal):
    portal.ask(f"{A_PERSON}; print(1)")
    known = portal.ask(PEOPLE)
    portal.process.send_signal(signal.SIGKILL)
    portal.process.communicate()
    assert portal.wait_until_alone(20) == {}

    portal.start()
    assert portal.ask(PEOPLE) == known >= 1
    assert portal.stop() == 0
    assert "all data are kept" in portal.said
    assert portal.processes() == {}


def test_a_database_whose_keys_are_gone_is_given_no_new_ones(portal, tmp_path):
    """Runs last: the portal of this module has been stopped."""
    ring = portal.var / "keys" / "field-keys.json"
    kept = shutil.move(ring, tmp_path / "field-keys.json")
    with pytest.raises(AssertionError) as refused:
        portal.start()
    assert "the keys of this portal are missing" in str(refused.value)
    assert "不要另造新密钥" in str(refused.value)
    assert portal.manage("doctor").returncode == 1
    assert not ring.exists()
    shutil.move(kept, ring)
