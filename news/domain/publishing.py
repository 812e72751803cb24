"""Making something public, putting it right, and taking it back."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from cells.models import Cell
from core.codes import serial_code
from core.errors import OutOfTurn, Refusal, Stale
from core.masks import mask_numbers
from news import rules
from news.models import Announcement

TEXTS = ("title", "body", "title_en", "body_en")
SHORTEST_REASON = 2


@transaction.atomic
def publish(publisher: Cell, *, kind: str, by: Any, on: date, **texts: str) -> Announcement:
    """Put an announcement on the front page, in the name of ``publisher``.

    ``texts`` are title and body, and both in English where it was translated. Needs the power to publish. Refuses
    a personal number anywhere in the text, half a translation, and a second text about ourselves.
    """
    publisher = Cell.objects.select_for_update(no_key=True).get(pk=publisher.pk)
    rules.PUBLISH_AS.require(by, publisher)
    texts = _checked(texts)
    # The row is known by its key before it has one of its own.
    new = Announcement(publisher=publisher, kind=kind, published_on=on, published_by=by, code=f"new-{by.pk}", **texts)
    new.full_clean(exclude=["code"], validate_constraints=False)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise Refusal(_("“关于我们”已经有一篇，请直接修改那一篇。"), field="kind") from None
    new.code = serial_code("GG", new.pk)
    new.save(update_fields=["code"])

    trail.record("news.published", new, by=by, at=publisher.path, facts={"kind": kind, "on": on})
    return new


@transaction.atomic
def correct(announcement: Announcement, *, version: int, by: Any, on: date, **texts: str) -> Announcement:
    """Put the words of an announcement right; its day and its place stay. Unchanged words leave no trace.

    Needs the power to publish. Raises Stale when it was changed since ``version`` was read; refuses one that was
    withdrawn, and what ``publish`` refuses.
    """
    announcement = _locked(announcement, by)
    if announcement.version != version:
        raise Stale(_("您打开之后有人改过这篇公告，请核对后再保存。"))
    changed = {name: text for name, text in _checked(texts).items() if getattr(announcement, name) != text}
    if not changed:
        return announcement

    for name, text in changed.items():
        setattr(announcement, name, text)
    announcement.version += 1
    announcement.corrected_at = timezone.now()
    announcement.full_clean(exclude=["code"], validate_constraints=False)
    announcement.save(update_fields=[*changed, "version", "corrected_at"])
    trail.record("news.corrected", announcement, by=by, at=announcement.publisher.path, facts={"changed": [*changed]})
    return announcement


@transaction.atomic
def withdraw(announcement: Announcement, *, reason: str, by: Any, on: date) -> Announcement:
    """Take an announcement off the public pages; it is kept for those who publish.

    Needs the power to publish. Refuses a second time and a missing reason.
    """
    announcement = _locked(announcement, by)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refusal(_("请写明为什么撤下。"), field="reason")

    announcement.withdrawn_at, announcement.withdrawn_by = timezone.now(), by
    announcement.withdraw_reason = reason
    announcement.version += 1
    announcement.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason", "version"])
    trail.record("news.withdrawn", announcement, by=by, at=announcement.publisher.path, facts={"reason": reason})
    return announcement


def _locked(announcement: Announcement, by: Any) -> Announcement:
    announcement = (
        Announcement.objects.select_for_update(of=("self",)).select_related("publisher").get(pk=announcement.pk)
    )
    rules.PUBLISH.require(by, announcement)
    if announcement.is_withdrawn:
        raise OutOfTurn(_("这篇公告已经撤下，不能再改。"))
    return announcement


def _checked(texts: dict[str, str]) -> dict[str, str]:
    """The words as they are kept. Nothing personal goes before the public (PIPL Art 25)."""
    kept = {name: texts.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    for name, text in kept.items():
        if mask_numbers(text) != text:
            raise Refusal(_("公开的文字里不能有身份证号或手机号，请删去；联系方式请写固定电话。"), field=name)
    if bool(kept["title_en"]) != bool(kept["body_en"]):
        missing = "body_en" if kept["title_en"] else "title_en"
        raise Refusal(_("英文标题和英文正文要么都写，要么都不写。"), field=missing)
    return kept
