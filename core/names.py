"""Names of people and organisations: one spelling, their pinyin, and the terms by which they are found.

Models that can be searched have ``name_pinyin`` (to sort by) and ``name_search`` (an array with a GIN index), filled
from ``readings``; ``name_filter`` asks them. Whole terms are compared, since trigrams do nothing for two characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin, load_single_dict, pinyin

from core.errors import Refusal
from core.surnames import COMPOUND_SURNAMES, SURNAMES

HAN = r"〇㐀-䶿一-鿿豈-﫿\U00020000-\U000323af"
SEPARATORS = r"·•‧・･．.․∙⋅᛫ㆍ﹒。｡"
NAME_LIMIT = 50
# What stands where a file's encoding was misread.
UNREADABLE = "\ufffd"
PINYIN_LIMIT = 400

# Before a term that says the whole name. Nobody can type it: what is asked is letters, digits and characters alone.
WHOLE = "="

# A longer name without a separator is an organisation's: it has one reading and is found from any of its words,
# each to this many letters. A term cut there ends in "+".
LONGEST_PERSON = 6
CUT = 12
QUERY_LIMIT = 60

# In surnames and in names of Turkic peoples 卜 is bu; the library thinks of radishes first.
load_single_dict({ord("卜"): "bǔ,bo"})

_between_han = re.compile(rf"(?<=[{HAN}])\s*[{SEPARATORS}]\s*(?=[{HAN}])")
_padding = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])")
_private = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Characters the library cannot read stay apart instead of joining into one syllable.
_EACH: Any = list
_runs = re.compile(rf"[{HAN}]+|[a-z0-9]+")
_tokens = re.compile(rf"[{HAN}]|[a-z0-9]+")


class Name(NamedTuple):
    """A name in its one spelling; ``normalised`` when it came in another, ``warnings`` to show beside it."""

    text: str
    normalised: bool
    warnings: list[str]


@dataclass(frozen=True)
class Readings:
    """How a name is said: ``zhang jian guo``, ``zjg``, and every term under which it is found."""

    pinyin: str
    initials: str
    search: list[str]


def normalise_name(text: str) -> str:
    """Without padding, invisible characters and look-alike separators: ``张　伟`` is 张伟, ``李•雷`` is 李·雷.

    NFC only: NFKC would swap rare characters of personal names for others.
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isalpha() and not _between_han.search(composed):
        return composed
    visible = "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")
    spaced = re.sub(r"[\s\x00-\x1f\x7f]+", " ", visible).strip()
    return _padding.sub("", _between_han.sub("·", spaced))


def check_name(text: str, *, field: str = "name", limit: int = NAME_LIMIT) -> Name:
    """``text`` in its one spelling. Warns of private characters.

    Refuses no name, one that was misread and one longer than ``limit``.
    """
    name = normalise_name(text)
    if not name:
        raise Refusal(_("请填写姓名。"), field=field)
    if UNREADABLE in name:
        raise Refusal(_("“%(sign)s”表示这里的字没有读出来，请改成正确的字。") % {"sign": UNREADABLE}, field=field)
    if len(name) > limit:
        raise Refusal(
            _("姓名最多 %(limit)d 个字，现在是 %(length)d 个字。") % {"limit": limit, "length": len(name)}, field=field
        )
    warnings = [
        _("“%(sign)s”是本机自造的字，在别的电脑上可能显示不出来，请换成国家标准字库中的字。") % {"sign": sign}
        for sign in dict.fromkeys(_private.findall(name))
    ]
    return Name(name, normalised=name != text, warnings=warnings)


def readings(name: str) -> Readings:
    """The pinyin of ``name``, its surname read as surnames are, and its search terms in every reading."""
    plain = plain_name(name)
    han = "".join(re.findall(rf"[{HAN}]", plain))
    spoken = ways_to_say(plain)
    terms_of = _personal_terms if is_personal(plain) else _organisation_terms
    terms = {term for syllables in spoken for term in terms_of(syllables)}
    terms |= {han[start : start + size] for size in (1, 2) for start in range(len(han) - size + 1)}
    terms |= {f"{WHOLE}{word}"[:PINYIN_LIMIT] for word in _whole(plain, spoken) if word}
    said = spoken[0]
    return Readings(
        pinyin=" ".join(said)[:PINYIN_LIMIT],
        initials=initials_of(said),
        search=sorted(terms),
    )


def plain_name(name: str) -> str:
    """``name`` as it is compared: full-width letters and capitals as plain ones."""
    return unicodedata.normalize("NFKC", name).lower()


def tokens_of(plain: str) -> list[re.Match[str]]:
    """What of a plain name is said in one syllable, with its place: each Han character, each run of letters."""
    return list(_tokens.finditer(plain))


def is_personal(plain: str) -> bool:
    """Whether a plain name is read as a person's: in every reading, its surname first."""
    return len(re.findall(rf"[{HAN}]", plain)) <= LONGEST_PERSON or "·" in plain


@lru_cache(maxsize=1024)
def ways_to_say(plain: str) -> tuple[tuple[str, ...], ...]:
    """Every reading of a plain name, the usual one first: one syllable for each of its tokens.

    Kept for a while: the names of pages are asked for at every letter somebody types.
    """
    return tuple(_personal(plain)) if is_personal(plain) else (tuple(_syllables(plain)),)


def surname_of(plain: str) -> str:
    """The first character of a plain name, or the two of a compound surname; nothing of a name in letters."""
    return plain[:2] if plain[:2] in COMPOUND_SURNAMES else "".join(re.findall(rf"^[{HAN}]", plain))


def initials_of(syllables: Iterable[str]) -> str:
    return "".join(syllable[0] for syllable in syllables)


def name_filter(query: str, prefix: str = "") -> Q:
    """What ``query`` finds: 建国, 国, zjg, zhangj, zhang jianguo, 张jg. Nothing typed filters nothing.

    ``prefix`` leads to the named thing, e.g. ``member__``.
    """
    if not query[:QUERY_LIMIT].strip():
        return Q()
    runs = runs_of(query)
    if not runs:
        return Q(**{f"{prefix}pk__in": []})
    wanted: list[str] = []
    asked = Q()
    for run in runs:
        if not run.isascii():
            wanted += [run] if len(run) == 1 else [run[start : start + 2] for start in range(len(run) - 1)]
        elif len(run) <= CUT:
            wanted.append(run)
        else:
            asked &= Q(**{f"{prefix}name_search__overlap": [run, f"{run[:CUT]}+"]})
    if wanted:
        asked &= Q(**{f"{prefix}name_search__contains": list(dict.fromkeys(wanted))})
    return asked


def whole_name_filter(query: str, prefix: str = "") -> Q:
    """What ``query`` says in full: 张建国, zjg, zhang jianguo, and neither 张建国庆 nor xzjg."""
    return Q(**{f"{prefix}name_search__contains": [f"{WHOLE}{''.join(runs_of(query))}"[:PINYIN_LIMIT]]})


def runs_of(query: str) -> list[str]:
    """The runs of Han characters and those of letters and digits in what somebody typed."""
    plain = unicodedata.normalize("NFKC", query[:QUERY_LIMIT]).lower().replace("ü", "v")
    # People put spaces and apostrophes where they like: the letters of one word belong together.
    return _runs.findall(re.sub(rf"(?<=[a-z])['’\s]+(?=[a-z])|[{SEPARATORS}]", "", plain))


def _whole(plain: str, spoken: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The whole name as it is written, and in each reading in full and by its initials."""
    yield "".join(_runs.findall(plain))
    for said in spoken:
        yield "".join(said)
        yield initials_of(said)


def _personal(name: str) -> Iterator[tuple[str, ...]]:
    """Every reading of a person's name, the right one first."""
    surname = surname_of(name)
    special = COMPOUND_SURNAMES.get(surname) or SURNAMES.get(surname) or ()
    surnames = [tuple(said.split()) for said in special]
    surnames += [said for said in _all(surname) if said not in surnames]
    for family in surnames:
        for given in _all(name[len(surname) :]):
            yield (*family, *given)


def _all(text: str) -> list[tuple[str, ...]]:
    """The usual reading of ``text``, then those in which characters are read otherwise.

    Of up to two characters every combination; of more, one character at a time, so that the list stays short.
    """
    usual = _syllables(text)
    if not usual:
        return [()]
    tokens = [token[0] for token in tokens_of(text)]
    others = [_others(token) if len(token) == 1 else [] for token in tokens]
    choices = [list(dict.fromkeys([said, *also]))[:4] for said, also in zip(usual, others, strict=True)]
    if len(choices) <= 2:
        return list(product(*choices))
    varied = [(*usual[:place], said, *usual[place + 1 :]) for place, also in enumerate(choices) for said in also[1:]]
    return [tuple(usual), *varied]


def _syllables(text: str) -> list[str]:
    """One syllable for each token, phrases read as phrases are (长江 chang jiang)."""
    said: list[str] = []
    for run in _runs.findall(text):
        said += [run] if run.isascii() else lazy_pinyin(run, errors=_EACH)
    return said


def _others(sign: str) -> list[str]:
    """All readings of one character; lü is typed lv, lyu or lu."""
    if sign.isascii():
        return []
    said = pinyin(sign, style=Style.NORMAL, heteronym=True, errors=_EACH)[0]
    return [
        form
        for one in said
        for form in ((one, one.replace("v", "yu"), one.replace("v", "u")) if "v" in one else (one,))
    ]


def _personal_terms(syllables: tuple[str, ...]) -> Iterator[str]:
    initials = initials_of(syllables)
    for start in range(len(syllables)):
        yield from _beginnings("".join(syllables[start:]))
        yield from _beginnings(initials[start:])
    for surname in (1, 2):
        yield from _beginnings("".join(syllables[:surname]) + initials[surname:])


def _organisation_terms(syllables: tuple[str, ...]) -> Iterator[str]:
    initials = initials_of(syllables)
    for start in range(len(syllables)):
        for word in ("".join(syllables[start : start + CUT + 1]), initials[start:]):
            yield from _beginnings(word[:CUT])
            if len(word) > CUT:
                yield f"{word[:CUT]}+"


@lru_cache(maxsize=8192)
def _beginnings(word: str) -> tuple[str, ...]:
    """Kept for a while: names are made of few syllables."""
    return tuple(word[:length] for length in range(1, len(word) + 1))
