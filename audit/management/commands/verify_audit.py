from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit import seals
from audit.models import Seal


class Command(BaseCommand):
    help = "Prove the sealed trail: nothing is printed when it holds, else a line for each broken or long-unsealed row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--summary", action="store_true", help="say how long the chain is and where it ends")
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="SEQUENCE:HASH",
            help="a head written down earlier, which must still stand in the chain",
        )

    def handle(self, *args: Any, summary: bool, expect: list[str], **options: Any) -> None:
        found = 0
        for fault in seals.faults(timezone.now()):
            self.stdout.write(str(fault))
            found += 1
        for written in expect:
            sequence, _colon, digest = written.partition(":")
            if not sequence.isdigit():
                raise CommandError(f"--expect takes SEQUENCE:HASH, not {written}")
            if int(sequence) and not Seal.objects.filter(sequence=int(sequence), hash=digest).exists():
                self.stdout.write(f"seal {sequence}: not the one that was written down")
                found += 1
        if summary:
            self.stdout.write(f"{Seal.objects.count()} sealed, head {seals.head()}")
        if found:
            raise CommandError(f"the trail does not hold in {found} place{'s' if found > 1 else ''}")
