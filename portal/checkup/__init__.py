"""Whether the portal is well: each check is declared once, and asked by the page, the command and the probe alike."""

from portal.checkup import machine, records  # noqa: F401 -- each registers its checks, in the order they are shown
from portal.checkup.checks import ATTENTION, FAULT, FINE, Check, Finding, Result, examine, worst

__all__ = ["ATTENTION", "FAULT", "FINE", "Check", "Finding", "Result", "examine", "worst"]
