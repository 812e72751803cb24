"""Whole portals as processes of their own, for the tests of starting and stopping."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from portal.boot.places import ROOT
from portal.boot.ports import free_port

OURS = ("DATABASE_", "REDIS_", "ZHIBU_", "DJANGO_", "PYTEST_", "PORT", "PYTHONPATH")
PASSPHRASE = "four words are easily remembered"


class Portal:
    """A portal in a folder of its own."""

    def __init__(self, var: Path, **environment: str):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        same = {name: os.environ[name] for name in ("ZHIBU_VENV", "ZHIBU_ENGINE") if name in os.environ}
        self.var, self.process, self.address = var, None, ""
        self.environment = kept | same | {"ZHIBU_VAR": str(var), "ZHIBU_DEMO": "0", **environment}

    def start(self) -> "Portal":
        port = str(free_port())
        self.process = subprocess.Popen(
            [ROOT / "bin" / "run"],
            env=self.environment | {"PORT": port},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.address = self.process.stdout.readline().strip()
        assert self.address == f"http://localhost:{port}", self.process.stderr.read()
        return self

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        said = self.process.communicate(timeout=60)
        self.said = said[1]
        return self.process.returncode

    def manage(self, *words: str, feed: str | None = None, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [ROOT / "bin" / "manage", *words],
            env=self.environment | environment,
            input=feed,
            stdin=None if feed else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, script: str):
        """What a few lines of Python, run inside the portal, print as JSON."""
        ended = self.manage("shell", "--no-imports", "--command", f"import json\n{script}")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def get(self, path: str, headers: dict | None = None) -> tuple[int, dict, str]:
        asked = urllib.request.Request(f"{self.address}{path}", headers=headers or {})
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, dict(answer.headers), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def processes(self) -> dict[int, str]:
        """Every process that was started for this folder, whoever its parent is now.

        The engines write their titles over their environment, but they live in their folders.
        """
        mark = f"ZHIBU_VAR={self.var}\0".encode()
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                ours = mark in (place / "environ").read_bytes() or self.var in (place / "cwd").readlink().parents
                if ours and (place / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                    found[int(place.name)] = (place / "cmdline").read_text().replace("\0", " ")
            except OSError:  # it ended while we looked, or is somebody else's
                continue
        return found

    def wait_until_alone(self, seconds: float) -> dict[int, str]:
        end = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < end:
            time.sleep(0.1)
        return left
