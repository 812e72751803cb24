"""Why a name was found: which of its characters are meant by what was typed, and in which reading.

Asked of the few names a page shows, not of the database: ``core.names.name_filter`` finds them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from pypinyin import Style, pinyin

from core.names import initials_of, is_personal, plain_name, runs_of, surname_of, tokens_of, ways_to_say

# The marks of the four tones, as they stand apart from their vowels.
_TONES = dict.fromkeys(map(ord, "\u0304\u0301\u030c\u0300"))


@dataclass(frozen=True)
class Match:
    """A name in pieces, those that were meant marked; and how it is said, when it was found by its sound."""

    pieces: list[tuple[str, bool]]
    reading: str = ""

    @classmethod
    def plain(cls, text: object) -> "Match":
        """``text`` with nothing marked."""
        return cls([(str(text), False)])

    @property
    def found(self) -> bool:
        return any(marked for _piece, marked in self.pieces)


def match(name: str, query: str, *, person: bool = True) -> Match:
    """How ``name`` answers ``query``: zjg marks all of 张建国 and says Zhāng Jiànguó; 建国 marks two characters.

    What names no ``person`` has its usual reading alone, and only a person's is said. A name in which not all of
    ``query`` is found is left unmarked.
    """
    plain = plain_name(name)
    if len(plain) != len(name):
        return Match.plain(name)
    tokens = tokens_of(plain)
    ways = ways_to_say(plain) if person else ways_to_say(plain)[:1]
    places, heard = _meant(runs_of(query), [token[0] for token in tokens], ways)
    meant = {sign for place in places for sign in range(*tokens[place].span())}
    stretches = groupby(range(len(name)), key=meant.__contains__)
    pieces = [("".join(name[sign] for sign in signs), marked) for marked, signs in stretches]
    said = heard and person and is_personal(plain) and not plain.isascii()
    return Match(pieces, _spelt(plain, heard) if said else "")


def _meant(
    runs: Sequence[str], words: Sequence[str], ways: Sequence[tuple[str, ...]]
) -> tuple[set[int], tuple[str, ...]]:
    """Which of the words all ``runs`` mean, and the one reading in which those in letters are heard."""
    meant: set[int] = set()
    heard: tuple[str, ...] = ()
    for run in runs:
        if run.isascii():
            said, places = _heard(run, [heard] if heard else ways)
            heard = said or heard
        else:
            places = _written(run, words)
        if not places:
            return set(), ()
        meant.update(places)
    return meant, heard


def _written(run: str, words: Sequence[str]) -> range:
    """Where the characters of ``run`` stand one after the other."""
    for start in range(len(words) - len(run) + 1):
        if "".join(words[start : start + len(run)]) == run:
            return range(start, start + len(run))
    return range(0)


def _heard(run: str, ways: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], range]:
    """The first of the readings in which ``run`` is heard, and where."""
    for said in ways:
        places = _said(run, said)
        if places:
            return said, places
    return (), range(0)


def _said(run: str, syllables: Sequence[str]) -> range:
    """Which syllables ``run`` begins to say: from one of them on, by initials, or the surname and then initials."""
    for start in range(len(syllables)):
        for whole in (0, 1, 2, len(syllables)) if start == 0 else (0, len(syllables)):
            spelt = [*syllables[start : start + whole], *initials_of(syllables[start + whole :])]
            if "".join(spelt).startswith(run):
                return range(start, start + _covered(run, spelt))
    return range(0)


def _covered(run: str, spelt: Sequence[str]) -> int:
    """How many of the parts ``run`` reaches into."""
    reached = 0
    for number, part in enumerate(spelt, start=1):
        reached += len(part)
        if reached >= len(run):
            return number
    return len(spelt)


def _spelt(plain: str, syllables: Sequence[str]) -> str:
    """A person's name in pinyin with its tones: the surname apart, parts divided by · each as one word."""
    tokens = tokens_of(plain)
    toned = [_toned(token[0], said) for token, said in zip(tokens, syllables, strict=True)]
    divided = {sign for sign in range(1, len(tokens)) if tokens[sign].start() > tokens[sign - 1].end()}
    breaks = sorted(divided or {len(surname_of(plain))} - {0, len(tokens)})
    bounds = [0, *breaks, len(tokens)]
    return " ".join(_joined(toned[start:end]).capitalize() for start, end in pairwise(bounds) if end > start)


def _toned(word: str, said: str) -> str:
    """The syllable with the tone it has in this reading; as it is, where no reading of the character is spelt so."""
    if word.isascii():
        return word
    readings = {toned: _toneless(toned) for toned in pinyin(word, style=Style.TONE, heteronym=True)[0]}
    typed = {toned: (bare.replace("v", "yu"), bare.replace("v", "u")) for toned, bare in readings.items()}
    exact = [toned for toned, bare in readings.items() if bare == said]
    return next(iter(exact or [toned for toned, forms in typed.items() if said in forms]), said)


def _toneless(toned: str) -> str:
    bare = unicodedata.normalize("NFD", toned).translate(_TONES)
    return unicodedata.normalize("NFC", bare).replace("ü", "v")


def _joined(syllables: Sequence[str]) -> str:
    """Syllables of one word; one that begins with a, e or o is set off by an apostrophe from the one before."""
    first, *rest = syllables
    return first + "".join(f"'{said}" if _toneless(said)[0] in "aeo" else said for said in rest)
