"""Offices, accounts and the association's own rules."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from cells.choices import Office, PolicyItem
from cells.domain.people import known_to
from cells.models import Appointment
from cells.reach import seen_cells
from cells.serializers.companies import CELL, PersonBrief
from core.names import NAME_LIMIT
from core.rest.answers import Answers, Choice, Code, Count, Day, Optional, Text
from core.rest.shapes import Reference, Shape


class AppointmentShape(Shape):
    base = "appointments"
    brief = ("id", "url")
    id = serializers.SerializerMethodField(label=_("编号"))
    cell = Reference(CELL, among=seen_cells, label=_("党组织"))
    holder = PersonBrief(label=_("任职人"))
    on = serializers.DateField(source="starts_on", label=_("任职日期"))
    until = serializers.DateField(source="ends_on", allow_null=True, label=_("任期至"))

    class Meta:
        model = Appointment
        fields = ("id", "url", "cell", "office", "holder", "on", "until", "end_reason")

    def get_id(self, row) -> str:
        return self.key_of(row)

    def key_of(self, thing):
        return f"{thing.cell.code}.{thing.office}.{thing.holder.code}.{thing.starts_on}"


class AppointAnswers(Answers):
    """Exactly one of ``holder`` and ``name``: with a name an account is opened that nobody can sign in to yet."""

    cell = Code(seen_cells, label=_("党组织"))
    holder = Code(known_to, label=_("任职人的账号"), required=False, allow_null=True)
    name = Optional(label=_("还没有账号的任职人"), max_length=NAME_LIMIT)
    office = Choice(Office, label=_("职务"))
    on = Day(label=_("任职日期"))
    until = Day(label=_("任期至"), required=False, allow_null=True)


class EndAnswers(Answers):
    reason = Text(label=_("免职原因"), max_length=200)
    on = Day(label=_("免职日期"))


class InvitationShape(serializers.Serializer):
    """Where the holder opens the account; shown once, to be handed on."""

    address = serializers.URLField(label=_("登录邀请"))


class PersonShape(Shape):
    base = "people"
    account = serializers.SerializerMethodField(label=_("账号"))

    class Meta:
        model = User
        fields = ("code", "url", "name", "account")

    def get_account(self, person) -> str:
        """dormant, open or closed."""
        if not person.is_active:
            return "closed"
        return "dormant" if person.is_dormant else "open"


class ReasonAnswers(Answers):
    reason = Text(label=_("原因"), max_length=200)


class PolicyShape(serializers.Serializer):
    item = serializers.ChoiceField(label=_("规则"), choices=PolicyItem.choices)
    words = serializers.CharField(label=_("含义"))
    value = serializers.IntegerField(label=_("今天的数值"))
    lowest = serializers.IntegerField(label=_("最低"))
    highest = serializers.IntegerField(label=_("最高"))


class PoliciesShape(serializers.Serializer):
    """Every rule."""

    results = PolicyShape(many=True)


class PolicyAnswers(Answers):
    value = Count(label=_("数值"), min_value=0, max_value=10_000)
    on = Day(label=_("从哪天起"))
    reason = Text(label=_("为什么改"), max_length=200)
