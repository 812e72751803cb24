"""The portal's secrets where nobody hands them in: made once, kept below ``var/keys``, for their owner alone."""

import base64
import json
import os
import secrets
import sys
from pathlib import Path

from portal.boot.places import Var, write_secret
from portal.boot.words import give_up

SUITES = ("aes", "sm")
MISSING = """the keys of this portal are missing, and it does not start.
支部未启动：本机数据库还在，密钥却不见了。

  There is a database in   {data}
  Missing                  {missing}

  Do not make new ones in their place: what was sealed with the old keys (ID numbers, mobiles, addresses) would be lost.
  不要另造新密钥：身份证号、手机号、住址都是用原来的密钥加密的，换了就再也打不开。

  Put back what lay in     {keys}
  and start again. The ring of field keys also lies in every back-up: bin/manage restore FILE, with ZHIBU_VAR set to an
  empty folder, brings back database and keys together."""
UNREADABLE = """the ring of field keys that was handed in cannot be read, and the portal does not start.
支部未启动：环境中给出的字段密钥读不出来。

  Looked for in   {place}

  Do not make a new one in its place: what is sealed with the old one would be lost. Mend the file or the text.
  不要另造新密钥，否则已加密的内容再也打不开。请恢复原来的文件或内容。"""


def secret_key(var: Var) -> str:
    """What sessions and one-time links are signed with."""
    return _kept(var.keys / "secret-key", lambda: secrets.token_urlsafe(64))


def field_keys(var: Var) -> dict:
    """What ID numbers, mobiles and addresses are sealed with. Whoever loses it has lost them: back-ups carry it."""
    return json.loads(_kept(field_keys_file(var), lambda: json.dumps(new_field_keys(), indent=2)))


def field_keys_file(var: Var) -> Path:
    return var.keys / "field-keys.json"


def new_field_keys() -> dict:
    return {"current": "k1", "keys": {"k1": _random_key()}, "index": _random_key(), "suite": "aes"}


def database_passwords(var: Var) -> dict[str, str]:
    """The passwords of the embedded server's three roles. Hex, so that they need no escaping in an address."""
    made = {role: secrets.token_hex(24) for role in ("admin", "owner", "app")}
    return json.loads(_kept(var.keys / "database.json", lambda: json.dumps(made)))


def main() -> None:
    """``python3 -m portal.boot.keys [sm]``: a new ring, to be kept where ``ZHIBU_FIELD_KEYS_FILE`` points."""
    suite = sys.argv[1] if len(sys.argv) > 1 else "aes"
    if suite not in SUITES:
        raise give_up(f"the suite is {' or '.join(SUITES)}, not {suite}")
    sys.stdout.write(json.dumps(new_field_keys() | {"suite": suite}, indent=2) + "\n")


def require_those_of(data: Path, var: Var, *, demo: bool) -> None:
    """Give up where a database was made here before, and the keys it was made with are gone.

    Where none was, the ring is made before the database is: a start that breaks off leaves no database without it.
    """
    handed_in = os.environ.get("ZHIBU_FIELD_KEYS") or os.environ.get("ZHIBU_FIELD_KEYS_FILE")
    ours = demo and not handed_in
    if not (data / "PG_VERSION").exists():
        if ours:
            field_keys(var)
        return
    wanted = [var.keys / "database.json", *([field_keys_file(var)] if ours else [])]
    if missing := [str(path) for path in wanted if not path.exists()]:
        raise give_up(MISSING.format(data=data, missing=f"\n{' ' * 27}".join(missing), keys=var.keys))


def refuse_a_ring_that_cannot_be_read() -> None:
    """Give up where a ring was handed in, but not one that would open anything."""
    for name in ("ZHIBU_FIELD_KEYS", "ZHIBU_FIELD_KEYS_FILE"):
        if given := os.environ.get(name, "").strip():
            place = f"{name} = {given}" if name.endswith("_FILE") else f"{name} (its text is no ring of 32-byte keys)"
            raise give_up(UNREADABLE.format(place=place))


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, make) -> str:
    if not path.exists():
        write_secret(path, make())
    return path.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    main()
