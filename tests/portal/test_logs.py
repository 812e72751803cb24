"""What is written to the log of an error of the database: which, and where, but nothing of the rows it quotes."""

import logging
import traceback
from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction

from core.copying import copy_in
from core.errors import without_values
from members.models import Member
from portal.logs import JsonLines
from work import jobs
from work.choices import JobState

SECRET = "秘密备注"


def write(code, remarks):
    member = Member(name="李四四", code=code, category="full", birth_date=date(1990, 1, 2), remarks=remarks)
    member.fill_what_follows()
    copy_in([member])


@pytest.fixture(params=["too long", "taken"])
def error(request, party):
    """What writing a row by COPY raises, with the row in it."""
    code, remarks = ("DY-AAAAA1", SECRET * 200) if request.param == "too long" else (party.wang.code, SECRET)
    with pytest.raises((DataError, IntegrityError)) as caught, transaction.atomic():
        write(code, remarks)
    assert "CONTEXT:" in str(caught.value)
    return caught.value


def line(words, *args, error=None):
    told = (type(error), error, error.__traceback__) if error else None
    return JsonLines().format(logging.LogRecord("any", logging.ERROR, "", 0, words, args, told))


@pytest.mark.parametrize("said", [str, repr, lambda error: "".join(traceback.format_exception(error))])
def test_an_error_named_in_a_message_is_told_without_its_row(error, said):
    told = line("task failed: %s", said(error))
    assert "task failed: " in told
    assert not {word for word in (SECRET, "李四四", "CONTEXT", "DETAIL") if word in told}


def test_an_error_beside_a_message_is_told_by_its_kind_and_its_place(error):
    told = line("Internal Server Error", error=error)
    assert f'"error": "{type(error).__name__}"' in told
    assert "copying.py" in told
    assert not {word for word in (SECRET, "李四四", "CONTEXT", "DETAIL") if word in told}


@pytest.mark.django_db
def test_a_job_that_fails_on_a_row_logs_nothing_of_it(party, monkeypatch, caplog):
    monkeypatch.setitem(jobs._jobs, "tests.job", transaction.atomic(lambda progress: write("DY-AAAAA1", SECRET * 200)))
    job = jobs.start("tests.job", by=party.staff, title="x")
    jobs.run(job.pk)
    job.refresh_from_db()
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any('"DataError"' in one for one in lines)
    assert job.state == JobState.FAILED
    assert not [one for one in (*lines, job.error) if SECRET in one or "CONTEXT" in one]


def test_words_that_tell_of_no_database_are_left_as_they_are():
    words = "a mail could not be sent\nCONTENT: too long\nlast line"
    assert without_values(words) == words
