"""Sending what was promised: eight attempts in a day, each counted before it begins and told of afterwards.

No transaction is open while the receiver is waited for. An attempt whose worker is killed is taken up by another one
when its lease is over, under the same message id.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cells.authority import narrow
from integrations import feed, outgoing, signing
from integrations.choices import DeliveryState, StopReason
from integrations.domain import webhooks
from integrations.models import Delivery
from integrations.outgoing import Answer
from work import broker, outbox

LEASE = timedelta(seconds=30)
# How long after the first, the second … attempt the next one follows: the eighth comes within a day.
WAITS = [
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=15),
]
MOST_ATTEMPTS = len(WAITS) + 1
MOST_LOGGED = 3 * MOST_ATTEMPTS
KEPT = timedelta(days=30)
GONE = 410
TASK = "integrations.tasks.send"


def hand_over(key: int) -> None:
    """Give a message to a sender, and look again when its lease is over; runs in the outbox's transaction."""
    delivery = Delivery.objects.waiting().filter(pk=key, webhook__state="active").first()
    now = timezone.now()
    if delivery is None or delivery.due_at > now:
        return
    outbox.post("integrations.hand_over", {"delivery": key}, run_after=now + LEASE)
    transaction.on_commit(lambda: broker.hint(TASK, key), robust=True)


def send(key: int) -> Answer | None:
    """Make one attempt at a message, if it is due and nobody else is at it; None where none was made."""
    delivery = _claim(key)
    if delivery is None:
        return None
    body, now = signing.body(delivery), timezone.now()
    headers = signing.headers(delivery.webhook.secrets(now), delivery.message_id, now, body)
    answer = outgoing.send(delivery.webhook.address, body, headers)
    _conclude(delivery, answer)
    return answer


def forget() -> int:
    """Clear what was settled so long ago that nobody asks for it."""
    return Delivery.objects.settled_before(timezone.now() - KEPT).delete()[0]


@transaction.atomic
def _claim(key: int) -> Delivery | None:
    """Count the attempt; what its owner may hear of no more is dropped instead, and a webhook without right stopped."""
    now = timezone.now()
    free = Delivery.objects.sendable(now).select_for_update(skip_locked=True, of=("self",))
    delivery: Delivery | None = free.select_related("webhook__owner", "webhook__cell").filter(pk=key).first()
    if delivery is None:
        return None
    if not webhooks.may_send(delivery.webhook):
        webhooks.stop(delivery.webhook, why=StopReason.NO_RIGHT)
        return None
    if not _may_be_heard_of(delivery):
        _settle(delivery, DeliveryState.DROPPED)
        return None
    if delivery.attempts >= MOST_ATTEMPTS:  # each of them killed its worker
        _give_up(delivery)
        return None
    Delivery.objects.filter(pk=key).update(attempts=F("attempts") + 1, locked_until=now + LEASE)
    delivery.attempts += 1
    return delivery


def _may_be_heard_of(delivery: Delivery) -> bool:
    reader = get_user_model().objects.get(pk=delivery.webhook.owner_id)
    narrow(reader, delivery.webhook.narrowing)
    return delivery.pk in feed.still_heard(reader, [delivery])


@transaction.atomic
def _conclude(delivery: Delivery, answer: Answer) -> None:
    """Write down what came of an attempt, and what follows from it. A message settled meanwhile stays settled."""
    locked = Delivery.objects.waiting().select_for_update(of=("self",)).filter(pk=delivery.pk)
    found: Delivery | None = locked.select_related("webhook").first()
    if found is None:
        return
    attempt: dict[str, Any] = {
        "at": timezone.localtime().isoformat(timespec="seconds"),
        "status": answer.status,
        "ms": answer.milliseconds,
        "answer": answer.text,
    }
    found.log = [*found.log, attempt][-MOST_LOGGED:]
    found.save(update_fields=["log"])
    if answer.is_welcome:
        _settle(found, DeliveryState.SENT)
    elif answer.status == GONE:
        _give_up(found, StopReason.GONE)
    elif found.attempts >= MOST_ATTEMPTS:
        _give_up(found)
    else:
        found.due_at, found.locked_until = timezone.now() + WAITS[found.attempts - 1], None
        found.save(update_fields=["due_at", "locked_until"])
        outbox.post("integrations.hand_over", {"delivery": found.pk}, run_after=found.due_at)


def _give_up(delivery: Delivery, why: StopReason = StopReason.FAILING) -> None:
    _settle(delivery, DeliveryState.FAILED)
    webhooks.stop(delivery.webhook, why=why)


def _settle(delivery: Delivery, state: DeliveryState) -> None:
    delivery.state, delivery.settled_at, delivery.locked_until = state, timezone.now(), None
    delivery.save(update_fields=["state", "settled_at", "locked_until"])
