"""What may be asked of tokens and webhooks."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cells.reach import seen_cells
from core.criteria import Choice, Code, Criteria, Day, Moment, Text
from integrations.choices import DeliveryState, WebhookState


class TokenCriteria(Criteria):
    """Of one's own tokens."""

    code = Text(_("编号"), ways=("", "n"))
    name = Text(_("名称"))
    cell = Code(_("党组织范围"), among=seen_cells)
    expires_on = Day(_("有效期至"))


class WebhookCriteria(Criteria):
    """Of the webhooks somebody keeps."""

    code = Text(_("编号"), ways=("", "n"))
    name = Text(_("名称"))
    state = Choice(_("状态"), choices=WebhookState)
    cell = Code(_("党组织范围"), among=seen_cells)


class DeliveryCriteria(Criteria):
    """Of the messages of one webhook."""

    type = Text(_("事件"), ways=("", "n"))
    code = Text(_("编号"), ways=("", "n"))
    state = Choice(_("状态"), choices=DeliveryState)
    since = Moment(_("自"), by="made_since")

    @staticmethod
    def names_a_thing(asked: Collection[str]) -> bool:
        """Is it asked of single things, so that being found tells of them?"""
        return any(name.partition("__")[0] == "code" for name in asked)

    def made_since(self, deliveries: QuerySet, moment: datetime) -> QuerySet:
        return deliveries.filter(made_at__gte=moment)
