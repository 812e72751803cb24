"""The portal's environment: addresses that were handed in, and engines of our own where they were not."""

import os

from portal.boot import keys
from portal.boot.freshness import forget
from portal.boot.places import Var
from portal.boot.postgres import Postgres
from portal.boot.processes import Household
from portal.boot.tenant import Tenant
from portal.boot.valkey import Valkey


def start(var: Var, household: Household, *, durable: bool = True) -> dict[str, str]:
    """Start what has no address yet; return the environment in which every part of the portal runs."""
    environment = dict(os.environ) | {"ZHIBU_VAR": str(var.path)}
    environment.setdefault("ZHIBU_ENV", "demo")
    tenant = None
    if not _given("DATABASE_URL"):
        tenant = Tenant(var)
        keys.require_those_of(tenant.folder("postgres") / "data", var, demo=environment["ZHIBU_ENV"] == "demo")
        postgres = Postgres(household, tenant, keys.database_passwords(var), durable=durable)
        postgres.start()
        if postgres.new:
            forget(var)
        environment["DATABASE_URL"] = postgres.application_url
        environment["DATABASE_OWNER_URL"] = postgres.owner_url
    if not _given("REDIS_URL"):
        valkey = Valkey(household, tenant or Tenant(var), durable=durable)
        valkey.start()
        environment["REDIS_URL"] = valkey.url
    return environment


def addresses(environment: dict[str, str]) -> dict[str, str]:
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    return {name: environment[name] for name in names if name in environment}


def _given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))
