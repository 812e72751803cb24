"""Fill an empty database with fictional people, as many as asked."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import User
from cells.models import Cell
from members.models import Member
from portal.bench import databases
from portal.bench.world import WORLD_USERS


class Command(BaseCommand):
    help = (
        "Fill an empty database with fictional people: the same number and seed make the same ones. "
        "Refuses in production and where organisations or members are on record."
    )

    def add_arguments(self, parser):
        parser.add_argument("--members", type=int, default=100_000, help="how many people (default 100000)")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other people (default 1)")
        parser.add_argument("--into-new", metavar="NAME", help="make a database of this name beside ours and fill that")
        parser.add_argument("--password", help="let the five people whose pages are measured sign in with it")

    def handle(self, *args, members, seed, into_new, password, **options):
        databases.refuse_in_production()
        if members < 100:
            raise CommandError("A world has at least 100 people.")
        if not into_new:
            self.fill(members, seed, password)
            return
        if databases.exists(into_new):
            raise CommandError(f"There is a database {into_new} already.")
        databases.create(into_new)
        with databases.used(into_new):
            self.fill(members, seed, password)

    def fill(self, members, seed, password):
        if Cell.objects.exists() or Member.objects.exists():
            raise CommandError(
                f"There are organisations in {connection.settings_dict['NAME']}: name a new database with --into-new."
            )
        began = time.monotonic()
        made = databases.fill(members, seed)
        for table, rows in made.rows.items():
            self.stdout.write(f"{table:24} {rows:>10,}")
        self.stdout.write(f"seed {seed}, md5 of the sorted sample {made.digest}, {time.monotonic() - began:.0f} s")
        if password:
            self.let_in(password)

    def let_in(self, password):
        for person in User.objects.filter(username__in=WORLD_USERS):
            person.set_password(password)
            person.save(update_fields=["password"])
        self.stdout.write(f"sign in as {', '.join(WORLD_USERS)}")
