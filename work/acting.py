"""As what somebody starts a job: a program that acts for them is confined, and so is the job it leaves behind.

Offices are an app above this one; its AppConfig.ready() appends what a job keeps of that, what confines again, and
which jobs are within it.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

# (who starts it) -> what the payload keeps; (the owner, the payload); (who asks) -> which of their jobs.
KEEPERS: list[Callable[[Any], dict[str, Any]]] = []
CONFINERS: list[Callable[[Any, dict[str, Any]], None]] = []
LIMITS: list[Callable[[Any], Q]] = []


def kept(by: Any) -> dict[str, Any]:
    """What of how ``by`` acts goes into the payload of a job."""
    return {key: value for keep in KEEPERS for key, value in keep(by).items()}


def resume(owner: Any, payload: dict[str, Any]) -> None:
    """Let ``owner`` act as when the job was started."""
    for confine in CONFINERS:
        confine(owner, payload)


def within(by: Any) -> Q:
    """Of the jobs of ``by`` those they may see, stop and retry as they act now."""
    found = Q()
    for limit in LIMITS:
        found &= limit(by)
    return found
