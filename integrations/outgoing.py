"""Sending a message to an address somebody else chose, so that it reaches nothing but that address.

The name is looked up once, every address it stands for is judged, and the connection goes to the one that was judged:
a name that answers otherwise a moment later leads nowhere. Nothing is followed, no proxy is asked, and little is read.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.masks import mask_numbers

TIME_OUT_S = 5.0
MOST_READ = 4096
MOST_KEPT = 300
PORTS = {"https": 443, "http": 80}
# A number at the end makes an address of a host, in whichever of its old spellings: 127.1, 0x7f000001, 2130706433.
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+", re.ASCII)
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What may stand in a path or a query as it is; everything else goes out percent-encoded.
_SAFE = "%/?:@!$&'()*+,;=~-._[]"
# Networks in which another address lies hidden: what counts is where it really leads.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Set apart for one site, for relays, for documents and for protocols, which the library does not count as such.
_APART = [ipaddress.ip_network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "fec0::/10")]

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Target:
    """An address that may be sent to, in parts."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as the receiver wants it named."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or none and why; how long it took, and the first of what was said, masked."""

    status: int | None
    milliseconds: int
    text: str

    @property
    def is_welcome(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Unreachable(Exception):
    """The receiver cannot be sent to; the words are for whoever keeps the webhook."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses a name stands for now."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def read(url: str) -> Target:
    """The address in parts. Refuses what is not an https address of a host by name or public number.

    No user name and no fragment, no port beside those that are let through, no number in an unusual spelling.
    """
    parts = _split(url)
    schemes = ["https", *(["http"] if settings.ZHIBU_WEBHOOKS_ALLOW_HTTP else [])]
    if parts.scheme not in schemes:
        raise Refusal(_("地址要以 https:// 开头。"), field="address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refusal(_("地址里不能有用户名、密码和 # 后的部分。"), field="address")
    host, port = _host_of(parts), _port_of(parts)
    ports = settings.ZHIBU_WEBHOOKS_PORTS
    if ports != ["any"] and str(port) not in ports:
        raise Refusal(_("端口只能是 %(ports)s。") % {"ports": _("、").join(ports)}, field="address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, quote(path, safe=_SAFE))


def judge(target: Target, *, resolve: Resolve = resolve, within: float | None = None) -> str:
    """The address to connect to. Refuses a name that stands for nothing, or for anything that is not public.

    So does a name that nobody answers for in time. The caller holds no row of its own meanwhile.
    """
    found = _looked_up(target, resolve, TIME_OUT_S if within is None else within)
    if not found:
        raise Refusal(_("找不到这个地址的主机，请核对。"), field="address")
    if not settings.ZHIBU_WEBHOOKS_ALLOW_PRIVATE and not all(is_public(address) for address in found):
        raise Refusal(_("这个地址在内部网络里，不能发送。"), field="address")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an address lies in the open internet, wherever another address is hidden in it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            hidden.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if not all(is_public(str(inner)) for inner in hidden if inner is not None):
            return False
    apart = ip.is_multicast or ip.is_reserved or any(ip in network for network in _APART)
    return ip.is_global and not apart


def send(url: str, body: bytes, headers: dict[str, str], *, resolve: Resolve = resolve) -> Answer:
    """Post ``body`` once, within five seconds in all; say what came back. Never raises for what the receiver does.

    The caller holds no row of its own meanwhile.
    """
    begun = time.monotonic()
    over = begun + TIME_OUT_S

    def passed() -> int:
        return round((time.monotonic() - begun) * 1000)

    try:
        target = read(url)
        address = judge(target, resolve=resolve, within=TIME_OUT_S)
        status, text = _exchange(_Connection(target, address, _until(over)), target, body, headers)
    except Refusal as refusal:
        return Answer(None, passed(), str(refusal.message))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(None, passed(), _words_for(error))
    return Answer(status, passed(), text)


def _looked_up(target: Target, resolve: Resolve, within: float) -> list[str]:
    """The addresses a name stands for; none where it stands for none, or nobody says so in time.

    The system's own way of asking knows no limit, so a thread asks, and is left to itself when the time is up.
    """
    found: list[str] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            found.extend(resolve(target.host, target.port))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(within)
    return [] if asking.is_alive() else found


def _until(over: float) -> float:
    """The seconds left; a line without any time is given none to stand."""
    if (left := over - time.monotonic()) <= 0:
        raise TimeoutError
    return left


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was judged, under the name it was judged for."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.seconds = seconds
        self._target, self._address = target, address
        self.is_over = False

    def connect(self) -> None:
        self.sock = plain = socket.create_connection((self._address, self._target.port), self.timeout)
        if self.is_over:
            raise TimeoutError
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)


def _exchange(connection: _Connection, target: Target, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    try:
        with _within(connection, connection.seconds):
            connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
            for name, value in {
                "Host": target.authority,
                "Content-Length": str(len(body)),
                "Connection": "close",
                **headers,
            }.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return response.status, _first_of(response)
    finally:
        connection.close()


@contextmanager
def _within(connection: _Connection, seconds: float) -> Iterator[None]:
    """Cut the line when the time is up: a receiver that sends a byte now and then keeps no worker."""

    def cut() -> None:
        connection.is_over = True
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError):
        if connection.is_over:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _first_of(response: http.client.HTTPResponse) -> str:
    """The first of what was said, with numbers of people masked and nothing unprintable."""
    try:
        said = response.read(MOST_READ)
    except (OSError, http.client.HTTPException):
        said = b""
    text = mask_numbers(said.decode("utf-8", "replace"))
    return "".join(sign if sign.isprintable() else " " for sign in text)[:MOST_KEPT].strip()


def _split(url: str) -> SplitResult:
    if any(sign.isspace() or not sign.isprintable() for sign in url) or "\\" in url:
        raise Refusal(_("地址里不能有空格和特殊符号。"), field="address")
    try:
        return urlsplit(url)
    except ValueError:
        raise Refusal(_("这不是一个网址，请核对。"), field="address") from None


def _host_of(parts: SplitResult) -> str:
    """The host in its one spelling: a name, or an address written in full."""
    host = (parts.hostname or "").rstrip(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not _NAME.fullmatch(name) or _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise Refusal(_("这不是一个网址，请核对。"), field="address")
    return name


def _port_of(parts: SplitResult) -> int:
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError:
        raise Refusal(_("这不是一个网址，请核对。"), field="address") from None


def _words_for(error: Exception) -> str:
    """What went wrong on the way, without anything of this side's network."""
    if isinstance(error, TimeoutError):
        return _("对方 5 秒内没有答复")
    if isinstance(error, ssl.SSLError):
        return _("对方的证书不能通过验证")
    if isinstance(error, ConnectionRefusedError):
        return _("对方没有在这个端口上接收")
    return _("连接中断")
