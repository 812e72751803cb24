import base64
import copy
import pickle
import uuid

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import Sealed, SealError, Unreadable, blind_index, open_bytes, open_sealed, prefix, seal, seal_bytes
from tests.suites import both_suites

ROW = {"table": "members_member", "column": "id_number", "uid": uuid.UUID(int=7)}


def key(text):
    return base64.b64encode(text.encode().ljust(32, b".")).decode()


def ring(**changes):
    return override_settings(
        ZHIBU_FIELD_KEYS={"current": "k1", "keys": {"k1": key("one")}, "index": key("index"), "suite": "aes"} | changes
    )


def stored(letter):
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM core_letter WHERE id = %s", [letter.pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("suite", ["aes", "sm"])
@given(text=st.text(), data=st.binary())
def test_what_was_sealed_opens_again(suite, text, data):
    with ring(suite=suite):
        assert open_sealed(seal(text, **ROW), **ROW) == text
        assert open_bytes(seal_bytes(data, **ROW), **ROW) == data


@pytest.mark.parametrize("suite", ["aes", "sm"])
@pytest.mark.parametrize("other", [{"table": "x"}, {"column": "mobile"}, {"uid": uuid.UUID(int=8)}])
def test_a_value_of_another_place_does_not_open(suite, other):
    with ring(suite=suite):
        sealed = seal("110", **ROW)
        with pytest.raises(SealError, match="another place"):
            open_sealed(sealed, **ROW | other)
        with pytest.raises(SealError, match="another place"):
            open_bytes(seal_bytes(b"110", **ROW), **ROW | other)


def test_the_stored_form_names_its_version_algorithm_and_key():
    with ring():
        assert seal("110", **ROW).split("|")[:3] == ["v1", "aes-256-gcm", "k1"]
        assert seal("110", **ROW) != seal("110", **ROW)
    with ring(suite="sm"):
        assert seal("110", **ROW).split("|")[1] == "sm4-gcm"


def test_old_keys_and_the_other_suite_still_open():
    with ring():
        sealed = seal("110", **ROW)
    with ring(current="k2", keys={"k1": key("one"), "k2": key("two")}, suite="sm"):
        assert open_sealed(sealed, **ROW) == "110"
        assert seal("110", **ROW).split("|")[2] == "k2"


def test_a_key_that_is_gone_is_named():
    with ring():
        sealed = seal("110", **ROW)
    with ring(current="k2", keys={"k2": key("two")}), pytest.raises(SealError, match="no key 'k1'"):
        open_sealed(sealed, **ROW)


@pytest.mark.parametrize("rubbish", ["", "110", "v1|a|b", "v2|aes-256-gcm|k1|AA==|AA==", "v1|rot13|k1|AA==|AA=="])
def test_what_was_never_sealed_is_said_to_be_so(rubbish):
    with pytest.raises(SealError):
        open_sealed(rubbish, **ROW)
    with pytest.raises(SealError):
        open_bytes(rubbish.encode(), **ROW)


@pytest.mark.parametrize(
    ("changes", "says"), [({"keys": {"k1": "c2hvcnQ="}}, "32 bytes"), ({"suite": "des"}, "not 'des'")]
)
def test_an_unfit_ring_is_refused(changes, says):
    with ring(**changes), pytest.raises(ImproperlyConfigured, match=says):
        seal("110", **ROW)
    with override_settings(ZHIBU_FIELD_KEYS=None), pytest.raises(ImproperlyConfigured, match="missing"):
        blind_index("110", field="id_number")


def test_equal_values_share_a_blind_index_within_their_field_and_suite():
    with ring():
        first = blind_index("110", field="id_number")
        assert first == blind_index("110", field="id_number")
        assert len({first, blind_index("110", field="mobile"), blind_index("111", field="id_number")}) == 3
    with ring(suite="sm"):
        assert blind_index("110", field="id_number") != first
    with ring(index=key("other")):
        assert blind_index("110", field="id_number") != first


@both_suites
def test_a_saved_row_is_sealed_in_the_database_and_plain_in_python(letters):
    letter = letters.objects.create(body="in confidence")
    assert stored(letter).startswith(prefix())
    assert letters.objects.get().body == "in confidence"
    letter.body = "otherwise"
    letter.save(update_fields=["body"])
    assert letters.objects.get().body == "otherwise"


@both_suites
def test_rows_made_and_changed_in_bulk_are_sealed_each_for_itself(letters):
    letters.objects.bulk_create([letters(body=f"to {n}") for n in range(3)])
    rows = list(letters.objects.order_by("pk"))
    assert [row.body for row in rows] == ["to 0", "to 1", "to 2"]
    rows[0].body, rows[1].body = rows[1].body, "changed"
    letters.objects.bulk_update(rows, ["body"])
    assert [row.body for row in letters.objects.order_by("pk")] == ["to 1", "changed", "to 2"]


def test_nothing_stays_nothing(letters):
    blank, none = letters.objects.create(body=""), letters.objects.create(body=None)
    assert (stored(blank), stored(none)) == (None, None)
    assert letters.objects.filter(body__isnull=True).count() == 2
    assert {letter.body for letter in letters.objects.all()} == {None}


def test_deferred_and_partly_loaded_rows_open_when_read(letters):
    letters.objects.create(body="in confidence")
    assert letters.objects.defer("body").get().body == "in confidence"
    assert letters.objects.only("body").get().body == "in confidence"
    assert pickle.loads(pickle.dumps(letters.objects.get())).body == "in confidence"
    assert copy.deepcopy(letters.objects.get()).body == "in confidence"


def test_a_row_that_was_not_read_is_saved_without_being_sealed_anew(letters):
    letter = letters.objects.create(body="in confidence")
    before = stored(letter)
    unread = letters.objects.get()
    unread.topic = "new"
    unread.save()
    assert stored(letter) == before


@both_suites
def test_ciphertext_moved_to_another_row_does_not_open(letters):
    one, two = letters.objects.create(body="one"), letters.objects.create(body="two")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_letter SET body = %s WHERE id = %s", [stored(one), two.pk])
    moved = letters.objects.get(pk=two.pk)
    assert moved.body == "无法解密"
    with pytest.raises(SealError):
        open_sealed(stored(two), table="core_letter", column="body", uid=two.uid)


def test_what_does_not_open_is_logged_and_kept_as_it_is_by_every_way_of_saving(letters, caplog):
    one, two = letters.objects.create(body="one"), letters.objects.create(body="two")
    foreign = stored(one)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_letter SET body = %s WHERE id = %s", [foreign, two.pk])
    moved = letters.objects.get(pk=two.pk)
    assert isinstance(moved.body, Unreadable)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert foreign not in caplog.text
    moved.body = moved.body
    moved.save()
    letters.objects.bulk_update([moved], ["body"])
    assert stored(two) == foreign


@pytest.mark.parametrize("broken", ["v1|aes-256-gcm|k1|a|b", "v1|aes-256-gcm|k1|AAAA|AAAA", "x"])
def test_a_stored_value_that_is_not_whole_takes_no_page_down(letters, broken):
    letter = letters.objects.create(body="one")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_letter SET body = %s WHERE id = %s", [broken, letter.pk])
    assert letters.objects.get().body == "无法解密"


def test_values_show_nothing_of_what_is_sealed(letters):
    letter = letters.objects.create(body="in confidence")
    [shown] = letters.objects.values_list("body", flat=True)
    assert isinstance(shown, Sealed)
    assert {str(shown), repr(shown), f"{shown}"} == {"••••"}
    assert open_sealed(shown, table="core_letter", column="body", uid=letter.uid) == "in confidence"


@pytest.mark.parametrize(
    "lookup", ["body", "body__exact", "body__in", "body__contains", "body__startswith", "body__gt"]
)
def test_looking_for_sealed_text_raises(letters, lookup):
    with pytest.raises(FieldError, match="blind index"):
        letters.objects.filter(**{lookup: "in confidence"})
    with pytest.raises(FieldError, match="blind index"):
        letters.objects.filter(body__lower__isnull=True)


def test_plain_text_cannot_be_written_past_the_row(letters):
    letters.objects.create(body="in confidence")
    with pytest.raises(TypeError, match="through its row"):
        letters.objects.update(body="plain")
