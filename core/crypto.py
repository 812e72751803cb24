"""Sensitive columns: encrypted for one row of one column, found again by a blind index.

A sealed value reads ``v1|algorithm|key|nonce|ciphertext`` and opens only with
the same table, column and row ``uid`` it was sealed for, so that ciphertext
copied onto another row is noticed. Where a row is read for a page, such
a value stands as ``Unreadable`` and takes nothing else down with it. ``core.keyring`` holds the keys; older ones stay
in it until every row has been sealed anew (``bin/manage rotate_field_key``).
"""

import hmac as hmac_lib
import logging
import os
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from core import keyring

logger = logging.getLogger(__name__)

VERSION = "v1"
SUITES = {"aes": "aes-256-gcm", "sm": "sm4-gcm"}
NONCE, TAG = 12, 16


class SealError(Exception):
    """A sealed value that cannot be opened: another row's, altered, or its key is gone."""


def seal(value: str, *, table: str, column: str, uid: UUID | str) -> str:
    """``value`` as it may be stored in ``column`` of the row ``uid``."""
    name, algorithm = _current()
    nonce, sealed = _encrypt(algorithm, name, value.encode(), _place(table, column, uid))
    return "|".join([VERSION, algorithm, name, b64encode(nonce).decode(), b64encode(sealed).decode()])


def open_sealed(sealed: "str | Sealed", *, table: str, column: str, uid: UUID | str) -> str:
    """What ``seal`` was given. Raises SealError for another row's value, an altered one, an unknown key."""
    try:
        version, algorithm, name, nonce, ciphertext = _token(sealed).split("|")
    except ValueError:
        raise SealError("This value is not sealed") from None
    if version != VERSION:
        raise SealError(f"Sealed with format {version!r}, which this version does not know")
    try:
        return _decrypt(algorithm, name, b64decode(nonce), b64decode(ciphertext), _place(table, column, uid)).decode()
    except ValueError:
        raise SealError("This value was sealed, and is not whole any more") from None


def seal_bytes(data: bytes, *, table: str, column: str, uid: UUID | str) -> bytes:
    """As ``seal`` for whole files: the same five parts, the last two as they are instead of in base64."""
    name, algorithm = _current()
    nonce, sealed = _encrypt(algorithm, name, data, _place(table, column, uid))
    return f"{VERSION}|{algorithm}|{name}|".encode() + nonce + sealed


def prefix() -> str:
    """How everything begins that is sealed as new values are sealed now."""
    name, algorithm = _current()
    return f"{VERSION}|{algorithm}|{name}|"


def open_bytes(sealed: bytes, *, table: str, column: str, uid: UUID | str) -> bytes:
    """What ``seal_bytes`` was given; SealError as for ``open_sealed``."""
    version, algorithm, name, rest = [*bytes(sealed).split(b"|", 3), b"", b"", b""][:4]
    if version.decode(errors="replace") != VERSION or len(rest) < NONCE + TAG:
        raise SealError("This file is not sealed")
    return _decrypt(algorithm.decode(), name.decode(), rest[:NONCE], rest[NONCE:], _place(table, column, uid))


def blind_index(value: str, *, field: str) -> str:
    """A keyed digest by which equal values of ``field`` find each other, and nothing else can be told.

    The caller brings ``value`` into one spelling first (an ID number with a capital X, a mobile without +86).
    """
    message = f"{field}\0{value}".encode()
    ring = keyring.ring()
    key = _bytes(ring["index"])
    if _known(keyring.index_suite(ring)) == "sm":
        return _hmac_sm3(key, message).hex()
    return hmac_lib.digest(key, message, "sha256").hex()


class Sealed:
    """Ciphertext straight from the database. It shows nothing of itself, not even in a log."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __str__(self) -> str:
        return "••••"

    __repr__ = __str__


class Opened(str):
    """Plain text that knows which row it belongs to, so that any way of saving can seal it for that row."""

    uid: UUID

    @classmethod
    def of(cls, value: str, uid: UUID) -> Self:
        opened = cls(value)
        opened.uid = uid
        return opened


class Unreadable(str):
    """Words in place of a value that cannot be opened. Saving the row puts back what is stored, untouched."""

    token: str

    @classmethod
    def instead_of(cls, sealed: Sealed) -> Self:
        unreadable = cls(_("无法解密"))
        unreadable.token = sealed.token
        return unreadable


class SealedAttribute(DeferredAttribute):
    """Opens the column when it is first read, not when the row is loaded.

    What does not open is logged and stands as ``Unreadable``: one damaged cell must not hide a whole roster.
    """

    field: "EncryptedField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            try:
                value = self.field.open(value, instance.uid)
            except SealError as error:
                logger.error("%s of %s %s: %s", self.field.name, instance._meta.label, instance.pk, error)
                return Unreadable.instead_of(value)
        if isinstance(value, str) and value and not isinstance(value, Opened):
            value = instance.__dict__[self.field.attname] = Opened.of(value, instance.uid)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # What belongs to another row comes in as plain text and is sealed for this one.
        if isinstance(value, Unreadable):
            value = Sealed(value.token)
        instance.__dict__[self.field.attname] = str(value) if isinstance(value, Opened) else value


def is_filled(row: models.Model, name: str) -> bool:
    """Whether there is anything in the sealed column ``name``, without opening it."""
    kept = row.__dict__.get(name, row)
    return bool(getattr(row, name)) if kept is row else bool(kept)


class EncryptedField(models.TextField):
    """Text sealed at rest. Its model has a ``uid`` made in Python; look up by a blind index beside it.

    ``save``, ``bulk_create`` and ``bulk_update`` seal by themselves. ``update()`` with plain text and every
    look-up but ``isnull`` raise. ``values()`` and ``values_list()`` give Sealed objects for ``open_sealed``.
    """

    descriptor_class = SealedAttribute

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        if not any(isinstance(field, models.UUIDField) and field.name == "uid" for field in self.model._meta.fields):
            errors.append(checks.Error("An encrypted field needs a UUIDField named uid beside it.", obj=self))
        return errors

    def open(self, value: Sealed, uid: UUID) -> str:
        return open_sealed(value, table=self.model._meta.db_table, column=str(self.column), uid=uid)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        untouched = model_instance.__dict__.get(self.attname)
        return untouched if isinstance(untouched, Sealed) else super().pre_save(model_instance, add)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            return value
        if value is None or value == "":
            return None if self.null else value
        if isinstance(value, Sealed | Unreadable):
            return value.token
        if isinstance(value, Opened):
            return seal(value, table=self.model._meta.db_table, column=str(self.column), uid=value.uid)
        raise TypeError(f"{self.name} must be saved through its row: plain text alone does not say whose it is")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: look it up by its blind index")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted: look it up by its blind index")


def _known(suite: str) -> str:
    if suite not in SUITES:
        raise ImproperlyConfigured(f"ZHIBU_FIELD_KEYS: the suite is 'aes' or 'sm', not {suite!r}")
    return suite


def _current() -> tuple[str, str]:
    ring = keyring.ring()
    name = ring["current"]
    if "|" in name:
        raise ImproperlyConfigured("ZHIBU_FIELD_KEYS: the name of a key holds no '|'")
    return name, SUITES[_known(ring.get("suite", "aes"))]


def _key(name: str) -> bytes:
    keys = keyring.ring()["keys"]
    if name not in keys:
        raise SealError(f"The key ring has no key {name!r}: put it back to read what was sealed with it")
    return _bytes(keys[name])


@lru_cache
def _bytes(text: str) -> bytes:
    key = b64decode(text)
    if len(key) != 32:
        raise ImproperlyConfigured("ZHIBU_FIELD_KEYS: every key is 32 bytes in base64")
    return key


def _place(table: str, column: str, uid: UUID | str) -> bytes:
    return f"{table}.{column}.{uid}".encode()


def _token(sealed: "str | Sealed") -> str:
    return sealed.token if isinstance(sealed, Sealed) else sealed


def _encrypt(algorithm: str, name: str, data: bytes, place: bytes) -> tuple[bytes, bytes]:
    nonce = os.urandom(NONCE)
    if algorithm == SUITES["aes"]:
        return nonce, _aes(_key(name)).encrypt(nonce, data, place)
    encryptor = Cipher(algorithms.SM4(_sm4_key(_key(name))), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place)
    return nonce, encryptor.update(data) + encryptor.finalize() + encryptor.tag


def _decrypt(algorithm: str, name: str, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
    try:
        if algorithm == SUITES["aes"]:
            return _aes(_key(name)).decrypt(nonce, sealed, place)
        if algorithm == SUITES["sm"]:
            mode = modes.GCM(nonce, sealed[-TAG:])
            decryptor = Cipher(algorithms.SM4(_sm4_key(_key(name))), mode).decryptor()
            decryptor.authenticate_additional_data(place)
            return decryptor.update(sealed[:-TAG]) + decryptor.finalize()
    except InvalidTag:
        raise SealError(f"Altered, or sealed for another place than {place.decode()}") from None
    raise SealError(f"Sealed with {algorithm!r}, which this version does not know")


@lru_cache
def _aes(key: bytes) -> AESGCM:
    """Making one costs as much as sealing with it."""
    return AESGCM(key)


@lru_cache
def _sm4_key(key: bytes) -> bytes:
    """SM4 takes half as many bytes as the ring holds."""
    return _hmac_sm3(key, b"zhibu sm4-gcm")[:16]


def _hmac_sm3(key: bytes, message: bytes) -> bytes:
    digest = HMAC(key, hashes.SM3())
    digest.update(message)
    return digest.finalize()
