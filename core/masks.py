"""What is shown of a number that is not to be read in full: enough to tell two people apart, too little to use."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice, takewhile
from operator import itemgetter

from core.crypto import Unreadable

# How people break a long number up: with anything that is no letter or digit. What cannot be seen is gone by then.
_GAP = r"[\W_]{0,4}"
_ALONE, _ENDED = r"(?<!\d)", r"(?!\d)"
# An ID number carries a birth date in its middle, which tells it from other long codes.
_BIRTH = (
    rf"(?:1{_GAP}[89]|2{_GAP}0){_GAP}\d{_GAP}\d{_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2])"
    rf"{_GAP}(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])"
)
_ID_NUMBER = re.compile(rf"{_ALONE}((?:\d{_GAP}){{6}}(?P<birth>{_BIRTH})(?:{_GAP}\d){{3}}{_GAP}[0-9Xx]){_ENDED}")
_MOBILE = re.compile(rf"{_ALONE}(?:(?:\+|00)?{_GAP}8{_GAP}6{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}}){_ENDED}")
# What has digits of its own: a number that takes in one of these was put together from things side by side.
_DAY = re.compile(
    rf"{_ALONE}(?:19|20)\d\d(?P<by>[-/.])(?:0?[1-9]|1[0-2])(?P=by)(?:0?[1-9]|[12]\d|3[01]){_ENDED}", re.ASCII
)
_OTHERS = [
    re.compile(way, re.ASCII)
    for way in (
        r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!:?\d)",  # a time of day
        r"(?<![\d.])(?:\d{1,2}|[vV]\d+)\.\d{1,2}\.\d{1,2}(?!\.?\d)",  # a version
        r"(?<![\d.])\d{1,3}\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})(?!\.?\d)",  # an address
        r"(?<![\d.])\d{1,3}\.0\.\d{1,5}\.\d{1,3}(?!\.?\d)",  # a browser
        r"(?<![0-9A-Za-z])(?:DY|QY|ZB)-[0-9A-Z]{4,9}(?![0-9A-Za-z])",  # a code of ours
        r"(?<![0-9A-Za-z])9[1-3]\d{6}(?=\d*[A-Z])[0-9A-Z]{10}(?![0-9A-Za-z])",  # a credit code
        r"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])",
        r"(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])",  # a checksum
    )
]
_AMOUNT = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?:\.\d\d?)?(?!\d)", re.ASCII)
# As it is spoken: a number after an amount, "3,138 0000 5678", is still one.
_SPOKEN = re.compile(r"\d{3}[\W_]{1,4}\d{4}[\W_]{1,4}\d{4}")
_PRICE = re.compile(r"(?<![\d.])\d{1,9}\.\d\d(?!\.?\d)", re.ASCII)
_LANDLINE = re.compile(r"(?<!\d)0[1-9]\d{1,2}[-) ]{1,2}\d{7,8}(?!\d)", re.ASCII)
_WAYS = [_DAY, *_OTHERS, _AMOUNT, _PRICE, _LANDLINE]
# A number and nothing else, whether or not anybody could have it.
WHOLE_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
WHOLE_ID_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)
_UNSEEN = {"Cf", "Mn", "Me"}
_BETWEEN = re.compile(r"[\W_]+")
# Shorter than this, what is looked for stands in half of all texts by chance.
SHORTEST_TOLD = 5
# A mobile has as many, an ID number more.
FEWEST_DIGITS = 11


def mask_id_number(number: str) -> str:
    """``110***********002X``."""
    if isinstance(number, Unreadable):
        return number
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_mobile(mobile: str) -> str:
    """``138****8000``; a number too short to be a mobile is covered whole."""
    if isinstance(mobile, Unreadable):
        return mobile
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "*" * len(mobile)


def mask_numbers(text: str) -> str:
    """``text`` with every ID number and mobile in it masked, however it is broken up, prefixed or written.

    Amounts, days, times, landlines and codes stay as they are.
    """
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return text
    for pattern, mask in ((_ID_NUMBER, mask_id_number), (_MOBILE, mask_mobile)):
        folded, places = _folded(text)
        pieces, end = [], 0
        for found in _numbers(pattern, folded):
            first, last = places[found.start(1)], places[found.end(1) - 1]
            pieces += [text[end:first], mask(_BETWEEN.sub("", found.group(1)))]
            end = last + 1
        text = "".join([*pieces, text[end:]])
    return text


def is_whole_number(text: str) -> bool:
    """Whether ``text`` is a whole ID number or mobile, however it is spaced."""
    written = "".join(text.split())
    return bool(WHOLE_MOBILE.fullmatch(written) or WHOLE_ID_NUMBER.fullmatch(written))


def holds_number(text: str) -> bool:
    """Whether there is a whole ID number or mobile in ``text``, or ``text`` would be looked up as one."""
    return is_whole_number(text) or mask_numbers(text) != text


def tells(text: str, secret: str) -> bool:
    """Does ``text`` say what is to stay sealed, in whatever spaces and widths?"""
    sought = _BETWEEN.sub("", _folded(secret)[0]).casefold()
    return len(sought) >= SHORTEST_TOLD and sought in _BETWEEN.sub("", _folded(text)[0]).casefold()


def _numbers(pattern: re.Pattern[str], folded: str) -> Iterator[re.Match[str]]:
    """What of ``folded`` is a number of this pattern, and not other things that stand side by side."""
    at, others = 0, None
    while found := pattern.search(folded, at):
        others = others or {way: [other.span() for other in way.finditer(folded)] for way in _WAYS}
        if _put_together(found, others):
            at = found.start() + 1
        else:
            yield found
            at = found.end()


def _put_together(found: re.Match[str], others: dict[re.Pattern[str], list[tuple[int, int]]]) -> bool:
    first, last = found.span(1)
    birth = found.span("birth") if "birth" in found.re.groupindex else None

    def met(way: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        spans = others[way]
        behind = bisect_right(spans, first, key=itemgetter(1))
        return takewhile(lambda span: span[0] < last, islice(spans, behind, None))

    return (
        any(day != birth for day in met(_DAY))
        or any(any(met(way)) for way in _OTHERS)
        or (birth is None and any(met(_LANDLINE)))
        or (not _SPOKEN.fullmatch(found.group(1)) and any(met(_AMOUNT)))
        # A price that goes on behind the number is the end of a sentence and the number of the next: "...5678.20".
        or any(end <= last for _begin, end in met(_PRICE))
    )


def _folded(text: str) -> tuple[str, list[int]]:
    """Digits and signs of every kind and width in their plain form, and where in ``text`` each stood.

    What cannot be seen, or sits upon another sign, is left out.
    """
    places = [place for place, sign in enumerate(text) if unicodedata.category(sign) not in _UNSEEN]
    return "".join(_plain(text[place]) for place in places), places


def _plain(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    # A comma of full width stands between things, the narrow one also within an amount.
    plain = plain if len(plain) == 1 and plain != "," else sign
    digit = unicodedata.digit(plain, None)
    return plain if digit is None else str(digit)


def mask_address(address: str) -> str:
    """Only that there is one: how long it is would already tell something."""
    if isinstance(address, Unreadable):
        return address
    return "******" if address else ""


def mask_email(address: str) -> str:
    """``wt****@qinglan.example``: enough to know one's own by."""
    name, at, host = address.partition("@")
    return f"{name[:2] if len(name) > 2 else name[:1]}****{at}{host}" if at else ""
