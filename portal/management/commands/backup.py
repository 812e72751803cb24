from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.archive.passphrase import passphrase
from portal.archive.saving import save
from portal.choices import UpkeepKind
from portal.upkeep import note


class Command(BaseCommand):
    help = "Save database, files and field keys to one encrypted file; the portal may go on working."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        words = passphrase(twice=True)
        try:
            manifest = save(file.absolute(), words)
        except (CommandError, OSError) as error:
            note(UpkeepKind.BACKUP, went_well=False, file=str(file.absolute()), why=str(error)[:300])
            raise
        rows, files = sum(manifest["rows"].values()), len(manifest["sha256"]) - 1
        note(UpkeepKind.BACKUP, went_well=True, file=str(file.absolute()), rows=rows, files=files)
        self.stdout.write(f"{file}: {rows} rows, {files} files, {file.stat().st_size} bytes")
