"""What people send as evidence: told by what is in it, kept without what they did not mean to send."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from PIL import Image

from audit.models import Entry
from core.errors import Refusal
from members import seen
from members.checks.evidence import LONGEST_EDGE, MOST_BYTES, check_evidence
from members.choices import EVIDENCE_DAYS, EvidenceKind
from members.domain import evidence, requests
from members.models import ChangeRequest, Evidence
from tests.cast import TODAY
from tests.members.paper import GPS, pdf, photo


def opened(data):
    return Image.open(BytesIO(data))


def bomb(width, height, *, bits=8, colours=2):
    """A PNG that says it is that large, and holds next to nothing."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


FLATE = b"/Type /ObjStm /Filter /FlateDecode"


def packed(words, head=FLATE, pack=zlib.compress):
    """A PDF that says something in an object stream, where no reader of bytes sees it."""
    return pdf() + b"2 0 obj << " + head + b" >>\nstream\n" + pack(words) + b"\nendstream endobj\n%%EOF"


def hexed(words):
    return zlib.compress(words).hex().encode() + b">"


def hexed_inside(words):
    return zlib.compress(words.hex().encode() + b">")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_kept_as_a_picture_of_ours(kind):
    sound = check_evidence(photo(kind=kind))
    assert sound.kind == EvidenceKind.JPEG
    assert (opened(sound.data).format, opened(sound.data).size) == ("JPEG", (60, 40))


def test_where_a_picture_was_taken_is_not_kept():
    taken = photo(where="N31")
    assert opened(taken).getexif().get_ifd(GPS)
    assert not opened(check_evidence(taken).data).getexif()


def test_a_picture_taken_sideways_stands_upright():
    assert opened(check_evidence(photo(turned=6)).data).size == (40, 60)


def test_what_can_be_seen_through_is_white():
    seen = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(seen, "PNG")
    assert opened(check_evidence(seen.getvalue()).data).getpixel((1, 1)) == (255, 255, 255)


def test_what_hides_behind_the_pixels_is_gone():
    hidden = b"<script>alert(1)</script>"
    assert hidden not in check_evidence(photo() + hidden).data


def test_a_large_photo_is_made_smaller():
    assert max(opened(check_evidence(photo(3000, 2000)).data).size) == LONGEST_EDGE


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (4001, 4001), (10_000, 10_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(width, height):
    with pytest.raises(Refusal, match="万像素"):
        check_evidence(bomb(width, height))


@pytest.mark.parametrize("colours", [0, 2, 4, 6])
def test_a_picture_with_sixteen_bits_to_a_colour_is_refused_before_it_is_drawn(colours):
    with pytest.raises(Refusal, match="16 位"):
        check_evidence(bomb(40, 40, bits=16, colours=colours))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script></html>",
        b"GIF89a\x01\x00\x01\x00",
        b"PK\x03\x04 a workbook",
        b"  %PDF-1.4 not at the beginning",
        rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    ],
)
def test_what_is_neither_picture_nor_pdf_is_refused(data):
    with pytest.raises(Refusal, match="应为 JPG、PNG 图片或 PDF") as caught:
        check_evidence(data)
    assert caught.value.field == "evidence"


@pytest.mark.parametrize("data", [photo()[:200], b"\xff\xd8\xff<html>", b"\x89PNG\r\n\x1a\n", bomb(40, 40)])
def test_a_picture_that_does_not_open_is_refused(data):
    with pytest.raises(Refusal, match="打不开"):
        check_evidence(data)


def test_a_pdf_is_kept_as_it_came():
    assert check_evidence(pdf()) == (EvidenceKind.PDF, pdf())


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"),
        pdf(b"/Names << /EmbeddedFiles 2 0 R >>"),
        pdf(b"/AA << /O << /S /Launch >> >>"),
        pdf(b"/Encrypt 3 0 R"),
        pdf(b"/OpenAction << /S /Java#53cript >>"),
        packed(b"<< /S /JavaScript >>"),
        pdf(b"%stream\n/OpenAction << /S /JavaScript >>\n%endstream\n"),
        packed(b"<< /S /JavaScript >>", FLATE.replace(b"Stm", b"#53tm")),
        packed(b"<< /S /JavaScript >>", FLATE + b" " * 500),
        packed(b"<< /S /JavaScript >>", FLATE.replace(b"/Type", b"% stream\n/Type")),
        packed(b"<< /S /Java#53cript >>", b"/Type /XObject /Filter /FlateDecode /First 4"),
        packed(b"<< /S /JavaScript >>", b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", hexed),
        packed(b"<< /S /JavaScript >>", b"/Type /ObjStm /Filter [/FlateDecode /ASCIIHexDecode]", hexed_inside),
        packed(b"<< /S /JavaScript >>", b"/Type /ObjStm", bytes),
        packed(b"1 0 << /Kids [] >>", b"/Type /ObjStm", bytes),
        packed(hexed(b"/JavaScript"), b"/Filter [/FlateDecode /AHx] %1 0 obj << \n" + FLATE),
        packed(b" " * 5 * 2**20 + b"<< /S /JavaScript >>"),
        pdf(b"/A << /S /SubmitForm >>"),
        pdf(b"/A << /S /ImportData >>"),
        pdf(b"/A << /S /GoToR /F (x.pdf) >>"),
        pdf(b"/AF [3 0 R]"),
        pdf(b"/AcroForm << /XFA 3 0 R >>"),
    ],
)
def test_a_pdf_that_does_or_carries_something_is_refused(data):
    with pytest.raises(Refusal, match="脚本、附件"):
        check_evidence(data)


def test_what_only_looks_like_a_script_inside_a_scan_is_none():
    scan = pdf() + b"2 0 obj << /Subtype /Image >>\nstream\n/JS /AA\nendstream endobj\n%%EOF\0\r\n"
    assert check_evidence(scan).data == scan


@pytest.mark.parametrize(
    "data", [packed(b"1 0 << /Kids [] >>"), pdf(b"/OpenAction [1 0 R /XYZ null null 0] /EncryptMetadata false")]
)
def test_a_pdf_as_office_programs_write_it_is_kept(data):
    assert check_evidence(data).data == data


@pytest.mark.parametrize(
    "data", [b"%PDF-<script>alert(1)</script>%%EOF", b"%PDF-1.4\n<HTML>%%EOF", pdf()[:-7], pdf() + b"MZ", b"%PDF-"]
)
def test_what_only_begins_as_a_pdf_is_refused(data):
    with pytest.raises(Refusal, match="请拍成照片"):
        check_evidence(data)


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at():
    with pytest.raises(Refusal, match="不能超过 10 MB"):
        check_evidence(b"\xff\xd8\xff" + b"\0" * MOST_BYTES)


@pytest.fixture
def request_of_wang(party):
    return requests.ask(party.wang, item="education", new="14", evidence=photo(), by=party.plain_member, on=TODAY)


def test_evidence_is_sealed_where_it_is_kept(request_of_wang):
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM members_evidence")
        kept = bytes(cursor.fetchone()[0])
    assert kept.startswith(b"v1|")
    assert b"\xff\xd8\xff" not in kept
    assert opened(request_of_wang.evidence.data()).format == "JPEG"


def test_those_concerned_open_it_and_it_is_written_down(party, request_of_wang):
    for who in (party.plain_member, party.secretary):
        evidence.open_evidence(request_of_wang, by=who, on=TODAY)
    entries = Entry.objects.about(party.wang).filter(action="members.evidence_opened")
    assert {entry.actor for entry in entries} == {party.plain_member, party.secretary}
    assert len(seen.viewers(party.wang)) == 1


@pytest.mark.parametrize("who", ["publicist", "auditor", "other_secretary", "leader", "stranger"])
def test_nobody_else_opens_it(party, request_of_wang, who):
    with pytest.raises(PermissionDenied):
        evidence.open_evidence(request_of_wang, by=getattr(party, who), on=TODAY)


def test_evidence_goes_when_it_has_served_and_what_was_decided_stays(party, request_of_wang):
    now = timezone.now()
    assert evidence.clear_expired(now=now + timedelta(days=400)) == 0  # nobody has decided yet
    requests.refuse(request_of_wang, reason="看不清楚", by=party.secretary, on=TODAY)
    assert evidence.clear_expired(now=now + timedelta(days=EVIDENCE_DAYS - 1)) == 0
    assert evidence.clear_expired(now=now + timedelta(days=EVIDENCE_DAYS + 1)) == 1
    assert not Evidence.objects.exists()
    assert ChangeRequest.objects.get().reason == "看不清楚"
    assert Entry.objects.about(party.wang).filter(action="members.evidence_cleared").exists()
