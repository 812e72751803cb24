"""Changing the field keys while people read and write, and a ring that is not the right one."""

import io
import json
import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from celery.signals import beat_init, worker_init
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils import timezone

from acts.domain import undoing
from acts.models import Act
from core import keyring
from core.crypto import EncryptedField, Unreadable
from ledgers.choices import Kind
from ledgers.models import Upload
from members.domain import merges
from members.domain import roster as roster_deeds
from members.models import Member, Merge
from portal.fieldkeys import indexes, places, proofs, rotation, start
from portal.models import Feedback, FieldKey
from tests import cast
from tests.cast import found_by_mobile
from tests.ledgers.conftest import roster, somebody, staged
from work import heartbeat
from work.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MANY = 2500


@pytest.fixture
def ring_file(tmp_path, settings):
    """The ring as it lies below ``var/keys``."""
    file = tmp_path / "field-keys.json"
    file.write_text(json.dumps(settings.ZHIBU_FIELD_KEYS))
    settings.ZHIBU_FIELD_KEYS_FILE = file
    proofs.note()
    return file


@pytest.fixture
def nobody_else():
    """A browser's journey in this process may have left a session open, which the portal keeps for a minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )


def keys():
    """Which keys hold something."""
    return set(places.held_by_key())


def change(**how):
    """The command as an operator gives it; what it said."""
    out = io.StringIO()
    call_command("rotate_field_key", stdout=out, **how)
    return out.getvalue()


def retired_long_ago():
    FieldKey.objects.exclude(retired_at=None).update(retired_at=timezone.now() - timedelta(hours=1))


def test_every_place_with_something_sealed_is_known():
    sealed = {place.table for place in places.places()}
    for model in apps.get_models():
        if any(isinstance(field, EncryptedField) for field in model._meta.fields):
            assert model._meta.db_table in sealed, model
        files = tuple(field.name for field in model._meta.fields if isinstance(field, models.BinaryField))
        assert places.SEALED_FILES.get(model._meta.label, ()) == files, model
        if model._meta.app_label in ("members", "cells", "portal", "acts", "accounts"):
            named = tuple(field.name for field in model._meta.fields if field.name.endswith("_index"))
            assert indexes.INDEXES.get(model._meta.label, ()) == named, model


def test_readers_and_writers_go_on_while_everything_is_sealed_anew(ring_file):
    Feedback.objects.bulk_create([Feedback(text="x", reply_to=f"{number}.0") for number in range(MANY)])
    pks = list(Feedback.objects.order_by("pk").values_list("pk", flat=True))
    faults, reads, written, over = [], [0, 0], {}, threading.Event()
    begun = threading.Barrier(4)

    def read(which):
        begun.wait()
        at = which * 7
        while not over.is_set():
            at = (at + 97) % MANY
            found = Feedback.objects.get(pk=pks[at]).reply_to
            if isinstance(found, Unreadable) or not found.startswith(f"{at}."):
                faults.append(found)
            reads[which] += 1

    def write():
        begun.wait()
        at = 0
        while not over.is_set():
            at = (at + 31) % MANY
            row = Feedback.objects.get(pk=pks[at])
            row.reply_to = written[at] = f"{at}.{len(written) + 1}"
            row.save(update_fields=["reply_to"])

    def closing(work, *arguments):
        try:
            assert connection.ensure_connection() is None
            work(*arguments)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=closing, args=args) for args in ((read, 0), (read, 1), (write,))]
    for thread in threads:
        thread.start()
    begun.wait()
    try:
        change(begin=True)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert faults == []
    assert min(*reads, len(written)) > 20
    assert keys() == {"k2"}
    for at, row in enumerate(Feedback.objects.order_by("pk")):
        assert row.reply_to == written.get(at, f"{at}.0")


def test_every_kind_of_sealed_thing_is_sealed_anew_and_the_old_key_can_go(ring_file):
    party = cast.draw()
    TOTP.activate(party.secretary, SECRET)
    codes = RecoveryCodes.activate(party.secretary)
    before = codes.get_unused_codes()
    double = cast.enlist("王涛", party.yunshan)
    Member.objects.filter(pk=double.pk).update(id_number="", id_number_index="")
    double = Member.objects.get(pk=double.pk)
    merges.merge(party.wang, absorbed=double, reason="录入两次", by=party.staff, on=cast.TODAY)
    staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    content = Upload.objects.get(kind=Kind.MEMBERS).data()
    version = Member.objects.get(pk=party.wang.pk).version

    said = change(begin=True, suite="sm")
    assert "nothing is sealed with k1 any more: --drop k1" in said
    assert {(holding.key, holding.algorithm) for holding in places.holdings()} == {("k2", "sm4-gcm")}
    retired_long_ago()
    change(drop="k1")

    assert set(keyring.ring()["keys"]) == {"k2"}
    wang = found_by_mobile("13800005678").get()
    assert (wang.mobile, wang.version) == ("13800005678", version)
    assert Member.objects.with_id_number(wang.id_number).get() == wang
    assert not isinstance(Merge.objects.get().before, Unreadable)
    assert Upload.objects.get(kind=Kind.MEMBERS).data() == content
    factors = {factor.type: factor for factor in Authenticator.objects.all()}
    assert TOTP(factors["totp"]).validate_code("000000") is False
    assert RecoveryCodes(factors["recovery_codes"]).get_unused_codes() == before
    assert FieldKey.objects.get(name="k1").dropped_at
    proofs.require()


def test_what_was_broken_off_goes_on_where_it_stopped(ring_file):
    Feedback.objects.bulk_create([Feedback(text="x", reply_to=str(number)) for number in range(3 * places.ROWS)])
    rotation.add(suite=None, keep=rotation.to_file(ring_file))
    assert (keyring.ring()["current"], keyring.ring()["next"]) == ("k1", "k2")
    rotation.make_current(keep=rotation.to_file(ring_file))
    with rotation.acting_as_owner():
        for _table, anew, _closed in rotation.chunks():
            if anew:
                break
    assert places.held_by_key() == {"k2": places.ROWS, "k1": 2 * places.ROWS}
    assert sum(int(row.reply_to) for row in Feedback.objects.all()) == sum(range(3 * places.ROWS))
    with pytest.raises(CommandError, match="go on with --resume"):
        change(begin=True)
    change(resume=True)
    assert keys() == {"k2"}


def test_a_row_that_is_being_written_is_passed_over_and_sealed_by_its_writer(ring_file):
    row = Feedback.objects.create(text="x", reply_to="before")
    rotation.make_current(keep=rotation.to_file(_added(ring_file)))
    [place] = [place for place in places.places() if place.table == "portal_feedback"]
    with rotation.acting_as_owner():
        held = connection.copy()
        try:
            held.set_autocommit(False)
            held.cursor().execute("UPDATE portal_feedback SET text = 'held' WHERE id = %s", [row.pk])
            assert place.seal_some(0) == (None, 0, 0)
        finally:
            held.rollback()
            held.close()
        assert place.seal_some(0) == (row.pk, 1, 0)


def _added(ring_file):
    rotation.add(suite=None, keep=rotation.to_file(ring_file))
    return ring_file


def test_a_key_is_made_current_only_when_everybody_who_shows_himself_knows_it(ring_file):
    _added(ring_file)
    Heartbeat.objects.create(name="web elsewhere:7", seen_at=timezone.now(), field_keys="k1")
    ended = heartbeat.this_process(heartbeat.WEB).rpartition(":")[0] + ":999999999"
    Heartbeat.objects.create(name=ended, seen_at=timezone.now(), field_keys="k1")
    with pytest.raises(rotation.Refusal, match=r"\['web elsewhere:7'\]"):
        rotation.make_current(keep=rotation.to_file(ring_file))
    Heartbeat.objects.update(field_keys="k1,k2")
    assert rotation.make_current(keep=rotation.to_file(ring_file))["current"] == "k2"


def test_an_old_key_goes_only_when_nothing_needs_it_any_more(ring_file):
    Feedback.objects.create(text="x", reply_to="here")
    with pytest.raises(CommandError, match="k1 is in use"):
        change(drop="k1")
    change(begin=True)
    with pytest.raises(CommandError, match="forms being kept"):
        change(drop="k1")
    with keyring.using(keyring.ring() | {"current": "k1"}):
        Feedback.objects.create(text="x", reply_to="late")
    retired_long_ago()
    with pytest.raises(CommandError, match="1 values are still sealed with k1"):
        change(drop="k1")
    with pytest.raises(CommandError, match="no key k7"):
        change(drop="k7")


def test_a_ring_handed_in_by_environment_is_changed_by_handing_in_another(settings, tmp_path):
    proofs.note()
    Feedback.objects.create(text="x", reply_to="here")
    with pytest.raises(CommandError, match="--out FILE"):
        change(begin=True)
    out = tmp_path / "ring.json"

    def hand_in():
        settings.ZHIBU_FIELD_KEYS = keyring.field_keys(out.read_text())

    assert "start web, worker and beat again" in change(begin=True, out=out)
    assert (keys(), out.stat().st_mode & 0o777) == ({"k1"}, 0o600)
    hand_in()
    assert "k2 is current in that ring" in change(resume=True, out=out)
    hand_in()
    change(resume=True, out=out)
    assert keys() == {"k2"}
    retired_long_ago()
    change(drop="k1", out=out)
    hand_in()
    assert list(keyring.ring()["keys"]) == ["k2"]
    assert Feedback.objects.get().reply_to == "here"


def test_the_indexes_are_made_anew_while_the_portal_stands_still(ring_file, nobody_else):
    party = cast.draw()
    other = connection.copy()
    other.cursor().execute("SELECT 1")
    try:
        with pytest.raises(CommandError, match="stop web, worker and beat first"):
            change(index=True)
    finally:
        other.close()
    before = keyring.ring()["index"]
    assert "6 records" in change(index=True)
    assert keyring.ring()["index"] != before
    assert found_by_mobile("5678").get() == party.wang
    proofs.require()
    with keyring.using(keyring.ring() | {"index": before}), pytest.raises(proofs.WrongKeys, match="nobody is found"):
        proofs.require()


def test_what_is_undone_after_the_indexes_were_made_anew_is_found_again(ring_file, nobody_else):
    party = cast.draw()
    roster_deeds.correct(party.wang, version=1, mobile="13900001234", by=party.secretary, on=cast.TODAY)
    change(index=True)
    undoing.undo(Act.objects.latest("pk"), by=party.secretary, on=cast.TODAY)
    assert found_by_mobile("13800005678").get() == party.wang


def test_indexes_that_were_made_before_the_ring_was_written_are_not_made_twice(ring_file, nobody_else):
    cast.draw()
    written = []
    with pytest.raises(ZeroDivisionError):
        indexes.make_anew(keep=lambda ring: written.append(ring) or ("index_next" not in ring and 1 / 0))
    ring_file.write_text(json.dumps(written[0]))
    with pytest.raises(proofs.WrongKeys):
        proofs.require()
    assert "0 records" in change(index=True)
    proofs.require()
    assert keyring.ring()["index"] == written[0]["index_next"]


def test_the_indexes_wait_for_imports_under_review(ring_file, nobody_else):
    party = cast.draw()
    review = staged(roster(somebody(1), somebody(1)), cell=party.yunshan, by=party.secretary)
    with pytest.raises(CommandError, match=review.ref):
        change(index=True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"keys": {"k9": "emhpYnUgdGVzdCBmaWVsZCBrZXkgb25lICgzMiBieXQ="}, "current": "k9"}, 'the ring has no key "k1"'),
        ({"keys": {"k1": "emhpYnUgdGVzdCBibGluZCBpbmRleCBrZXkgMzIgYnk="}}, 'the key "k1" of the ring is another one'),
        (
            {"index": "emhpYnUgdGVzdCBmaWVsZCBrZXkgb25lICgzMiBieXQ="},
            "the key (or suite) of the blind indexes",
        ),
    ],
)
def test_a_ring_that_is_not_the_right_one_is_refused_on_one_screen(settings, wrong, said):
    proofs.note()
    settings.ZHIBU_FIELD_KEYS = settings.ZHIBU_FIELD_KEYS | wrong
    for ask in (proofs.require, proofs.note):
        with pytest.raises(proofs.WrongKeys) as refused:
            ask()
        screen = str(refused.value)
        assert f"  1. {said}" in screen
        assert "Do not make a new key" in screen
        assert "不要另造新密钥" in screen
        assert not any(key in screen for key in wrong.get("keys", {}).values())


def test_web_worker_and_beat_end_at_once_with_a_wrong_ring_and_start_with_the_right_one(settings, capsys):
    start.refuse_wrong_keys()
    assert set(FieldKey.objects.values_list("name", flat=True)) == {"k1", proofs.INDEX}
    settings.ZHIBU_FIELD_KEYS = settings.ZHIBU_FIELD_KEYS | {"index": settings.ZHIBU_FIELD_KEYS["keys"]["k1"]}
    for begin in (worker_init.send, beat_init.send):
        with pytest.raises(SystemExit) as ended:
            begin(sender=None)
        assert ended.value.code == 3
        assert "支部未启动" in capsys.readouterr().err


def test_a_key_of_the_same_name_that_opens_nothing_here_is_not_noted(settings):
    Feedback.objects.create(text="x", reply_to="here")
    settings.ZHIBU_FIELD_KEYS = settings.ZHIBU_FIELD_KEYS | {
        "keys": {"k1": "emhpYnUgdGVzdCBibGluZCBpbmRleCBrZXkgMzIgYnk="}
    }
    with pytest.raises(proofs.WrongKeys, match=r"does not open portal_feedback\.reply_to"):
        proofs.note()
    assert not FieldKey.objects.exists()


def test_a_ring_that_is_taken_away_under_a_running_process_stays_known(ring_file, caplog):
    row = Feedback.objects.create(text="x", reply_to="here")
    ring_file.unlink()
    assert Feedback.objects.get(pk=row.pk).reply_to == "here"
    assert "cannot be read any more" in caplog.text
