"""How the trail is shown to programs: the action's name, and its sentence as the page has it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from audit import reading
from audit.models import Entry
from core.rest.shapes import Shape


class EntryShape(Shape):
    base = "audit-entries"
    brief = ("number", "action", "sentence", "recorded_at", "url")
    number = serializers.IntegerField(source="pk", label=_("序号"))
    sentence = serializers.SerializerMethodField(label=_("事项"))
    actor = serializers.SerializerMethodField(label=_("经办"))
    changes = serializers.SerializerMethodField(label=_("改动"))
    facts = serializers.SerializerMethodField(label=_("事实"))

    class Meta:
        model = Entry
        fields = (
            "number", "url", "action", "sentence", "actor", "thing_code", "thing_label", "changes", "facts",
            "recorded_at", "request_id", "job",
        )  # fmt: skip

    def key_of(self, thing: Entry) -> str:
        return str(thing.pk)

    def get_sentence(self, entry: Entry) -> str:
        return reading.read(entry).sentence

    def get_actor(self, entry: Entry) -> str:
        return reading.read(entry).actor

    def get_changes(self, entry: Entry) -> list[dict[str, str]]:
        return [{"label": one.label, "old": one.old, "new": one.new} for one in reading.read(entry).changes]

    def get_facts(self, entry: Entry) -> list[dict[str, Any]]:
        return [{"label": label, "value": value} for label, value in reading.read(entry).facts]
