"""Everything held about people is declared: field by field, for every table there is."""

from collections import Counter

from django.apps import apps

from core import data_map
from core.crypto import EncryptedField
from core.data_map import BLANKED, KEPT, ORDINARY, REMOVED, SENSITIVE

MODELS = {model._meta.label: model for model in apps.get_models()}
EVERY = list(data_map.holdings())


def fields_of(model):
    return [field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)]


def test_every_field_is_declared_once():
    """What is missing belongs into the app's data_map.py: docs/new-field.md, question 3."""
    wrong = {}
    for label, model in MODELS.items():
        declared, fields = Counter(data_map.declared(label)), Counter(fields_of(model))
        if declared != fields:
            wrong[label] = {"missing": [*(fields - declared)], "too many": [*(declared - fields)]}
    assert wrong == {}


def test_nothing_is_declared_of_a_table_that_is_gone():
    assert data_map.models() - set(MODELS) == set()


def test_every_declaration_says_why_on_what_ground_how_long_and_for_whom():
    for holding in EVERY:
        assert holding.kind in (ORDINARY, SENSITIVE)
        assert holding.erasure in (KEPT, BLANKED, REMOVED)
        stated = (holding.purpose, holding.ground, holding.retention, holding.readers)
        assert all(str(words).strip() for words in stated)
        assert holding.erasure == KEPT or holding.rows or holding.forget, holding


def test_what_is_sealed_is_never_called_impersonal_or_ordinary():
    sensitive = {(holding.model, name) for holding in EVERY for name in holding.fields if holding.kind == SENSITIVE}
    sealed = {
        (label, field.name)
        for label, model in MODELS.items()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedField)
    }
    assert sealed - sensitive == set()
