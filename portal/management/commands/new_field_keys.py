import json

from django.core.management.base import BaseCommand

from portal.boot.keys import new_field_keys


class Command(BaseCommand):
    help = "Print a new ring of field keys, to be kept where ZHIBU_FIELD_KEYS_FILE points."
    requires_system_checks = []

    def handle(self, **options):
        self.stdout.write(json.dumps(new_field_keys(), indent=2))
