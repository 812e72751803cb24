"""Write the pages of docs/ that come from code."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.documents import DOCUMENTS


class Command(BaseCommand):
    help = "Write the pages of docs/ that come from code."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")

    def handle(self, *, check, **options):
        folder = settings.BASE_DIR / "docs"
        stale = [
            name
            for name, write in DOCUMENTS.items()
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != write()
        ]
        if check and stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run bin/manage write_docs.")
        for name in stale:
            (folder / name).write_text(DOCUMENTS[name](), encoding="utf-8")
            self.stdout.write(f"docs/{name}")
