from django.apps import AppConfig


class CellsConfig(AppConfig):
    name = "cells"

    def ready(self) -> None:
        from accounts import display  # noqa: PLC0415 -- models are loaded only now
        from accounts import invitations as addresses  # noqa: PLC0415 -- models are loaded only now
        from accounts.domain import people as profiles  # noqa: PLC0415 -- models are loaded only now
        from accounts.domain import recovery  # noqa: PLC0415 -- models are loaded only now
        from cells import authority, lists, saved  # noqa: F401, PLC0415 -- models are loaded only now
        from cells.domain import invitations, people, recoveries  # noqa: PLC0415 -- models are loaded only now
        from core.lists import pages  # noqa: PLC0415 -- models are loaded only now
        from work import acting  # noqa: PLC0415 -- models are loaded only now

        pages.KEEPERS.append(saved.query_of)
        acting.KEEPERS.append(authority.kept_narrowing)
        acting.CONFINERS.append(authority.narrow_again)
        acting.LIMITS.append(authority.jobs_begun_within)
        display.READS_LARGE.append(authority.reads_large)
        addresses.CHECKS.append(invitations.still_stands)
        profiles.NAMED_BY.append(people.named_by_office)
        recovery.ON_ASKED.append(recoveries.announce)
