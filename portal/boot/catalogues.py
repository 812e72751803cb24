"""Compile message catalogues: in Python, because a bare machine has no gettext."""

from pathlib import Path

import polib

from portal.boot.places import ROOT


def compile_all() -> list[Path]:
    """Compile every catalogue that changed since it was last compiled; return those that were."""
    compiled = []
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            compiled.append(target)
    return compiled
