"""Tokens, without their secrets; the secret once, where it is drawn."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cells.reach import seen_cells
from core.rest.answers import Answers, Code, Day, Optional, Text
from core.rest.shapes import Reference, Shape
from integrations.choices import Scope, TokenState
from integrations.models import Token


class TokenShape(Shape):
    base = "tokens"
    cell = Reference("cells.serializers.cells.CellShape", among=seen_cells, label=_("党组织范围"))
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), label=_("用途"))
    networks = serializers.ListField(child=serializers.CharField(), label=_("允许的地址"))
    state = serializers.ChoiceField(choices=TokenState.choices, label=_("状态"))

    class Meta:
        model = Token
        fields = (
            "code", "url", "name", "cell", "scopes", "networks", "state", "drawn_on", "expires_on", "last_used_at",
            "ended_at",
        )  # fmt: skip


class DrawnShape(TokenShape):
    """A token with what a program shows, told this once."""

    token = serializers.CharField(source="shown", label=_("令牌"))

    class Meta(TokenShape.Meta):
        fields = (*TokenShape.Meta.fields, "token")


class RotateAnswers(Answers):
    expires_on = Day(label=_("有效期至"))


class DrawUpAnswers(RotateAnswers):
    name = Text(label=_("名称"), max_length=Token._meta.get_field("name").max_length)
    cell = Code(seen_cells, label=_("党组织范围"))
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), label=_("用途"))
    networks = Optional(label=_("允许的地址"), max_length=1000)


class ReachShape(serializers.Serializer):
    """One stretch of the tree, and what may be done there."""

    cell = serializers.CharField(label=_("党组织"))
    below = serializers.BooleanField(label=_("包括下级"))
    powers = serializers.ListField(child=serializers.CharField(), label=_("权限"))


class MeShape(serializers.Serializer):
    """Who asks, and how far that carries today."""

    code = serializers.CharField(label=_("账号编号"))
    name = serializers.CharField(label=_("姓名"))
    token = serializers.CharField(label=_("令牌"), allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField(), label=_("用途"), allow_null=True)
    expires_on = serializers.DateField(label=_("有效期至"), allow_null=True)
    reach = ReachShape(many=True)
