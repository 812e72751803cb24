from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import lists  # noqa: F401, PLC0415 -- registers its list
