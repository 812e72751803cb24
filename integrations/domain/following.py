"""Reading the trail for webhooks: what each is to send is written down once, in order, and nothing is missed."""

from django.contrib.auth import get_user_model
from django.db import transaction

from audit.seals import head
from cells.authority import narrow
from integrations import feed
from integrations.choices import StopReason
from integrations.domain import webhooks
from integrations.feed import Mark
from integrations.models import Delivery, Webhook

PAGE = 200
MOST_PAGES = 20


def follow(most: int = MOST_PAGES) -> int:
    """Write down for every active webhook what it is to send of what was sealed since; how many messages that makes.

    Any number of followers may run: each webhook is read by one of them at a time.
    """
    behind = Webhook.objects.behind(head().sequence).order_by("pk")
    written = 0
    for webhook in list(behind.values_list("pk", flat=True)):
        for _page in range(most):
            found, more = _read_on(webhook)
            written += found
            if not more:
                break
    return written


@transaction.atomic
def _read_on(key: int) -> tuple[int, bool]:
    """One page for one webhook: the messages and how far was read are kept together or not at all."""
    locked = Webhook.objects.behind(head().sequence).select_for_update(skip_locked=True, of=("self",))
    webhook = locked.with_people().filter(pk=key).first()
    if webhook is None:
        return 0, False
    if not webhooks.may_send(webhook):
        webhooks.stop(webhook, why=StopReason.NO_RIGHT)
        return 0, False
    reader = get_user_model().objects.get(pk=webhook.owner_id)
    narrow(reader, webhook.narrowing)
    since = Mark.of(webhook.sequence, webhook.step)
    page = feed.changes(reader, since=since, limit=PAGE, types=webhook.types)
    for change in page.changes:
        sequence, step = change.mark.kept
        webhooks.promise(
            Delivery(
                webhook=webhook,
                sequence=sequence,
                step=step,
                type=change.type,
                resource=change.resource,
                code=change.code,
                place=change.place,
                at=change.at,
            )
        )
    webhook.sequence, webhook.step = page.mark.kept
    webhook.save(update_fields=["sequence", "step"])
    return len(page.changes), page.more
