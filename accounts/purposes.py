"""What people are told about their data and what they are asked to agree to: every version of every text, for good.

The texts are data in both languages (``purposes.toml``) rather than entries of the catalogue: what somebody agreed to
must be shown later as they read it. One that was read is never changed; a new version is put behind it, and everybody
is asked again.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import get_language

from accounts.choices import Basis

# Told to everybody; agreed to, or not, one by one.
NOTICE, MAIL, CALL = "notice", "mail", "call"


@dataclass(frozen=True)
class Words:
    """A text in one language: its title, and its points as (what it is about, what is said)."""

    title: str
    points: list[tuple[str, str]]


@dataclass(frozen=True)
class Purpose:
    """One version of one text. Only what rests on consent can be withdrawn (PIPL Art 13–15)."""

    key: str
    version: int
    since: date
    basis: str
    words: Mapping[str, Words]

    @property
    def asks_consent(self) -> bool:
        return self.basis == Basis.CONSENT

    @property
    def text(self) -> Words:
        """In the reader's language."""
        return self.words["en" if (get_language() or "").startswith("en") else "zh-hans"]


def _read() -> list[Purpose]:
    told = tomllib.loads((Path(__file__).parent / "purposes.toml").read_text(encoding="utf-8"))["text"]
    return [
        Purpose(**each | {"words": {language: Words(**words) for language, words in each["words"].items()}})
        for each in told
    ]


VERSIONS = _read()
CURRENT = {purpose.key: purpose for purpose in sorted(VERSIONS, key=lambda each: each.version)}
