"""Whether a portal's folder has been prepared by this version already: a second start need not ask Django."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from portal.boot.places import ROOT, Var

# What becomes tables, static files and catalogues.
SOURCES = ("*/migrations/[0-9]*.py", "static/**/*", "locale/*/LC_MESSAGES/*.po", "requirements.txt", "node_modules/.*")


def fresh(var: Var) -> bool:
    stamp = _stamp(var)
    return not stamp.exists() or stamp.read_text() != _version()


def note_prepared(var: Var) -> None:
    _stamp(var).write_text(_version())


def forget(var: Var) -> None:
    """The next start prepares anew, for instance after a restored database of another version."""
    _stamp(var).unlink(missing_ok=True)


def _stamp(var: Var) -> Path:
    return var.run / "prepared"


def _version() -> str:
    given = [os.environ.get(name, "") for name in ("ZHIBU_ENV", "ZHIBU_DEMO", "DATABASE_URL")]
    return hashlib.sha256("\n".join([*given, *_seen()]).encode()).hexdigest()


def _seen() -> Iterator[str]:
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found = path.stat()
            yield f"{path.relative_to(ROOT)} {found.st_size} {found.st_mtime_ns}"
