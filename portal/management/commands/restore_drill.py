from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.archive.drill import drill
from portal.archive.passphrase import passphrase
from portal.choices import UpkeepKind
from portal.upkeep import latest

LATEST = "latest"


class Command(BaseCommand):
    help = "Restore a back-up beside the portal, examine it, and throw it away; the portal goes on working."

    def add_arguments(self, parser):
        parser.add_argument("file", help=f"a back-up, or {LATEST}: the one taken last, where it was put")

    def handle(self, *, file, **options):
        source = self.latest() if file == LATEST else Path(file)
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        manifest = drill(source.absolute(), passphrase(twice=False))
        rows, files = sum(manifest["rows"].values()), len(manifest["sha256"]) - 1
        self.stdout.write(f"{source} can be restored: {rows} rows and {files} files of {manifest['taken_at']}")

    def latest(self):
        last = latest(UpkeepKind.BACKUP, well=True)
        if last is None:
            raise CommandError("No back-up has been taken yet: bin/manage backup FILE")
        return Path(last.facts["file"])
