"""``bin/manage undo_import 2026-0042``: the undoing of a whole import from the command line."""

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from core.actors import SYSTEM
from core.errors import Refusal
from ledgers.domain import undoing
from ledgers.kept import ORDER, named
from ledgers.models import Import

SHOWN = 200


class Command(BaseCommand):
    help = (
        "Undo an import that is no more than seven days old: what it made is voided, what it changed is put back. What "
        "was changed since stays and is listed. Cut off, it goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("ref", metavar="REF", help="the number of the import, such as 2026-0042")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")

    def handle(self, *, ref, dry_run, **options):
        the_import = _import(ref)
        given = {"by": SYSTEM, "on": timezone.localdate()}
        progress = _Line(self.stderr)
        with translation.override("zh-hans"):
            try:
                if dry_run:
                    undoing.require_undoable(the_import, **given)
                    told = undoing.try_out(the_import, **given, progress=progress).undo_trial
                else:
                    undoing.confirm(the_import, **given)
                    told = undoing.carry_out(the_import, **given, progress=progress).undone
            except Refusal as refusal:
                raise CommandError(str(refusal.message)) from None
            except PermissionDenied:
                raise CommandError("The system may not undo this import.") from None
            self._tell(the_import, told)
        self.stdout.write("dry run: nothing was kept" if dry_run else f"import {ref} undone")

    def _tell(self, the_import, told):
        for label in ORDER:
            voided, restored = told["voided"].get(label, 0), told["restored"].get(label, 0)
            if voided or restored:
                self.stdout.write(f"{label}: {voided} voided, {restored} put back")
        self.stdout.write(f"{told['stay']} stay")
        for one in named(the_import, told["kept"][:SHOWN], SYSTEM):
            self.stderr.write(f"{one.kind} {one.name}: {one.why} {one.items} {one.since}".rstrip())


class _Line:
    """Progress as lines on the screen; which steps are undone stands in the database."""

    def __init__(self, stream):
        self.stream, self.checkpoint = stream, {}

    def step(self, done, total=None, note=""):
        self.stream.write(f"{note} {done}/{total}")

    def save(self):
        """Nothing to keep."""


def _import(ref):
    year, _dash, number = ref.partition("-")
    found = Import.objects.filter(year=year, number=number) if year.isdecimal() and number.isdecimal() else []
    for the_import in found:
        return the_import
    raise CommandError(f"No import has the number {ref}.")
