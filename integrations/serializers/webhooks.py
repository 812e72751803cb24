"""Webhooks, without their secrets; the secret once, where it is drawn. And what became of each message."""

import re
import uuid

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cells.models import Cell
from cells.reach import seen_cells
from core.rest.answers import Answers, Code, Count, Optional, Text
from core.rest.shapes import Reference, Shape
from integrations import rules
from integrations.domain.webhooks import LONGEST_OVERLAP
from integrations.models import Delivery, Webhook

MOST_TYPES = 100
_MESSAGE = re.compile(r"msg_([0-9a-f]{32})")


def uid_of(message):
    """The key within a message's id; of anything else one that nobody has."""
    match = _MESSAGE.fullmatch(message)
    return uuid.UUID(match[1]) if match else uuid.UUID(int=0)


def kept_cells(user):
    """Cells a webhook may be bound to."""
    return Cell.objects.standing().filter(rules.KEEP_INTEGRATIONS.scope(user))


class WebhookShape(Shape):
    base = "webhooks"
    cell = Reference("cells.serializers.cells.CellShape", among=seen_cells, label=_("党组织范围"))
    types = serializers.ListField(child=serializers.CharField(), label=_("事件"))
    owner = serializers.CharField(source="owner.code", label=_("负责人的账号"))
    address = serializers.SerializerMethodField(label=_("接收地址"))

    class Meta:
        model = Webhook
        fields = (
            "code", "url", "name", "address", "cell", "types", "owner", "state", "stopped_for", "former_until",
            "opened_at",
        )  # fmt: skip

    def get_address(self, webhook) -> str:
        return webhook.address_for(self.context["sight"].user)


class SecretShape(WebhookShape):
    """A webhook with what it signs with, told this once."""

    secret = serializers.CharField(source="shown", label=_("密钥"))

    class Meta(WebhookShape.Meta):
        fields = (*WebhookShape.Meta.fields, "secret")


class AttemptShape(serializers.Serializer):
    """What came of one attempt; without a status nothing was answered, and ``answer`` says why."""

    at = serializers.CharField(label=_("时间"))
    status = serializers.IntegerField(label=_("答复"), allow_null=True)
    ms = serializers.IntegerField(label=_("毫秒"))
    answer = serializers.CharField(label=_("答复内容"), allow_blank=True)


class DeliveryShape(Shape):
    brief = ("id", "type", "state")
    url = None
    id = serializers.CharField(source="message_id", label=_("编号"))
    attempts = AttemptShape(source="shown_log", many=True, label=_("历次发送"))

    class Meta:
        model = Delivery
        fields = ("id", "type", "resource", "code", "sequence", "at", "state", "due_at", "settled_at", "attempts")

    def hides(self, thing, user):
        return () if thing.is_open else ("resource", "code")


class ChangeAnswers(Answers):
    name = Text(label=_("名称"), max_length=Webhook._meta.get_field("name").max_length)
    address = Text(label=_("接收地址"), max_length=Webhook._meta.get_field("address").max_length)
    types = serializers.ListField(child=Text(max_length=64), max_length=MOST_TYPES, label=_("事件"))


class SetUpAnswers(ChangeAnswers):
    cell = Code(kept_cells, label=_("党组织范围"))


class RotateWebhookAnswers(Answers):
    hours = Count(
        label=_("新旧密钥同时有效几小时"), max_value=int(LONGEST_OVERLAP.total_seconds() // 3600), required=False
    )


class ReplayAnswers(Answers):
    delivery = Optional(label=_("推送记录"), max_length=40)
    since = serializers.DateTimeField(label=_("自"), required=False, allow_null=True)
