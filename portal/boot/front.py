"""Running one command in the foreground while its services wait behind it."""

import signal
import subprocess
import sys
from collections.abc import Callable

from portal.boot.places import ROOT
from portal.boot.processes import dies_with_parent
from portal.boot.words import give_up


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def run(argv: list[str], environment: dict[str, str], **options) -> int:
    """Run ``argv`` with our own input and output, and return its exit code.

    Ctrl-C reaches the command by itself, for it sits at the same terminal; we stay to clear up after it.
    """
    child = subprocess.Popen(argv, env=environment, preexec_fn=dies_with_parent(), **options)
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: child.terminate()),
    }
    try:
        return child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def prepare(environment: dict[str, str]) -> None:
    """Bring database, catalogues, static files and demo up to this version."""
    if run(python(str(ROOT / "manage.py"), "prepare"), environment, stdout=sys.stderr):
        raise give_up("the portal could not be prepared; the lines above say why")


def ending(main: Callable[[], int]) -> None:
    """Run an entrance: being ended by a signal is no error, and a foreign folder gets a sentence."""
    # SIGINT as well: a shell that starts us in the background leaves it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        code = main()
    except KeyboardInterrupt:
        code = 130
    except PermissionError as error:
        raise give_up(
            f"{error.filename} belongs to somebody else. Start the portal as the user who started it first, "
            "or give ZHIBU_VAR a folder of your own."
        ) from None
    sys.exit(code)


def undisturbed() -> None:
    """Clear up to the end: a second Ctrl-C would leave the database without its last words."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)


def _leave(number, frame):
    raise KeyboardInterrupt
