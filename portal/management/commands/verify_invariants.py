"""Ask the database whether everything that must be true is."""

from django.core.management.base import BaseCommand
from django.db import connection

from portal.invariants import INVARIANTS

SHOWN = 20


class Command(BaseCommand):
    help = "Prints nothing and exits 0 when all holds; otherwise one line per broken sentence, and exits 1."

    def handle(self, *args, **options):
        broken = False
        with connection.cursor() as cursor:
            for sentence, query in INVARIANTS.items():
                cursor.execute(query)
                rows = [str(row[0]) for row in cursor.fetchmany(SHOWN)]
                if rows:
                    broken = True
                    self.stdout.write(f"{sentence}: not so for {', '.join(rows)}")
        if broken:
            raise SystemExit(1)
