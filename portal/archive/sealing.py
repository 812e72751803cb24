"""A stream sealed with a passphrase: AES-256-GCM over pieces, none of which can be changed, moved or left out.

Layout: magic, cost of the passphrase, salt and nonce prefix in the clear; then pieces, each with its length. A
piece's nonce holds its number and whether it is the last, so that a file cut short is noticed; the head is bound to
every piece.
"""

import secrets
import struct
from io import RawIOBase
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"zhibu-backup-1\n"
SALT, PREFIX, TAG = 16, 7, 16
PIECE = 1 << 20
HEAD = len(MAGIC) + 1 + SALT + PREFIX
# The power of two behind scrypt: at 16 a guess at the passphrase takes a fifth of a second and 64 MiB.
COST, COSTS = 16, range(10, 21)


class Unreadable(Exception):
    """The file is no back-up of ours, is damaged, or was sealed with another passphrase."""


def _cipher(passphrase: str, head: bytes) -> AESGCM:
    cost, salt = head[len(MAGIC)], head[len(MAGIC) + 1 : -PREFIX]
    if cost not in COSTS:
        raise Unreadable("The back-up is damaged.")
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class Sealer(RawIOBase):
    """Writes what it is given to ``target``, sealed. Only :meth:`close` makes it complete."""

    def __init__(self, target: BinaryIO, passphrase: str, cost: int = COST):
        self._head = MAGIC + bytes([cost]) + secrets.token_bytes(SALT + PREFIX)
        self._cipher = _cipher(passphrase, self._head)
        self._target, self._waiting, self._number = target, bytearray(), 0
        target.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
            super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._head[-PREFIX:], self._number, last=last)
        sealed = self._cipher.encrypt(nonce, piece, self._head)
        self._target.write(struct.pack(">IB", len(sealed), last) + sealed)
        self._number += 1


class Opener(RawIOBase):
    """Reads what a :class:`Sealer` wrote; raises :class:`Unreadable` rather than hand out a changed byte."""

    def __init__(self, source: BinaryIO, passphrase: str):
        self._head = source.read(HEAD)
        if len(self._head) < HEAD or not self._head.startswith(MAGIC):
            raise Unreadable("This is not a back-up of this portal.")
        self._cipher = _cipher(passphrase, self._head)
        self._source, self._number, self._open, self._ended = source, 0, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._open and not self._ended:
            self._open = self._next()
        given = self._open[: len(buffer)]
        self._open = self._open[len(given) :]
        buffer[: len(given)] = given
        return len(given)

    def _next(self) -> bytes:
        length, last = struct.unpack(">IB", self._exactly(5))
        if not TAG <= length <= PIECE + TAG:
            raise Unreadable("The back-up is damaged.")
        nonce = _nonce(self._head[-PREFIX:], self._number, last=bool(last))
        try:
            piece = self._cipher.decrypt(nonce, self._exactly(length), self._head)
        except InvalidTag:
            why = "The passphrase is another one, or the back-up is damaged."
            raise Unreadable(why) from None
        self._number += 1
        self._ended = bool(last)
        if self._ended and self._source.read(1):
            raise Unreadable("The back-up is damaged: something follows its end.")
        return piece

    def _exactly(self, length: int) -> bytes:
        found = self._source.read(length)
        if len(found) < length:
            raise Unreadable("The back-up was cut short.")
        return found
