"""Public codes: what people read out over the telephone instead of a database key."""

import re
import secrets
from typing import Any

# Nothing that is mistaken for something else: no 0 O, 1 I L, U V.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_SERIAL = re.compile(r"([A-Z]{2})-?(\d{4,9})")
_RANDOM = re.compile(rf"([A-Z]{{2}})-?([{ALPHABET}]{{6}})")


def random_code(prefix: str) -> str:
    """``DY-7K3M9Q``: for people, whose codes must not tell how many there are or who came first."""
    drawn, signs = secrets.randbelow(len(ALPHABET) ** 6), ""
    for _place in range(6):
        drawn, sign = divmod(drawn, len(ALPHABET))
        signs += ALPHABET[sign]
    return f"{prefix}-{signs}"


def fresh_codes(among: Any, prefix: str, count: int) -> list[str]:
    """``count`` different random codes that no row of the queryset ``among`` carries yet."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {random_code(prefix) for _ in range(count - len(found))}
        found |= drawn - set(among.filter(code__in=drawn).values_list("code", flat=True))
    return list(found)


def serial_code(prefix: str, number: int) -> str:
    """``ZB-0231``: for organisations and companies."""
    return f"{prefix}-{number:04}"


def read_code(text: str) -> str | None:
    """The code somebody typed, in its one spelling: ``zb231 `` is no code, ``zb0231`` and ``dy 7k3m9q`` are."""
    written = re.sub(r"\s", "", text).upper()
    match = _SERIAL.fullmatch(written) or _RANDOM.fullmatch(written)
    return f"{match[1]}-{match[2]}" if match else None
