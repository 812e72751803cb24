"""``bin/test [pytest arguments]``: the tests, with throw-away engines behind them."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from portal.boot import catalogues, front, frontend, places, services
from portal.boot.processes import Household
from portal.boot.turn import Turn

MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 1_000_000_000
PREFIX = "zhibu-test-"
MOST_PROCESSES = 8


def main() -> int:
    frontend.install()
    catalogues.compile_all()
    _clear_left_behind()
    var = places.Var(Path(tempfile.mkdtemp(prefix=PREFIX, dir=_memory())))
    var.path.chmod(0o711)
    turn = Turn(var)
    turn.take()
    household = Household(var.log)
    try:
        environment = services.start(var, household, durable=False)
        return front.run(front.python("-m", "pytest", *_side_by_side(sys.argv[1:]), *sys.argv[1:]), environment)
    finally:
        front.undisturbed()
        household.stop()
        turn.leave()
        shutil.rmtree(var.path, ignore_errors=True)


def _side_by_side(arguments: list[str]) -> list[str]:
    """A process more than there are cores, as some wait, when everything is run; a few files are quicker in one."""
    chosen = {"-n", "--numprocesses", "-x", "--pdb", "--lf", "--version", "--collect-only", "--co", "-s"}
    some = any(argument in chosen or (places.ROOT / argument.split("::")[0]).exists() for argument in arguments)
    cores = os.cpu_count() or 1
    processes = min(cores + 1, MOST_PROCESSES)
    return [] if some or cores == 1 else ["-n", str(processes), "--dist", "loadscope", "--max-worker-restart", "0"]


def _memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def _clear_left_behind() -> None:
    """Remove what runs that were killed could not: their folders are held by nobody."""
    for home in {_memory() or MEMORY, Path(tempfile.gettempdir())}:
        for path in home.glob(f"{PREFIX}*/run/lock"):
            if path.stat().st_uid == os.getuid():
                left = Turn(places.Var(path.parents[1]))
                if left.take():
                    shutil.rmtree(path.parents[1], ignore_errors=True)


if __name__ == "__main__":
    front.ending(main)
