"""Inventing people and companies: the same seed invents the same ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cells.credit_codes import ALPHABET as CREDIT_ALPHABET
from cells.credit_codes import check_character
from members.choices import Category, Gender
from members.id_numbers import check_digit
from portal.demo.words import COMPANY_FIRST, COMPANY_SECOND, GIVEN, SURNAMES

EDUCATION = ("11", "14", "14", "21", "21", "21", "21", "31")
ETHNICITY = ("01",) * 17 + ("11", "03", "10")
POSTS = ("022", "022", "022", "021")
STREETS = ("示例路", "青屏路", "观澜街", "星槎里")


@dataclass(frozen=True)
class Born:
    """An invented person, in the words of ``members.domain.roster.Enrolment``."""

    name: str
    id_number: str
    gender: str
    ethnicity: str
    birth_date: date
    education: str
    category: str
    joined_on: date
    converted_on: date | None
    post: str
    mobile: str
    address: str


class Inventor:
    """Invents nobody twice. ``today`` bounds every date."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance = Random(seed)  # noqa: S311 -- invents people, keeps no secret
        self.today = today
        self._names = self._unused_names()
        self._companies = self._unused_companies()
        self._serial = 0

    def member(self, *, name: str = "", gender: str = "", probationary: bool = False) -> Born:
        """One more person on the rolls; a probationary one joined within the last year."""
        chance = self.chance
        self._serial += 1
        gender = gender or chance.choice(Gender.values)
        joined = self.today - timedelta(days=chance.randint(30, 340) if probationary else chance.randint(800, 7000))
        born = joined - timedelta(days=chance.randint(20 * 366, 32 * 366))
        return Born(
            name=name or self.name(),
            id_number=self._id_number(born, gender),
            gender=gender,
            ethnicity=chance.choice(ETHNICITY),
            birth_date=born,
            education=chance.choice(EDUCATION),
            category=Category.PROBATIONARY if probationary else Category.FULL,
            joined_on=joined,
            converted_on=None if probationary else joined + timedelta(days=366),
            post=chance.choice(POSTS),
            mobile=f"1{chance.choice('3578')}{chance.randint(0, 9)}0000{self._serial:04d}",
            address="" if chance.random() < 0.06 else self._address(),
        )

    def name(self) -> str:
        return next(self._names)

    def company_name(self) -> str:
        return next(self._companies)

    def mobile(self) -> str:
        """Of somebody who is no member."""
        self._serial += 1
        return f"1{self.chance.choice('3578')}{self.chance.randint(0, 9)}0000{self._serial:04d}"

    def credit_code(self) -> str:
        body = "91000000" + "".join(self.chance.choice(CREDIT_ALPHABET) for _place in range(9))
        return body + check_character(body)

    def _address(self) -> str:
        number = self.chance.randint
        return f"青澜市{self.chance.choice(STREETS)}{number(1, 900)}号{number(1, 30)}栋{number(101, 2804)}"

    def _id_number(self, born: date, gender: str) -> str:
        odd = gender == Gender.MALE
        body = f"999999{born:%Y%m%d}{self._serial // 5 % 100:02d}{self._serial % 5 * 2 + odd}"
        return body + check_digit(body)

    def _unused_names(self) -> Iterator[str]:
        seen: set[str] = set()
        while True:
            name = self.chance.choice(SURNAMES) + "".join(self.chance.sample(GIVEN, self.chance.choice((1, 2, 2))))
            if name not in seen:
                seen.add(name)
                yield name

    def _unused_companies(self) -> Iterator[str]:
        pairs = [first + second for first in COMPANY_FIRST for second in COMPANY_SECOND]
        self.chance.shuffle(pairs)
        yield from (f"青澜{pair}有限公司" for pair in pairs)
