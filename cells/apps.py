from django.apps import AppConfig


class CellsConfig(AppConfig):
    name = "cells"

    def ready(self) -> None:
        from accounts import invitations as addresses  # noqa: PLC0415 -- models are loaded only now
        from cells.domain import invitations  # noqa: PLC0415 -- models are loaded only now

        addresses.CHECKS.append(invitations.still_stands)
