"""What makes a production portal refuse to start, said all at once."""

from collections.abc import Mapping
from typing import Any

from portal.settings.environment import database, flag, text

SHORTEST_SECRET = 50
HEADING = (
    "",
    "Zhibu does not start: the settings for production are not safe.",
    "支部未启动：生产环境的设置不安全。",
)
FOOT = "For a trial on this machine: bin/run. Every secret may also be named by a file, as in NAME_FILE."


def problems(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each unsafe or missing setting with what to do about it; empty when the portal may start."""
    checks = (_environment, _secret_key, _field_keys, _debug, _hosts, _addresses, _roles, _demo)
    return [found for check in checks for found in check(settings)]


def screen(found: list[tuple[str, str]]) -> str:
    """The one page that an operator reads instead of a traceback."""
    lines = [*HEADING, ""]
    for number, (name, remedy) in enumerate(found, 1):
        lines += [f"  {number}. {name}", f"     {remedy}"]
    lines += ["", FOOT, ""]
    return "\n".join(lines) + "\n"


def _environment(settings):
    if (named := text("ZHIBU_ENV", "production")) != "production":
        yield f"ZHIBU_ENV is {named}", "It may be production or demo."


def _secret_key(settings):
    key = settings["SECRET_KEY"]
    if not key:
        yield "ZHIBU_SECRET_KEY is missing", "Set it to a long random text, and keep it: sessions are signed with it."
    elif len(key) < SHORTEST_SECRET or len(set(key)) < 8:
        yield "ZHIBU_SECRET_KEY is too easy to guess", f"Set it to at least {SHORTEST_SECRET} random characters."


def _field_keys(settings):
    if settings["ZHIBU_FIELD_KEYS"] is None:
        file = text("ZHIBU_FIELD_KEYS_FILE")
        given = text("ZHIBU_FIELD_KEYS") or file
        yield (
            f"ZHIBU_FIELD_KEYS is {'not a ring of 32-byte keys' if given else 'missing'}",
            (f"Looked for in {file}. " if file else "")
            + "Where a portal has been running, put back the ring it ran with: a new one does not open what is sealed "
            "(不要另造新密钥，已加密的内容会打不开). For a new portal make one with: python3 -m portal.boot.keys, "
            "and keep a copy apart.",
        )


def _debug(settings):
    if settings["DEBUG"]:
        yield "ZHIBU_DEBUG is on", "Take it away: error pages would show people's data."


def _hosts(settings):
    if not text("ZHIBU_ALLOWED_HOSTS"):
        yield "ZHIBU_ALLOWED_HOSTS is missing", "Set it to the names the portal is reached by, with commas between."
    elif any("*" in host for host in settings["ALLOWED_HOSTS"]):
        yield "ZHIBU_ALLOWED_HOSTS has a *", "Name each host: a forged name would end up in links that we send."


def _addresses(settings):
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not (text(name) or text(f"{name}_FILE")):
            yield f"{name} is missing", "Set it to the address of the server."


def _roles(settings):
    owner = settings["DATABASE_OWNER_URL"]
    if owner and database(owner)["USER"] == database(settings["DATABASE_URL"])["USER"]:
        yield (
            "DATABASE_URL and DATABASE_OWNER_URL name the same role",
            "Give the application a role of its own that owns nothing: an owner can switch off the guards of history.",
        )


def _demo(settings):
    if flag("ZHIBU_DEMO"):
        yield "ZHIBU_DEMO is on", "Take it away: its passwords are printed in the documentation."
