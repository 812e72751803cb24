"""Who runs the engines, and where their files lie: PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from portal.boot.places import Var
from portal.boot.words import say

NAME = "zhibu"
SYSTEM_HOME = Path("/var/lib/zhibu")


class Tenant:
    """The account the engines run under: our own, or, when we are root, one without rights."""

    def __init__(self, var: Var):
        self.user = _without_rights() if os.geteuid() == 0 else None
        self.home = self._home(var)

    @property
    def options(self) -> dict:
        """What ``subprocess`` needs to run something as the tenant."""
        if not self.user:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def folder(self, name: str) -> Path:
        """A folder of the tenant's own."""
        path = self.home / name
        path.mkdir(mode=0o700, exist_ok=True)
        self.own(path)
        return path

    def reaches(self, path: Path) -> bool:
        return not self.user or subprocess.run(["test", "-x", path], check=False, **self.options).returncode == 0

    def within_reach(self, program: Path, root: Path) -> Path:
        """``program``, or its copy, when it is installed where the tenant may not go.

        ``root`` is copied as a whole: what is in it finds its libraries relative to itself.
        """
        if self.reaches(program):
            return program
        SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        mark = hashlib.sha256(f"{root} {program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
        copy = SYSTEM_HOME / f"engine-{mark}"
        if not copy.exists():
            draft = SYSTEM_HOME / f".engine-{mark}.{os.getpid()}"
            for part in _parts(root):
                shutil.copytree(part, draft / part.name, symlinks=True)
            draft.chmod(0o755)
            draft.rename(copy)
        return copy / program.relative_to(root.parent)

    def _home(self, var: Var) -> Path:
        home = var.services
        if self.reaches(home):
            self.own(home)
            return home
        # Below a closed home, such as /root, the tenant could not reach its own files.
        mark = hashlib.sha256(str(var.path.resolve()).encode()).hexdigest()[:12]
        home = SYSTEM_HOME / mark
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)
        self.own(home)
        say(f"the database's files lie in {home}, because {self.user.pw_name} cannot reach {var.path}")
        return home


def _parts(root: Path) -> list[Path]:
    """A package and, where it has one, the folder of libraries that its wheel laid beside it."""
    return [part for part in (root, root.with_name(root.name + ".libs")) if part.exists()]


def _without_rights() -> pwd.struct_passwd:
    """An account of the portal's own; ``nobody`` where none can be made."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        words = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", SYSTEM_HOME, NAME]
        if subprocess.run([*words, "--shell", "/usr/sbin/nologin"], capture_output=True, check=False).returncode == 0:
            say(f"made the account {NAME} for the database: PostgreSQL does not run as root")
            return pwd.getpwnam(NAME)
    return pwd.getpwnam("nobody")
