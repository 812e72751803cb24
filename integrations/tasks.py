"""What the clock and the outbox do for tokens, kept answers and webhooks."""

from datetime import date, timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from core.actors import SYSTEM
from integrations.domain import answers, following, sending, tokens
from work.outbox import effect
from work.schedules import schedule

AHEAD = timedelta(days=14)


@schedule("integrations.forget_answers", every="hour", at="00:35", catch_up=1)
def forget_answers(payload: dict[str, Any]) -> None:
    """Clear the answers nobody is given once more."""
    answers.forget(timezone.now())


@schedule("integrations.remind_of_tokens", every="day", at="07:40", catch_up=14)
def remind_of_tokens(payload: dict[str, Any]) -> None:
    """Tell the holders of tokens that run out in two weeks, on the day of each period, so that none is missed."""
    day = date.fromisoformat(payload["period"])
    tokens.remind(by=SYSTEM, on=day + AHEAD)


@shared_task(name="integrations.tasks.follow_trail")
def follow_trail() -> int:
    """Every few seconds: write down what webhooks are to send of what was sealed since."""
    return following.follow()


@effect("integrations.hand_over")
def hand_over(payload: dict[str, Any]) -> None:
    """A message is due: give it to a sender, outside of this transaction."""
    sending.hand_over(payload["delivery"])


@shared_task(name=sending.TASK)
def send(delivery: int) -> bool:
    """Make one attempt at a message."""
    return sending.send(delivery) is not None


@schedule("integrations.forget_deliveries", every="day", at="03:25", catch_up=1)
def forget_deliveries(payload: dict[str, Any]) -> None:
    """Clear what was sent, or given up, long ago."""
    sending.forget()
