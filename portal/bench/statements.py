"""The bare SQL beside this package, by name: floors and worlds are read by people who know SQL."""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """``statement("world/people")`` is what stands in ``world/sql/people.sql``."""
    folder, _, file = name.rpartition("/")
    return (HERE / folder / "sql" / f"{file}.sql").read_text(encoding="utf-8")
