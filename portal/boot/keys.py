"""The portal's secrets where nobody hands them in: made once, kept below ``var/keys``, for their owner alone."""

import base64
import json
import secrets
import sys
from pathlib import Path

from portal.boot.places import Var, write_secret


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
    """``python3 -m portal.boot.keys``: a new ring, to be kept where ``ZHIBU_FIELD_KEYS_FILE`` points."""
    sys.stdout.write(json.dumps(new_field_keys(), indent=2) + "\n")


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, make) -> str:
    if not path.exists():
        write_secret(path, make())
    return path.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    main()
