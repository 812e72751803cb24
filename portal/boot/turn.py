"""One at a time: who holds a portal's folder, and where its services answer meanwhile."""

import fcntl
import json
import os
import time

from portal.boot.places import Var, write_secret
from portal.boot.words import give_up

PATIENCE = 180


class Turn:
    """The lock on ``ZHIBU_VAR``. The kernel lets go of it when the holder ends, however it ends."""

    def __init__(self, var: Var):
        self._note = var.run / "services.json"
        self._file = (var.run / "lock").open("a")

    def take(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._note.unlink(missing_ok=True)
        return True

    def tell(self, **facts) -> None:
        """Note for others what the holder is and where its services answer."""
        write_secret(self._note, json.dumps({"pid": os.getpid(), **facts}))

    def holder(self) -> dict:
        try:
            return json.loads(self._note.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def take_or_join(self) -> dict:
        """Take the folder and return nothing, or return the note of a running portal that shares its services."""
        end = time.monotonic() + PATIENCE
        while not self.take():
            note = self.holder()
            if note.get("ready"):
                return note
            if time.monotonic() > end:
                raise give_up(f"process {note.get('pid', '?')} has kept this portal's folder for {PATIENCE} seconds")
            time.sleep(0.1)
        return {}

    def leave(self) -> None:
        self._note.unlink(missing_ok=True)
        self._file.close()
