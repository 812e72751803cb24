"""Reading the environment: one small function per kind of value.

A secret may also lie in a file: where ``ZHIBU_SECRET_KEY`` is asked for, ``ZHIBU_SECRET_KEY_FILE`` may name it.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))


def items(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def secret(name: str, default: str = "") -> str:
    """The value of ``name``, or the contents of the file that ``name_FILE`` points to.

    A file that cannot be read counts as no value: what is missing is then said with everything else that is.
    """
    if text(name) or not text(f"{name}_FILE"):
        return text(name, default)
    try:
        return Path(text(f"{name}_FILE")).read_text(encoding="utf-8").strip()
    except OSError:
        return default


def database(url: str, *, statement_timeout_ms: int = 0) -> dict:
    """A DATABASES entry from a ``postgresql://`` address; what follows ``?`` is handed to the driver."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if statement_timeout_ms:
        limits = f"-c statement_timeout={statement_timeout_ms} -c idle_in_transaction_session_timeout=15000"
        options["options"] = f"{options.get('options', '')} {limits}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def beside(redis_url: str) -> str:
    """The next database on the same Valkey."""
    parts = urlsplit(redis_url)
    here = parts.path.strip("/") or "0"
    return parts._replace(path=f"/{int(here) + 1}").geturl()
