from django.conf import settings
from django.core.management.base import BaseCommand

from core import keyring
from portal.settings.environment import database

SHOWN = ["ALLOWED_HOSTS", "DEBUG", "VAR", "MEDIA_ROOT", "STATIC_ROOT", "LANGUAGE_CODE", "TIME_ZONE"]


class Command(BaseCommand):
    help = "Show what the portal runs with; secrets only by whether they are there."

    def handle(self, **options):
        ours, owner = database(settings.DATABASE_URL), settings.DATABASE_OWNER_URL
        shown = {name: getattr(settings, name) for name in dir(settings) if name.startswith("ZHIBU_") or name in SHOWN}
        ring = keyring.ring()
        shown["ZHIBU_FIELD_KEYS"] = f"{len(ring['keys'])} keys, {ring['current']} in use, {ring['suite']}"
        shown["DATABASE_URL"] = f"{ours['USER']} at {ours['HOST']}:{ours['PORT']}/{ours['NAME']}"
        shown["DATABASE_OWNER_URL"] = database(owner)["USER"] if owner else "not set: no migration from here"
        shown["SECRET_KEY"] = f"{len(settings.SECRET_KEY)} characters"
        for name, value in sorted(shown.items()):
            self.stdout.write(f"{name} = {value}")
