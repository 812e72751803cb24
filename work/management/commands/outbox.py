from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from work import outbox
from work.models import Outbox


class Command(BaseCommand):
    help = "List the effects that were given up after too many attempts, or let them be tried again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--revive", type=int, action="append", default=[], metavar="ID", help="try it again")

    def handle(self, *args: Any, revive: list[int], **options: Any) -> None:
        for pk in revive:
            if not Outbox.objects.dead().filter(pk=pk).exists():
                raise CommandError(f"no effect {pk} has been given up")
            self.stdout.write(f"{outbox.revive(pk)} will be tried again")
        if not revive:
            for row in Outbox.objects.dead():
                self.stdout.write(f"{row.pk}\t{row.kind}\t{row.posted_at:%Y-%m-%d %H:%M}\t{row.error}")
