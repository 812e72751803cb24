"""``bin/run``: the whole portal under one parent, until Ctrl-C."""

import json
import os
import time
import urllib.error
import urllib.request
from importlib import import_module
from importlib.util import find_spec
from unicodedata import east_asian_width

from portal.boot import front, frontend, places, services
from portal.boot.freshness import fresh, note_prepared
from portal.boot.ports import free_port, is_free
from portal.boot.processes import Child, Household
from portal.boot.turn import Turn
from portal.boot.words import give_up, say

PREFERRED_PORT = 8000
# A page that keeps the database busy longer than this has lost its reader.
WEB_STATEMENT_TIMEOUT_MS = "10000"


def main() -> int:
    began = time.monotonic()
    var = places.var()
    turn = Turn(var)
    if note := turn.take_or_join():
        raise give_up(f"already running at {note.get('address')} (process {note['pid']})")
    household = Household(var.log)
    try:
        frontend.install()
        environment = services.start(var, household)
        turn.tell()
        # A database of somebody else's may have changed behind our back.
        if fresh(var) or os.environ.get("DATABASE_URL"):
            front.prepare(environment)
            note_prepared(var)
        port = _port()
        _start_web(household, environment, port).wait_until(lambda: _ready(port))
        _start_background(household, environment, var)
        address = f"http://localhost:{port}"
        shared = services.addresses(environment) | {"ZHIBU_ENV": environment["ZHIBU_ENV"]}
        turn.tell(ready=True, address=address, environment=shared)
        say(f"ready after {time.monotonic() - began:.1f} s; Ctrl-C stops it")
        _welcome(address, environment)
        while True:
            household.revive()
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        front.undisturbed()
        say("stopping")
        household.stop()
        turn.leave()
        say("stopped; all data are kept")


def _port() -> int:
    """``PORT`` if it is set, else 8000 or whatever is free."""
    wanted = os.environ.get("PORT")
    if not wanted:
        return PREFERRED_PORT if is_free(PREFERRED_PORT) else free_port()
    if not wanted.isdecimal() or not is_free(int(wanted)):
        raise give_up(f"port {wanted} cannot be used: it is taken, or no number. Set PORT to another one")
    return int(wanted)


def _start_web(household: Household, environment: dict, port: int) -> Child:
    bind = f"{environment.get('ZHIBU_BIND', '127.0.0.1')}:{port}"
    return household.start(
        "web",
        front.python("-m", "gunicorn", "--config", str(places.ROOT / "portal" / "gunicorn.py"), "--bind", bind),
        patience=35,
        cwd=places.ROOT,
        env=environment | {"ZHIBU_STATEMENT_TIMEOUT_MS": WEB_STATEMENT_TIMEOUT_MS},
    )


def _start_background(household: Household, environment: dict, var: places.Var) -> None:
    """Worker and beat come after the web: nobody waits for them, and a machine with two cores is busy enough."""
    here = {"cwd": places.ROOT, "env": environment}
    celery = front.python("-m", "celery", "--app", "portal.celery", "--quiet")
    household.start("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"], patience=35, **here)
    schedule = ["--schedule", str(var.run / "beat-schedule"), "--pidfile", ""]
    household.start("beat", [*celery, "beat", *schedule, "--loglevel", "WARNING"], **here)


def _ready(port: int) -> bool:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": f"localhost:{port}"})
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
            return json.load(answer)["status"] == "ready"
    except (OSError, urllib.error.URLError):
        return False


def _welcome(address: str, environment: dict) -> None:
    """The one thing ``bin/run`` says on stdout: where to go, and as whom."""
    lines = [address]
    if environment["ZHIBU_ENV"] == "demo" and environment.get("ZHIBU_DEMO", "1") != "0" and find_spec("portal.demo"):
        sign_ins = import_module("portal.demo").SIGN_INS
        lines += ["", *(f"  {_wide(role, 24)}{username:<14}{password}" for role, username, password in sign_ins)]
    print(*lines, sep="\n", flush=True)  # noqa: T201


def _wide(text: str, columns: int) -> str:
    """``text`` filled up to a number of columns, of which a Chinese character takes two."""
    taken = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(2, columns - taken)


if __name__ == "__main__":
    front.ending(main)
