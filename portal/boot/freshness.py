"""Whether a portal's folder has been prepared by this version already."""

import hashlib

from portal.boot.places import ROOT, Var


def fresh(var: Var) -> bool:
    stamp = var.run / "prepared"
    return not stamp.exists() or stamp.read_text() != _version()


def note_prepared(var: Var) -> None:
    (var.run / "prepared").write_text(_version())


def _version() -> str:
    """The names of all migrations: what makes a prepared database stale."""
    names = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/migrations/[0-9]*.py"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
