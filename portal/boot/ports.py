"""Ports on this machine: which are free, and which somebody answers at."""

import socket
from contextlib import closing


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port: int) -> bool:
    """Whether nobody would answer at ``localhost``, by either of the addresses a browser tries."""
    return _binds(socket.AF_INET, "127.0.0.1", port) and not _answers(socket.AF_INET6, "::1", port)


def _binds(family: socket.AddressFamily, host: str, port: int) -> bool:
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _answers(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with closing(socket.socket(family)) as probe:
            probe.settimeout(1)
            return probe.connect_ex((host, port)) == 0
    except OSError:  # a machine without IPv6
        return False
