"""``bin/manage COMMAND``: a Django command where the portal runs, with services of its own when nothing runs."""

import os
import sys

from portal.boot import front, places, services
from portal.boot.freshness import fresh, note_prepared
from portal.boot.processes import Household
from portal.boot.turn import Turn

# Restoring brings its own data: nothing is migrated or filled in beforehand.
UNPREPARED = {"restore"}


def main() -> int:
    var = places.var()
    turn = Turn(var)
    arguments = sys.argv[1:]
    command = front.python(str(places.ROOT / "manage.py"), *arguments)
    if note := turn.take_or_join():
        return front.run(command, dict(os.environ) | note["environment"] | {"ZHIBU_RUNNING": "1"})
    household = Household(var.log)
    try:
        environment = services.start(var, household)
        if fresh(var) and not UNPREPARED.intersection(arguments[:1]):
            front.prepare(environment)
            note_prepared(var)
        return front.run(command, environment)
    finally:
        front.undisturbed()
        household.stop()
        turn.leave()


if __name__ == "__main__":
    front.ending(main)
