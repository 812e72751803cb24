"""Telling a person something: the only way to send a notice."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override

from core import rehearsal
from notices.models import Notice

SOURCE_LANGUAGE = "zh-hans"


@transaction.atomic
def tell(user: Any, sentence: Any, *, url: str = "", by: Any, facts: dict[str, Any] | None = None) -> Notice | None:
    """Leave a notice for ``user``, in the deed's own transaction.

    ``sentence`` is a marked (lazily translated) sentence; what varies stands
    in it as ``%(name)s`` and comes in ``facts``, so that each reader gets it
    in their own language. Nobody is told what they did themselves.
    """
    if user.pk == by.pk:
        return None
    if url and not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        raise ValueError(f"a notice leads to a page of the portal, not to {url}")
    with override(SOURCE_LANGUAGE):
        source = str(sentence)
        words = {name: str(value) for name, value in (facts or {}).items()}
    notice = Notice.objects.create(to_id=user.pk, sender_id=by.pk, sentence=source, facts=words, url=url)
    rehearsal.note("notice", text=notice.text)
    return notice


@transaction.atomic
def mark_read(notice: Notice, *, by: Any) -> Notice:
    """Note that its reader has seen the notice. Seeing it again changes nothing."""
    Notice.objects.to(by).unread().filter(pk=notice.pk).update(read_at=timezone.now())
    notice.refresh_from_db()
    return notice


@transaction.atomic
def settle(url: str) -> int:
    """Note that what was asked for at ``url`` is done: nobody who was told needs to see to it any more."""
    return Notice.objects.filter(url=url).unread().update(read_at=timezone.now())


@transaction.atomic
def mark_all_read(*, by: Any) -> int:
    """Note that a person has seen all that they were told so far."""
    return Notice.objects.to(by).unread().update(read_at=timezone.now())
