"""Say whether the portal is well, and what to do where it is not."""

import json

from django.core.management.base import BaseCommand

from portal.checkup import FAULT, examine, worst


class Command(BaseCommand):
    help = "Examine the portal: a line for each check, and what to do. Exits 1 when something is at fault."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *, json: bool, **options):
        results = examine(thorough=True)
        self.stdout.write(_for_machines(results) if json else _for_people(results))
        if worst(results) == FAULT:
            raise SystemExit(1)


def _for_machines(results):
    return json.dumps(
        {"state": worst(results), "checks": [each.plain for each in results]}, ensure_ascii=False, indent=2
    )


def _for_people(results):
    lines = []
    for each in results:
        lines.append(f"{each.sign} {each.word}  {each.check.title}：{each.finding.words}")
        if each.finding.remedy:
            lines.append(f"         {each.finding.remedy}")
    return "\n".join(lines)
