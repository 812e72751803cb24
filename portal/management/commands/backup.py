from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.archive.passphrase import passphrase
from portal.archive.saving import save


class Command(BaseCommand):
    help = "Save database, files and field keys to one encrypted file; the portal may go on working."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        manifest = save(file.absolute(), passphrase(twice=True))
        rows, files = sum(manifest["rows"].values()), len(manifest["sha256"]) - 1
        self.stdout.write(f"{file}: {rows} rows, {files} files, {file.stat().st_size} bytes")
