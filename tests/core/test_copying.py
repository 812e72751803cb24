from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from audit.models import Entry
from cells.models import Cell
from core import keyring
from core.codes import fresh_codes
from core.copying import copy, copy_in
from core.dated import since
from ledgers.models import Import, StagedRow, Upload
from members.models import Member, MemberFact

AWKWARD = ["张三", "a\tb", "a\nb\r\nc", "\\N", "\\.", "back\\slash", 'say "hi", {twice}', "　宽 空格", ""]


def member(name, code, **more):
    made = Member(name=name, code=code, category="full", birth_date=date(1990, 1, 2), **more)
    made.fill_what_follows()
    return made


def test_what_is_copied_in_reads_as_what_is_saved(party):
    codes = fresh_codes(Member.objects, "DY", 2 * len(AWKWARD))
    told = {
        "remarks": "x",
        "address": "示例路 1 号",
        "mobile": "13800138000",
        "is_lost": True,
        "lost_on": date(2026, 1, 1),
    }
    copied = [member("林晓", code, native_place=text, **told) for code, text in zip(codes, AWKWARD, strict=False)]
    saved = [member("林晓", code, native_place=text, **told) for code, text in zip(codes[9:], AWKWARD, strict=True)]
    with transaction.atomic():
        copy_in(copied)
        for one in saved:
            one.save()
        fresh = {"pk", "id", "uid", "code", "recorded_at", "id_number", "mobile", "address"}
        columns = [field.attname for field in Member._meta.concrete_fields if field.attname not in fresh]
        for one, other in zip(copied, saved, strict=True):
            kept, like = (Member.objects.get(pk=each.pk) for each in (one, other))
            assert [getattr(kept, column) for column in columns] == [getattr(like, column) for column in columns]
            assert (kept.mobile, kept.address, kept.uid) == ("13800138000", "示例路 1 号", one.uid)
            assert not one._state.adding
        assert Member.objects.filter(pk=copied[0].pk, mobile__isnull=False, recorded_at=F("recorded_at")).exists()
        transaction.set_rollback(True)


@pytest.mark.parametrize("words", [[], ["a b"], ['"', "\\", ",", "{}", "NULL", ""], AWKWARD])
def test_words_of_an_array_come_back_as_they_went_in(party, words):
    cell = Cell(name="云帆", code="ZB-9001", kind="branch", parent=party.association, path="zz/", name_search=words)
    with transaction.atomic():
        copy_in([cell])
        assert Cell.objects.get(pk=cell.pk).name_search == words
        transaction.set_rollback(True)


def test_what_is_packed_and_dated_is_packed_and_dated(party):
    entry = Entry(action="x", thing_type_id=1, thing_id=1, facts={"列": ["\\", "\t", None, 1.5, True]})
    copy_in([entry])
    assert Entry.objects.get(pk=entry.pk).facts == entry.facts
    spans = [since(date(2026, 1, 1)), since(date(2025, 1, 1), date(2025, 2, 1))]
    with transaction.atomic():
        for span in spans:
            fact = MemberFact(member=party.wang, category="full", standing="normal", valid=span)
            MemberFact.objects.filter(member=party.wang).void(by=party.staff)
            copy_in([fact])
            assert MemberFact.objects.get(pk=fact.pk).valid == span
        transaction.set_rollback(True)


def test_the_keys_follow_the_order_of_the_rows_and_the_sequence_goes_on_behind_them(party):
    entries = [Entry(action=str(number), thing_type_id=1, thing_id=1) for number in range(250)]
    copy_in(entries)
    assert [entry.pk for entry in entries] == sorted(entry.pk for entry in entries)
    assert list(
        Entry.objects.filter(pk__in=[e.pk for e in entries]).order_by("pk").values_list("action", flat=True)
    ) == [str(number) for number in range(250)]
    after = Entry(action="after", thing_type_id=1, thing_id=1)
    after.save()
    assert after.pk > entries[-1].pk


def test_a_constraint_refuses_a_copied_row_by_the_error_django_knows(party):
    twin = member("林晓", party.wang.code)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in([twin])
    assert Member.objects.filter(code=party.wang.code).count() == 1


def test_nothing_to_copy_asks_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        copy_in([])


def test_however_many_rows_it_takes_two_statements(party, django_assert_num_queries):
    for count in (1, 250):
        with django_assert_num_queries(2):
            copy_in([Entry(action="x", thing_type_id=1, thing_id=1) for _each in range(count)])


def test_a_column_sealed_for_its_row_opens_there_and_its_key_is_asked_for_once(party, monkeypatch):
    the_import = Import.objects.create(
        year=2026, number=9, cell=party.association, as_of=date(2026, 6, 30), expires_at=timezone.now()
    )
    upload = Upload(the_import=the_import, kind="members", file_name="x", size=1, sha256="", header_row=1, content=b"")
    upload.save()
    rows = [StagedRow(upload=upload, number=number, cells=f"{{{number}}}", outcome="new") for number in range(3)]
    asked = []
    monkeypatch.setattr(keyring, "where", lambda: asked.append("once"))
    copy_in(rows)
    assert asked == ["once"]
    assert [row.cells for row in StagedRow.objects.filter(upload=upload)] == ["{0}", "{1}", "{2}"]


def test_what_is_no_value_is_refused(party):
    with pytest.raises(TypeError, match="F is none"), transaction.atomic():
        copy_in([Entry(action=F("job"), thing_type_id=1, thing_id=1)])


def test_rows_of_values_go_where_they_are_told(party):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE sheet (a text, b text[], c boolean, d date) ON COMMIT DROP")
        copy("sheet", "a b c d", [["x\\y", ["1", "2"], True, date(2026, 1, 2)], [None, [], False, None]])
        cursor.execute("SELECT * FROM sheet")
        assert cursor.fetchall() == [("x\\y", ["1", "2"], True, date(2026, 1, 2)), (None, [], False, None)]
