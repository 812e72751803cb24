"""Which version this is, for those who run it; nobody else is told."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def number() -> str:
    """The version the changelog is at."""
    text = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## (\S+?),?\s", text, re.MULTILINE)
    return found.group(1) if found else "?"


@cache
def commit() -> str:
    """The first letters of the commit that was checked out; nothing where this is no checkout."""
    git: Path = settings.BASE_DIR / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head[:10]
        name = head.removeprefix("ref: ")
        if (git / name).exists():
            return (git / name).read_text(encoding="utf-8")[:10]
        packed = (git / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line[:10] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""
