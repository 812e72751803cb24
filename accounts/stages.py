"""The step of the sign-in that stands in for a lost second factor: what two people vouched for, once."""

from typing import Any

from allauth.account.stages import LoginStage
from django.shortcuts import redirect

from accounts.domain import recovery


class RecoveryStage(LoginStage):
    """Asks for the proof that was handed over; a password alone never does, however long ago the case was."""

    key = "recovery"
    urlname = "accounts:recovery-proof"

    def handle(self) -> tuple[Any, bool]:
        if recovery.owed_by(self.login.user) is None:
            return None, True
        return redirect(self.urlname), True
