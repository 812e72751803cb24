from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "ledgers"

    def ready(self) -> None:
        from ledgers import lists  # noqa: F401, PLC0415 -- registers its lists
