from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from portal.boot.catalogues import compile_all
from portal.fieldkeys import proofs
from portal.owner import NO_OWNER


class Command(BaseCommand):
    help = "Make the portal ready for this version: catalogues, database, static files, and once the demo."

    def handle(self, **options):
        compile_all()
        self.migrate()
        self.note_keys()
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.ZHIBU_DEMO_WANTED and not get_user_model().objects.exists():
            self.load_demo()

    def migrate(self):
        """Migrate what is left to migrate; without the owner's address, a database that is up to date will do."""
        executor = MigrationExecutor(connection)
        if settings.DATABASE_OWNER_URL:
            call_command("migrate", interactive=False, verbosity=0)
        elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(f"The database is not of this version. {NO_OWNER}")

    def note_keys(self):
        """Know this portal's field keys again; refuse to go on with others."""
        try:
            proofs.note()
        except proofs.WrongKeys as wrong:
            raise CommandError(str(wrong)) from None

    def load_demo(self):
        """Fill an empty portal with fictional people, wholly or not at all."""
        if find_spec("portal.management.commands.load_demo"):
            self.stdout.write("zhibu: filling the demo with fictional people (once)")
            with transaction.atomic():
                call_command("load_demo")
