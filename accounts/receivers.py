"""What django-allauth announces about second factors goes into the trail."""

from typing import Any

from allauth.mfa import signals
from django.dispatch import receiver
from django.utils.translation import gettext

from accounts.adapters import factor_name, record_failure
from audit import trail

ANNOUNCED = {
    signals.authenticator_added: "accounts.factor_added",
    signals.authenticator_removed: "accounts.factor_removed",
    signals.authenticator_reset: "accounts.factor_reset",
}


@receiver(list(ANNOUNCED))
def record_factor(signal: Any, user: Any, authenticator: Any, **_announced: Any) -> None:
    trail.record(ANNOUNCED[signal], user, by=user, at="", facts={"factor": factor_name(authenticator.type)})


@receiver(signals.authentication_failed)
def record_wrong_code(user: Any, **_announced: Any) -> None:
    record_failure(user, gettext("第二验证不对"))
