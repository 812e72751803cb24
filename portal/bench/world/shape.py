"""How large the world is, and how its numbers are scattered: by multiplication, so that nothing is left to chance."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

from portal.demo.words import COMPANY_FIRST, COMPANY_SECOND, GIVEN, SURNAMES

# Every world begins and ends on these days, whenever it is made.
BEGUN = date(2016, 1, 4)
LAST_DAY = date(2026, 6, 30)
MADE_AT = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
MEMBERS_A_CELL = 20
LARGEST_BRANCH = 5_000
TOWNS = ("青澜", "墨江", "云州", "沧屿", "望川", "锦溪", "岚山", "泊水", "砚池", "梧岭")
MOST_NAMES = 30_000


@dataclass(frozen=True)
class Shape:
    """A world of ``members`` people. ``scattered`` is the same here and in the database."""

    members: int
    seed: int

    @property
    def cells(self) -> int:
        return max(12, self.members // MEMBERS_A_CELL)

    @property
    def largest_branch(self) -> int:
        return min(LARGEST_BRANCH, self.members // 10)

    def scattered(self, number: int, salt: int) -> int:
        """A number of 24 bits that follows from ``number`` and tells nothing of its neighbours."""
        mixed = (number * 2654435761 + salt * 2246822519 + self.seed * 374761393) & 0xFFFFFFFF
        return (((mixed ^ (mixed >> 15)) * 668265263) & 0xFFFFFFFF) >> 8

    def share(self, number: int, salt: int) -> float:
        """The same as a fraction of one."""
        return self.scattered(number, salt) / (1 << 24)

    def personal_names(self) -> list[str]:
        """A pool of names, each one once: two and three characters, all of them common."""
        wanted = min(MOST_NAMES, max(300, self.members // 10))
        found: dict[str, None] = {}
        number = 0
        while len(found) < wanted:
            surname = SURNAMES[self.scattered(number, 1) % len(SURNAMES)]
            given = [GIVEN[self.scattered(number, salt) % len(GIVEN)] for salt in (2, 3)]
            found[surname + (given[0] if number % 5 == 0 else "".join(given))] = None
            number += 1
        return list(found)


def company_words() -> list[str]:
    """What companies are called, each once; enough that no superior has two of one name below it."""
    return [town + first + second for first, town, second in product(COMPANY_FIRST, TOWNS, COMPANY_SECOND)]
