"""The columns of the three ledgers: what each is called, how else people write it, what it feeds."""

from ledgers.columns.companies import COMPANIES
from ledgers.columns.kinds import OURS, SERIAL, Column, Ledger, plain
from ledgers.columns.members import MEMBERS
from ledgers.columns.organisations import ORGANISATIONS

__all__ = ["COMPANIES", "LEDGERS", "MEMBERS", "ORGANISATIONS", "OURS", "SERIAL", "Column", "Ledger", "plain"]

LEDGERS: dict[str, Ledger] = {ledger.kind: ledger for ledger in (ORGANISATIONS, COMPANIES, MEMBERS)}
