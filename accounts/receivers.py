"""What django-allauth announces about second factors goes into the trail; a session notes when it began."""

import time
from typing import Any

from allauth.mfa import signals
from django.contrib.auth import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext

from accounts.adapters import factor_name, record_failure
from accounts.domain import recovery, sessions
from accounts.middleware import BEGAN, SEEN
from audit import trail

ANNOUNCED = {
    signals.authenticator_added: "accounts.factor_added",
    signals.authenticator_removed: "accounts.factor_removed",
    signals.authenticator_reset: "accounts.factor_reset",
}


@receiver(list(ANNOUNCED))
def record_factor(signal: Any, request: Any, user: Any, authenticator: Any, **_announced: Any) -> None:
    """Whoever is signed in elsewhere proved themselves in the old way; there they sign in anew."""
    with transaction.atomic():
        trail.record(ANNOUNCED[signal], user, by=user, at="", facts={"factor": factor_name(authenticator.type)})
        sessions.close_others(request, user)
        if signal is signals.authenticator_added:
            recovery.settle(user)


@receiver(user_logged_in)
def note_the_beginning(request: Any, **_announced: Any) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


@receiver(signals.authentication_failed)
def record_wrong_code(user: Any, **_announced: Any) -> None:
    record_failure(user, gettext("第二验证不对"))
