"""What is shown of a number that is not to be read in full: enough to tell two people apart, too little to use."""

import re
import unicodedata

from core.crypto import Unreadable

# How people break a long number up: spaces of every width, hyphens and dashes, signs that cannot be seen.
_GAP = r"[\s\-\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff]{0,3}"
_ALONE, _ENDED = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
# An ID number carries a birth date in its middle, which tells it from other long codes.
_BIRTH = (
    rf"(?:1{_GAP}[89]|2{_GAP}0){_GAP}\d{_GAP}\d{_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2])"
    rf"{_GAP}(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])"
)
_ID_NUMBER = re.compile(rf"{_ALONE}(?:\d{_GAP}){{6}}{_BIRTH}(?:{_GAP}\d){{3}}{_GAP}[0-9Xx]{_ENDED}")
_MOBILE = re.compile(rf"{_ALONE}(?:(?:\+|00)?{_GAP}8{_GAP}6{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}}){_ENDED}")
_BETWEEN = re.compile(r"[\W_]+")
# Shorter than this, what is looked for stands in half of all texts by chance.
SHORTEST_TOLD = 5


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
    """``text`` with every ID number and mobile in it masked, however it is broken up, prefixed or widened."""
    for pattern, group, mask in ((_ID_NUMBER, 0, mask_id_number), (_MOBILE, 1, mask_mobile)):
        folded, pieces, end = _folded(text), [], 0
        for found in pattern.finditer(folded):
            pieces += [text[end : found.start(group)], mask(_BETWEEN.sub("", found.group(group)))]
            end = found.end(group)
        text = "".join([*pieces, text[end:]])
    return text


def tells(text: str, secret: str) -> bool:
    """Does ``text`` say what is to stay sealed, in whatever spaces and widths?"""
    sought = _BETWEEN.sub("", _folded(secret)).casefold()
    return len(sought) >= SHORTEST_TOLD and sought in _BETWEEN.sub("", _folded(text)).casefold()


def _folded(text: str) -> str:
    """Sign for sign as long as ``text``: digits, letters and plus of every width in their plain form."""
    return "".join(plain if len(plain := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)


def mask_address(address: str) -> str:
    """Only that there is one: how long it is would already tell something."""
    if isinstance(address, Unreadable):
        return address
    return "******" if address else ""
