from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkConfig(AppConfig):
    name = "work"

    def ready(self) -> None:
        # Web processes must know every effect, job and schedule too: they post them.
        autodiscover_modules("tasks")
        from work import lists  # noqa: F401, PLC0415 -- registers its list
