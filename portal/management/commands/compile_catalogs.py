from django.core.management.base import BaseCommand

from portal.boot.catalogues import compile_all


class Command(BaseCommand):
    help = "Compile the message catalogues that changed, without gettext."

    def handle(self, **options):
        for path in compile_all():
            self.stdout.write(str(path))
