from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ActsConfig(AppConfig):
    name = "acts"

    def ready(self) -> None:
        autodiscover_modules("reversals")
