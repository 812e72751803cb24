"""Who is signed in, and what they hold today: read in one turn, since every page asks for both.

Both are read anew for each request and kept for no other, so that a closed account and an office that ended are done
with at once.
"""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from cells.authority import offices_asked, offices_from
from core.ready import NEVER, NOBODY
from core.together import Together


class WithOffices:
    """A way to sign in whose person comes with the offices they hold (``authority.held_by``)."""

    def get_user(self, user_id: Any) -> Any:
        """The person of a session, as they stand now; None for a closed account."""
        key = get_user_model()._meta.pk.to_python(user_id)
        people, offices = _asked().fetch({NOBODY: key}, {NOBODY: key, NEVER: timezone.localdate()})
        for person in people:
            if self.user_can_authenticate(person):  # type: ignore[attr-defined]
                person.held_offices = offices_from(offices)
                return person
        return None


class ByPassword(WithOffices, ModelBackend):
    """Django's own way."""


class ByAccount(WithOffices, AuthenticationBackend):
    """The way of allauth."""


@cache
def _asked() -> Together:
    return Together(get_user_model()._default_manager.filter(pk=NOBODY), offices_asked())
