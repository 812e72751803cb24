"""Which rows somebody may name by a code: in an address, in what a program sends, in what a list is asked."""

from typing import Any

from django.db.models import QuerySet

from members.models import ChangeRequest, Member


def seen_members(user: Any) -> QuerySet:
    return Member.objects.visible_to(user)


def readable_members(user: Any) -> QuerySet:
    """Those whose card the person may open: who they see, and themselves."""
    return Member.objects.readable_by(user)


def readable_requests(user: Any) -> QuerySet:
    return ChangeRequest.objects.readable_by(user).with_what_lists_show()
