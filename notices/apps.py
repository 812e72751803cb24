from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from accounts import telling  # noqa: PLC0415 -- models are loaded only now
        from notices import lists  # noqa: F401, PLC0415 -- registers its list
        from notices.domain import post  # noqa: PLC0415 -- models are loaded only now

        telling.TELLERS.append(post.tell)
