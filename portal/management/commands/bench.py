"""Measure the portal beside floors and peers, in worlds of its own."""

import json
from contextlib import ExitStack
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.bench import databases, machine
from portal.bench.asking import peers_beside
from portal.settled import settle

# By what a suite is asked for, where it stands.
SUITES = {"pages": "pages", "search": "search", "import": "imports", "export": "exports"}
# Three sizes each, so that growth is seen; gates are of the largest.
SCALES = {"s": (1_000, 2_500, 6_500), "100k": (6_500, 25_000, 100_000), "m": (6_500, 100_000, 1_000_000)}
SEED = 1


class Command(BaseCommand):
    help = (
        "Measure the portal beside floors in bare SQL and beside peers, in fictional worlds made for it and dropped "
        "after it. Fails where a gate is broken. Refuses in production and while the machine is busy."
    )

    def add_arguments(self, parser):
        parser.add_argument("--suite", default="pages,search", help=f"of {', '.join(SUITES)}, with commas between")
        parser.add_argument("--scale", choices=SCALES, default="100k")
        parser.add_argument("--rounds", type=int, default=21, help="how often everything is asked (default 21)")
        parser.add_argument("--database", help="measure in this world alone, made by make_world, and leave it")
        parser.add_argument("--keep", action="store_true", help="leave the worlds, for the next run")
        parser.add_argument("--busy", action="store_true", help="measure although the machine is busy")
        parser.add_argument("--no-peers", action="store_true", help="leave out the slow peers of the pages")
        parser.add_argument("--json", type=Path, help="write everything to this file as well")

    def handle(self, *args, suite, scale, rounds, database, keep, busy, no_peers, json, **options):
        databases.refuse_in_production()
        chosen = suite.split(",")
        if unknown := set(chosen) - set(SUITES):
            raise CommandError(f"There is no suite {', '.join(sorted(unknown))}.")
        runs = {name: self.suite(name) for name in chosen}
        if machine.load() > machine.cores() and not busy:
            raise CommandError(f"The load is {machine.load():.1f} on {machine.cores()} cores: try when it is quiet.")
        with ExitStack() as leaving:
            places = [self.given(database)] if database else self.worlds(SCALES[scale], keep, leaving)
            leaving.enter_context(databases.used(places[-1][0]))
            leaving.enter_context(peers_beside())
            facts = machine.facts()
            settle()  # as the portal's own processes do once they serve
            self.stdout.write("\n".join(f"{name:20} {value}" for name, value in facts.items()))
            reports = [self.measured(name, run, places, rounds, no_peers) for name, run in runs.items()]
        if json:
            json.write_text(_as_json(facts, places, reports), encoding="utf-8")
        if not all(report.held for report in reports):
            raise SystemExit(1)

    def suite(self, name):
        try:
            return import_module(f"portal.bench.suites.{SUITES[name]}").run
        except ModuleNotFoundError as missing:
            raise CommandError(
                f"{missing}. The peers need what the tests need: bin/test --version installs it."
            ) from None

    def measured(self, name, run, places, rounds, no_peers):
        more = {"peers": not no_peers} if name == "pages" else {}
        report = run(places, rounds=rounds, **more)
        self.stdout.write("\n".join(report.lines()))
        return report

    def given(self, name):
        if not databases.exists(name):
            raise CommandError(f"There is no database {name}: bin/manage make_world --into-new {name}")
        with databases.used(name):
            return name, databases.people()

    def worlds(self, sizes, keep, leaving):
        """A world of each size; those that are there are used again."""
        places = [(f"zhibu_bench_{members}", members) for members in sizes]
        for name, members in places:
            if not keep:
                leaving.callback(databases.drop, name)
            if not databases.exists(name):
                self.stdout.write(f"making {name}")
                databases.create(name)
                with databases.used(name):
                    databases.fill(members, SEED)
        return places


def _as_json(facts, places, reports):
    told = {
        "facts": facts,
        "worlds": dict(places),
        "suites": [asdict(report) | {"held": [str(gate) for gate in report.gates if gate.held]} for report in reports],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=str)
