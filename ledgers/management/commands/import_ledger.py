"""``bin/manage import_ledger FOLDER``: the wizard's deeds from the command line."""

from contextlib import nullcontext
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from cells.models import Cell
from core.actors import SYSTEM
from core.codes import read_code
from core.dates import parse_day
from core.errors import Refusal
from ledgers.choices import ORDER, Outcome
from ledgers.columns import LEDGERS
from ledgers.domain import folders
from ledgers.models import Import, StagedRow

SHOWN = 200


class Command(BaseCommand):
    help = (
        "Import the ledgers of a folder: organisations, companies and members as .xlsx or .csv, recognised by their "
        "headings. Rows with errors are left out and listed; the command fails only when nothing could be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
        parser.add_argument(
            "--under", metavar="CODE", help="the cell to act for: organisations without a superior go under it"
        )
        parser.add_argument("--as-of", metavar="DATE", help="the day the ledgers stood so; today when left out")
        parser.add_argument("--by", metavar="USERNAME", help="who imports, with the rights they have; else the system")

    def handle(self, *, folder, dry_run, under, as_of, by, **options):
        today = timezone.localdate()
        with translation.override("zh-hans"):
            try:
                with transaction.atomic() if dry_run else nullcontext():
                    done = self._import(
                        files=folders.files_in(folder),
                        cell=_cell(under),
                        by=_person(by),
                        on=today,
                        as_of=parse_day(as_of).day if as_of else today,
                    )
                    self._tell(done, dry_run=dry_run)
                    if dry_run:
                        transaction.set_rollback(True)
            except Refusal as refusal:
                raise CommandError(str(refusal.message)) from None
            except PermissionDenied:
                raise CommandError("This person may not import these ledgers there.") from None
            except OSError as error:
                raise CommandError(str(error)) from None

    def _import(self, **given):
        progress = _Line(self.stderr)
        the_import = folders.prepare(progress=progress, **given)
        return folders.carry_out(the_import, by=given["by"], progress=progress)

    def _tell(self, done: Import, *, dry_run: bool):
        self._list_errors(done)
        for number, warning in done.result["warnings"]:
            self.stderr.write(f"organisations row {number}: {warning}")
        kinds = [kind for kind in ORDER if kind in done.counts]
        for kind in kinds:
            wrote = done.result["done"].get(kind, {})
            counts = done.counts[kind]
            self.stdout.write(
                f"{kind}: {wrote.get(Outcome.NEW, 0)} new, {wrote.get(Outcome.UPDATE, 0)} updated, "
                f"{counts[Outcome.SAME]} unchanged, {counts[Outcome.ERROR]} in error"
            )
        self.stdout.write(f"secretaries: {done.result['secretaries']} appointed")
        self.stdout.write("dry run: nothing was kept" if dry_run else f"import {done.ref}")

    def _list_errors(self, done: Import):
        wrong = StagedRow.objects.of(done).filter(outcome=Outcome.ERROR).select_related("upload")
        for row in wrong.defer("upload__content")[:SHOWN]:
            columns = LEDGERS[row.upload.kind].by_field
            for name, severity, sentence in row.found["remarks"]:
                if severity == "error":
                    self.stderr.write(f"{row.upload.file_name} row {row.number} {columns[name].label}: {sentence}")


class _Line:
    """Progress as lines on the screen; it keeps no place, since an import begun again changes nothing twice."""

    def __init__(self, stream):
        self.stream, self.checkpoint, self.last = stream, {}, ""

    def step(self, done, total=None, note=""):
        line = f"{note} {done}/{total}"
        if line != self.last:
            self.stream.write(line)
        self.last = line

    def save(self):
        """Nothing to keep: what is in already is found in place."""


def _cell(code):
    if not code:
        return None
    cell = Cell.objects.standing().filter(code=read_code(code)).first()
    if cell is None:
        raise CommandError(f"No cell has the code {code}.")
    return cell


def _person(username):
    if not username:
        return SYSTEM
    user = User.objects.filter(username=User.normalize_username(username), is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {username}.")
    return user
