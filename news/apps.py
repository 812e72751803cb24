from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"

    def ready(self) -> None:
        from news import lists  # noqa: F401, PLC0415 -- registers its lists
