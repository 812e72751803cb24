import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.archive.contents import is_empty
from portal.archive.passphrase import passphrase
from portal.archive.restoring import restore


class Command(BaseCommand):
    help = "Put database, files and field keys back to what a back-up holds. What is there now is replaced."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace a portal that is not empty")

    def handle(self, *, file, yes, **options):
        if os.environ.get("ZHIBU_RUNNING"):
            raise CommandError("The portal is running. Stop it, then restore.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not yes and not is_empty():
            raise CommandError("This portal has people in it. Say --yes to replace them by what the back-up holds.")
        manifest = restore(file, passphrase(twice=False))
        rows, files = sum(manifest["rows"].values()), len(manifest["sha256"]) - 1
        self.stdout.write(f"restored: {rows} rows and {files} files of {manifest['taken_at']}")
