"""Is a file what it says it is? Told by what is in it, never by its name.

A picture is decoded and drawn anew, so that nothing but its pixels is kept: no place where it was taken, nothing
hidden behind them. A PDF is kept as it came, once it is seen to do nothing by itself and to carry nothing along: it
is not parsed, so what cannot be told apart from a hiding place is refused as well.
"""

import re
import zlib
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.errors import Refusal
from core.uploading import MIB
from members.choices import EvidenceKind

MOST_BYTES = 10 * MIB
MOST_PIXELS = 50_000_000
LONGEST_EDGE = 2400
QUALITY = 85

# A PNG is held whole before it is made smaller; a JPEG is made smaller while it is read.
MOST_PNG_PIXELS = 16_000_000

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_PDF = b"%PDF-"
_HEAD = re.compile(rb"%PDF-\d\.\d[\r\n \t]")
_MARKUP = re.compile(rb"<\s*(?:script|html|svg|!doctype)", re.IGNORECASE)
_TAIL = re.compile(rb"%%EOF[\0\s]*\Z")
_WITHIN = 1024
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# A place on a page to begin with is no action. What is written with these names stands in no picture by chance.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|OpenAction(?!\s*\[)|Launch|SubmitForm|ImportData|GoTo[RE]|EmbeddedFiles?|RichMedia|Encrypt)"
    rb"(?![A-Za-z0-9])"
)
# Names so short that any scan holds them somewhere are looked for between the streams alone.
_ACTIVE_SHORT = re.compile(rb"/(?:JS|AA|AF|XFA)(?![A-Za-z0-9])")
_OBJECTS = b"/ObjStm"
_OBJECTS_HEAD = re.compile(rb"(?:\A|[\r\n])\s*\d+\s+\d+\s+obj\s*<<([^()%#]*)>>\s*$")
_ONE_FILTER = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])(?![A-Za-z0-9])")
_MOST_STREAMS = 5000
_MOST_UNPACKED = 4 * MIB
_GLANCE = 64 * 1024
_NUMBERED = 40  # room for the number of an object before the word


class Sound(NamedTuple):
    """What may be kept: of which kind, and its bytes."""

    kind: EvidenceKind
    data: bytes


def check_evidence(data: bytes) -> Sound:
    """The file as it may be kept. Refuses what is neither a picture nor a PDF, too large, or more than it seems."""
    if len(data) > MOST_BYTES:
        raise Refusal(
            _("证明材料不能超过 %(limit)d MB，请压缩后再上传，或改拍一张照片。") % {"limit": MOST_BYTES // MIB},
            field="evidence",
        )
    if data.startswith(_PICTURES):
        return Sound(EvidenceKind.JPEG, _drawn_anew(data))
    if data.startswith(_PDF):
        return Sound(EvidenceKind.PDF, _inert(data))
    raise Refusal(_("证明材料应为 JPG、PNG 图片或 PDF 文件，这个文件不是。请拍照或扫描后再上传。"), field="evidence")


def _drawn_anew(data: bytes) -> bytes:
    try:
        picture = Image.open(BytesIO(data), formats=("JPEG", "PNG"))
        most = MOST_PNG_PIXELS if picture.format == "PNG" else MOST_PIXELS
        if picture.width * picture.height > most:
            raise _too_many_pixels(most)
        if ";16" in str(picture.tile):
            raise Refusal(_("这张 PNG 图片每色 16 位，太占地方。请另存为 JPG 后再上传。"), field="evidence")
        picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(MOST_PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError, zlib.error):
        raise Refusal(_("这张图片打不开，可能没有传完整。请重新拍照或另存后再上传。"), field="evidence") from None
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright.getchannel("A"))
    drawn = BytesIO()
    clean.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _too_many_pixels(most: int) -> Refusal:
    return Refusal(_("图片太大，最多 %(limit)d 万像素。请缩小后再上传。") % {"limit": most // 10_000}, field="evidence")


def _inert(data: bytes) -> bytes:
    """The PDF, once neither its bytes nor what is packed in them ask for anything that runs or is carried along."""
    if not _HEAD.match(data) or _MARKUP.search(data[:_WITHIN]) or not _TAIL.search(data[-_WITHIN:]):
        raise Refusal(_("这份 PDF 不完整，或不只是 PDF，不能收。请拍成照片上传。"), field="evidence")
    pieces = _STREAM.split(data)
    between = [pieces[0], *(piece.partition(b"endstream")[2] for piece in pieces[1:])]
    if len(pieces) > _MOST_STREAMS or _is_active(data) or _ACTIVE_SHORT.search(_plain(b"\n".join(between))):
        raise _more_than_a_page()
    packed = 0
    for before, piece in pairwise(pieces):
        if (words := _objects_in(before, piece)) is not None:
            packed += 1
        if _is_active(words or _glance(piece)) or _ACTIVE_SHORT.search(_plain(words or b"")):
            raise _more_than_a_page()
    if packed != _plain(data).count(_OBJECTS):
        raise _more_than_a_page()
    return data


def _objects_in(before: bytes, piece: bytes) -> bytes | None:
    """What an object stream holds, None if this is none. Refuses one packed in a way that might hide something."""
    head = _OBJECTS_HEAD.search(before, max(0, before.rfind(b"obj", 0, before.rfind(b"<<") + 1) - _NUMBERED))
    if head is None or _OBJECTS not in head[1]:
        return None
    words = head[1]
    if not _ONE_FILTER.search(words) or words.count(b"/Filter") != 1 or b"/DecodeParms" in words:
        raise _more_than_a_page()
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(piece, _MOST_UNPACKED)
    except zlib.error:
        raise _more_than_a_page() from None
    if not unpacking.eof:
        raise _more_than_a_page()
    return unpacked


def _glance(piece: bytes) -> bytes:
    """The beginning of any other stream that can be unpacked: readers take objects from those as well."""
    try:
        return zlib.decompressobj().decompress(piece, _GLANCE)
    except zlib.error:
        return b""


def _is_active(words: bytes) -> bool:
    return _ACTIVE.search(words) is not None or _ACTIVE.search(_plain(words)) is not None


def _plain(words: bytes) -> bytes:
    """The names as they are meant: any letter of one may be written as a number."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), words)


def _more_than_a_page() -> Refusal:
    return Refusal(_("这份 PDF 加了密，或带有脚本、附件、表单，不能收。请拍成照片上传。"), field="evidence")
