"""Setting up where changes are sent to, and keeping that."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import events, trail
from cells.authority import narrowing
from cells.models import Cell
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal, Stale
from integrations import feed, outgoing, rules, signing
from integrations.choices import WEBHOOK_FLOW, DeliveryState, StopReason, WebhookState
from integrations.models import Delivery, Webhook
from notices.domain import post
from work import outbox

MOST_OPEN = 50
MOST_REPLAYED = 1000
LONGEST_OVERLAP = timedelta(hours=72)
TEST = "webhook.test"

STOPPED = gettext_lazy("事件推送“%(name)s”已停用：%(why)s。")
ENDED = gettext_lazy("您的事件推送“%(name)s”已由%(who)s结束。")
PAUSED = gettext_lazy("您的事件推送“%(name)s”已由%(who)s暂停。")
TAKEN = gettext_lazy("您的事件推送“%(name)s”已由%(who)s接手。")


def set_up(cell: Cell, *, name: str, address: str, types: Collection[str], by: Any) -> tuple[Webhook, str]:
    """Send changes in ``cell`` and below to ``address`` from now on; returns the webhook and its secret, told once.

    Needs the power to keep integrations there. Only what ``by`` may hear of goes out; where a program sets it up, no
    more than the program may see. Refuses an address ``outgoing`` refuses, no type and one there is not. The
    name in the address is looked up before anything is locked.
    """
    rules.KEEP_INTEGRATIONS.require(by, cell)
    return _open(cell, name=name, address=_reachable(address), types=types, by=by)


@transaction.atomic
def _open(cell: Cell, *, name: str, address: str, types: Collection[str], by: Any) -> tuple[Webhook, str]:
    if Webhook.objects.filter(owner=by.pk).exclude(state=WebhookState.ENDED).count() >= MOST_OPEN:
        raise Refusal(_("您已有 %d 个事件推送，请先结束不用的。") % MOST_OPEN)
    secret, bound = signing.new_secret(), narrowing(by)
    new = Webhook(
        cell=cell,
        owner=by,
        name=_named(name),
        address=address,
        types=_wanted(types),
        powers=None if bound is None else sorted(bound.powers),
        secret=secret,
        sequence=feed.latest().sequence,
    )
    new.save(force_insert=True)
    trail.record("integrations.webhook_opened", new, by=by, at=cell.path, facts=_facts(new))
    return new, secret


def change(webhook: Webhook, *, name: str, address: str, types: Collection[str], by: Any, version: int) -> Webhook:
    """Send something else, or elsewhere. For its owner alone: the address gets what the owner may see.

    Refuses what ``set_up`` refuses; raises Stale when it was changed since ``version`` was read.
    """
    now = Webhook.objects.with_people().get(pk=webhook.pk)
    _require_unchanged(now, version, by)
    if address != now.address:
        _reachable(address)
    return _change(webhook, name=name, address=address, types=types, by=by, version=version)


@transaction.atomic
def _change(webhook: Webhook, *, name: str, address: str, types: Collection[str], by: Any, version: int) -> Webhook:
    webhook = _lock(webhook)
    _require_unchanged(webhook, version, by)
    before = _facts(webhook)
    webhook.name, webhook.address, webhook.types = _named(name), address, _wanted(types)
    after = _facts(webhook)
    webhook.version += 1
    webhook.save(update_fields=["name", "address", "types", "version"])
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    trail.record("integrations.webhook_changed", webhook, by=by, at=webhook.cell.path, facts={"changes": changes})
    return webhook


@transaction.atomic
def rotate(webhook: Webhook, *, hours: int, by: Any) -> tuple[Webhook, str]:
    """Draw a new secret, told this once; for ``hours`` both sign, so that the receiver can change over in between.

    For its owner alone. Refuses more than 72 hours.
    """
    webhook = _lock(webhook)
    _require_owner(webhook, by)
    overlap = timedelta(hours=hours)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Refusal(_("新旧密钥最多同时有效 72 小时。"), field="hours")
    secret = signing.new_secret()
    webhook.former_secret = str(webhook.secret) if hours else ""
    webhook.former_until = timezone.now() + overlap if hours else None
    webhook.secret = secret
    webhook.version += 1
    webhook.save(update_fields=["secret", "former_secret", "former_until", "version"])
    facts = {"until": webhook.former_until}
    trail.record("integrations.webhook_rotated", webhook, by=by, at=webhook.cell.path, facts=facts)
    return webhook, secret


@transaction.atomic
def take_over(webhook: Webhook, *, by: Any) -> Webhook:
    """Answer for a webhook from now on: what goes out is what ``by`` may see. Refuses one's own."""
    webhook = _lock(webhook)
    rules.KEEP_WEBHOOK.require(by, webhook)
    former = webhook.owner
    if former.pk == by.pk:
        raise OutOfTurn(_("这项事件推送已由您负责。"))
    bound = narrowing(by)
    webhook.owner, webhook.powers = by, None if bound is None else sorted(bound.powers)
    webhook.version += 1
    webhook.save(update_fields=["owner", "powers", "version"])
    trail.record("integrations.webhook_taken_over", webhook, by=by, at=webhook.cell.path, facts={"holder": former.name})
    _tell_owner(former, TAKEN, webhook, by)
    return webhook


@transaction.atomic
def pause(webhook: Webhook, *, by: Any) -> Webhook:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    webhook = _step(webhook, "pause", by)
    trail.record("integrations.webhook_paused", webhook, by=by, at=webhook.cell.path)
    _tell_owner(webhook.owner, PAUSED, webhook, by)
    return webhook


@transaction.atomic
def resume(webhook: Webhook, *, by: Any) -> Webhook:
    """Send again, beginning with what waits. Refuses while its owner may not keep integrations there."""
    webhook = _step(webhook, "resume", by)
    if not may_send(webhook):
        raise OutOfTurn(_("负责人不再有管理集成的权限，请先接手。"))
    for delivery in webhook.deliveries.waiting().order_by("pk"):
        outbox.post("integrations.hand_over", {"delivery": delivery.pk})
    trail.record("integrations.webhook_resumed", webhook, by=by, at=webhook.cell.path)
    return webhook


@transaction.atomic
def end(webhook: Webhook, *, by: Any) -> Webhook:
    """Send nothing any more; its secrets are forgotten, and it is seen no more."""
    webhook = _step(webhook, "end", by)
    webhook.secret = webhook.former_secret = ""
    webhook.former_until = None
    webhook.save(update_fields=["secret", "former_secret", "former_until"])
    webhook.deliveries.waiting().update(state=DeliveryState.DROPPED, settled_at=timezone.now())
    trail.record("integrations.webhook_ended", webhook, by=by, at=webhook.cell.path)
    _tell_owner(webhook.owner, ENDED, webhook, by)
    return webhook


@transaction.atomic
def send_test(webhook: Webhook, *, by: Any) -> Delivery:
    """Send a message that says nothing but that it is a test. Refuses while the webhook does not send."""
    webhook = _lock(webhook)
    rules.KEEP_WEBHOOK.require(by, webhook)
    if not webhook.is_active:
        raise OutOfTurn(_("推送没有开启，请先恢复。"))
    delivery = promise(Delivery(webhook=webhook, type=TEST, at=timezone.now()))
    trail.record("integrations.webhook_tested", webhook, by=by, at=webhook.cell.path)
    return delivery


@transaction.atomic
def replay(webhook: Webhook, *, by: Any, delivery: Delivery | None = None, since: datetime | None = None) -> int:
    """Send one message once more, or all that were given up since a moment; says how many.

    They keep their ids, so whoever received one after all can tell. Refuses while the webhook does not send, a message
    that waits anyway, and more than a thousand at once.
    """
    webhook = _lock(webhook)
    rules.KEEP_WEBHOOK.require(by, webhook)
    if not webhook.is_active:
        raise OutOfTurn(_("推送没有开启，请先恢复。"))
    wanted = webhook.deliveries.select_for_update(no_key=True).order_by("pk")
    if delivery is not None:
        wanted = wanted.filter(pk=delivery.pk)
        if wanted.waiting().exists():
            raise OutOfTurn(_("这一条还在等待发送。"))
    else:
        wanted = wanted.failed().filter(made_at__gte=since)
    again = list(wanted[: MOST_REPLAYED + 1])
    if len(again) > MOST_REPLAYED:
        raise Refusal(_("一次最多重发 %d 条，请把时间缩短。") % MOST_REPLAYED, field="since")
    now = timezone.now()
    for one in again:
        one.state, one.attempts, one.due_at = DeliveryState.WAITING, 0, now
        one.locked_until = one.settled_at = None
        one.save(update_fields=["state", "attempts", "due_at", "locked_until", "settled_at"])
        outbox.post("integrations.hand_over", {"delivery": one.pk})
    trail.record("integrations.webhook_replayed", webhook, by=by, at=webhook.cell.path, facts={"count": len(again)})
    return len(again)


@transaction.atomic
def stop(webhook: Webhook, *, why: StopReason) -> Webhook:
    """The house stops a webhook by itself; its owner is told, and who else keeps it can take it over."""
    webhook = _lock(webhook)
    if not webhook.is_active:
        return webhook
    WEBHOOK_FLOW.take(webhook, "stop")
    webhook.stopped_for = why
    webhook.save(update_fields=["state", "stopped_for"])
    trail.record("integrations.webhook_stopped", webhook, by=SYSTEM, at=webhook.cell.path, facts={"stopped_for": why})
    keepers = {person.pk: person for person in rules.KEEP_WEBHOOK.holders(webhook)}
    told = {webhook.owner_id: webhook.owner} | (keepers if why == StopReason.NO_RIGHT else {})
    for person in told.values():
        url = webhook.get_absolute_url() if person.pk in keepers else ""
        post.tell(person, STOPPED, by=SYSTEM, url=url, facts={"name": webhook.name, "why": why.label})
    return webhook


def promise(delivery: Delivery) -> Delivery:
    """Write a message down and promise that it is sent, in the caller's transaction."""
    delivery.save(force_insert=True)
    outbox.post("integrations.hand_over", {"delivery": delivery.pk})
    return delivery


def may_send(webhook: Webhook) -> bool:
    """Whether its owner may still keep integrations where it is bound. Asked afresh: offices end."""
    owner = type(webhook.owner)._default_manager.get(pk=webhook.owner_id)
    return owner.is_active and rules.KEEP_WEBHOOK.allows(owner, webhook)


def _step(webhook: Webhook, verb: str, by: Any) -> Webhook:
    webhook = _lock(webhook)
    rules.KEEP_WEBHOOK.require(by, webhook)
    WEBHOOK_FLOW.take(webhook, verb)
    webhook.stopped_for = ""
    webhook.version += 1
    webhook.save(update_fields=["state", "stopped_for", "version"])
    return webhook


def _lock(webhook: Webhook) -> Webhook:
    locked: Webhook = Webhook.objects.select_for_update(of=("self",)).with_people().get(pk=webhook.pk)
    return locked


def _require_owner(webhook: Webhook, by: Any) -> None:
    """Raises PermissionDenied for anybody but the owner, and for a program that may see less than goes out."""
    rules.KEEP_WEBHOOK.require(by, webhook)
    bound = narrowing(by)
    wider = bound is not None and (webhook.powers is None or not set(webhook.powers) <= bound.powers)
    if webhook.owner_id != by.pk or wider:
        raise PermissionDenied


def _require_unchanged(webhook: Webhook, version: int, by: Any) -> None:
    _require_owner(webhook, by)
    if webhook.version != version:
        raise Stale(_("这项设置刚才已被修改，请核对后再保存。"))


def _named(name: str) -> str:
    if not name.strip():
        raise Refusal(_("请填写名称。"), field="name")
    return name.strip()


def _reachable(address: str) -> str:
    outgoing.judge(outgoing.read(address))
    return address


def _wanted(types: Collection[str]) -> list[str]:
    known = events.types()
    unknown = sorted(set(types) - known.keys())
    if unknown:
        raise Refusal(_("没有“%(type)s”这种事件。") % {"type": unknown[0]}, field="types")
    if not types:
        raise Refusal(_("请至少选一种事件。"), field="types")
    return [kind for kind in known if kind in types]


def _facts(webhook: Webhook) -> dict[str, Any]:
    """What the trail keeps: to which host, never what may stand behind it as a password."""
    return {"name": webhook.name, "host": webhook.host, "types": webhook.types}


def _tell_owner(owner: Any, sentence: Any, webhook: Webhook, by: Any) -> None:
    facts = {"name": webhook.name, "who": getattr(by, "name", "")}
    url = "" if webhook.state == WebhookState.ENDED else webhook.get_absolute_url()
    post.tell(owner, sentence, by=by, url=url, facts=facts)
