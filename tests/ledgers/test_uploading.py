"""Files as they come in: bounded while they arrive, in memory alone, from nobody who has not signed in."""

from io import BytesIO

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import LimitedStream
from django.test import Client, RequestFactory

from core import uploading
from core.uploading import files_of
from ledgers import parser
from tests.ledgers.conftest import roster, somebody


class Counted(BytesIO):
    """A body; ``taken`` says how much of it was read."""

    @property
    def taken(self):
        return self.tell()


def arriving(user, *sizes):
    """A request with files of these sizes, and its body."""
    files = [SimpleUploadedFile(f"{at}.xlsx", b"x" * size) for at, size in enumerate(sizes)]
    request = RequestFactory().post("/imports/new/", {"cell": "ZB-0001", "files": files})
    body = Counted(request.META["wsgi.input"].read())
    request._stream, request.user = LimitedStream(body, len(body.getvalue())), user
    return request, body


def test_files_stay_in_memory_and_off_the_disk(party):
    request, _body = arriving(party.staff, 3 * parser.MIB)
    found = files_of(request)["files"]
    assert found.size == 3 * parser.MIB
    assert not hasattr(found, "temporary_file_path")
    assert settings.FILE_UPLOAD_HANDLERS == ["core.uploading.BoundedUploadHandler"]


def test_a_file_above_the_limit_is_not_kept_and_is_named(party, monkeypatch):
    monkeypatch.setattr(uploading, "MOST_OF_FILE", 100_000)
    request, _body = arriving(party.staff, 300_000)
    found = files_of(request)["files"]
    assert (found.name, found.size, found.read()) == ("0.xlsx", 100_001, b"")


def test_a_request_above_the_limit_is_not_waited_for(party, monkeypatch):
    monkeypatch.setattr(uploading, "MOST_OF_REQUEST", 200_000)
    request, body = arriving(party.staff, 900_000, 900_000)
    assert files_of(request)["files"].size > parser.MOST_BYTES
    assert body.taken < 400_000


def test_nothing_is_taken_from_somebody_unknown():
    request, body = arriving(AnonymousUser(), 900_000)
    assert not files_of(request)
    assert body.taken < 400_000


def test_a_stranger_is_sent_away_before_a_file_is_read(db):
    file = SimpleUploadedFile("名册.xlsx", b"x" * 1000)
    assert Client(enforce_csrf_checks=True).post("/imports/new/", {"files": file}).status_code == 403


@pytest.mark.django_db
def test_the_page_says_the_known_sentence(client, party, monkeypatch):
    client.force_login(party.secretary)
    file = SimpleUploadedFile("大.xlsx", b"x" * (parser.MOST_BYTES + 1))
    answers = {"cell": party.yunshan.code, "as_of": "2026-11-20", "files": file}
    answer = client.post("/imports/new/", answers)
    assert answer.status_code == 422
    assert "大.xlsx 超过 20 MB" in answer.content.decode()
    small = roster(somebody(1))
    answers["files"] = SimpleUploadedFile(small.name, small.data)
    assert client.post("/imports/new/", answers).status_code == 302
