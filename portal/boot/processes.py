"""Child processes that live no longer than their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from portal.boot.words import give_up, say

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None
# A child that ends this often within a minute will not get better by being started once more.
TRIES_PER_MINUTE = 5
LONGEST_LOG = 50 << 20


def dies_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For ``preexec_fn``: the kernel sends ``number`` to the child when the parent is gone, even after kill -9.

    The wish is bound to the thread that forks, so children are only started from the main thread.
    """
    parent = os.getpid()

    def wish() -> None:
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return wish


class Child:
    """One program with its log, its way of being stopped, and its patience."""

    def __init__(self, name: str, argv: list, log: Path, *, stop=signal.SIGTERM, patience=15.0, feed=None, **options):
        self.name, self.log = name, log
        self._argv, self._stop, self._patience, self._feed = [str(word) for word in argv], stop, patience, feed
        self._options = options
        self._starts: deque[float] = deque(maxlen=TRIES_PER_MINUTE)
        self.start()

    def start(self) -> None:
        self._starts.append(time.monotonic())
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._log_begins = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL if self._feed is None else subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(self._stop),
                **self._options,
            )
        if self._feed is not None:
            self.process.stdin.write(self._feed.encode())
            self.process.stdin.close()

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def revive(self) -> None:
        """Start again what ended by itself, each time after a longer pause; give up when that keeps happening."""
        lately = [began for began in self._starts if time.monotonic() - began < 60]
        if len(lately) == TRIES_PER_MINUTE:
            raise give_up(f"{self.name} keeps ending; its last words are in {self.log}")
        say(f"{self.name} ended ({self.process.returncode}); starting it again")
        time.sleep(0.25 * 2 ** len(lately))
        self.start()

    def stop(self) -> None:
        if not self.ended:
            self.process.send_signal(self._stop)
            try:
                self.process.wait(self._patience)
            except subprocess.TimeoutExpired:
                say(f"{self.name} does not stop; ending it")
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def wait_until(self, ready: Callable[[], bool], limit: float = 60) -> None:
        """Return when ``ready`` says so; give up when the child ends first or time runs out."""
        end = time.monotonic() + limit
        while not ready():
            if self.ended or time.monotonic() > end:
                raise give_up(f"{self.name} did not start; its last words are in {self.log}\n{self.last_words()}")
            time.sleep(0.03)

    def last_words(self) -> str:
        said = self.log.read_bytes()[self._log_begins :].decode(errors="replace")
        return "\n".join(f"  {line}" for line in said.splitlines()[-16:])


class Household:
    """All children of one parent, stopped in the reverse order of their start."""

    def __init__(self, logs: Path):
        self.logs = logs
        self.children: list[Child] = []

    def start(self, name: str, argv: list, **options) -> Child:
        child = Child(name, argv, self.logs / f"{name}.log", **options)
        self.children.append(child)
        return child

    def dismiss(self, child: Child) -> None:
        child.stop()
        self.children.remove(child)

    def revive(self) -> None:
        for child in self.children:
            if child.ended:
                child.revive()

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop()
