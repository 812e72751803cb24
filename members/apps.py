from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from cells.domain import appointments, tree  # noqa: PLC0415 -- models are loaded only now
        from members.domain import cells  # noqa: PLC0415 -- models are loaded only now

        tree.OBSTACLES.append(cells.remaining)
        tree.CARRIERS.append(cells.carry)
        appointments.RECOGNISERS.append(cells.recognise)
