from django.core.management.commands import migrate

from portal.owner import acting_as_owner, grant_application


class Command(migrate.Command):
    help = "Bring the database to this version, as its owner, and grant the application its rights."

    def handle(self, *args, **options):
        with acting_as_owner():
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                grant_application()
