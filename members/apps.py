from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from accounts.domain import people  # noqa: PLC0415 -- models are loaded only now
        from cells.domain import appointments, tree  # noqa: PLC0415 -- models are loaded only now
        from members import lists, straight  # noqa: F401, PLC0415 -- register the lists
        from members.domain import cells, sign_ins  # noqa: PLC0415 -- models are loaded only now

        tree.OBSTACLES.append(cells.remaining)
        tree.CARRIERS.append(cells.carry)
        appointments.RECOGNISERS.append(cells.recognise)
        # Whoever is on a roster is known by that, office or not.
        people.NAMED_BY.insert(0, sign_ins.named_by_record)
