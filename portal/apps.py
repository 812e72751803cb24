from django.apps import AppConfig

# Loaded with the apps, so that every process sends its hints through the portal's own broker.
from portal.celery import app as celery_app  # noqa: F401


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        # Registers its checks by being imported, which needs the models.
        from portal import checks, lists  # noqa: F401, PLC0415 -- app ready
