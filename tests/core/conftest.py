import uuid

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from core.crypto import EncryptedField
from core.dated import DatedFact, append_only_sql, dated_constraints
from portal.owner import acting_as_owner


class Tenancy(DatedFact):
    """Who lives in a flat, at what rent: a fact as plain as facts get."""

    flat = models.IntegerField()
    tenant = models.CharField(max_length=20)
    rent = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta:
        app_label = "core"
        constraints = dated_constraints("tenancy", "flat")

    def __str__(self):
        return f"{self.flat}: {self.tenant} {self.valid}"


class Letter(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    topic = models.CharField(max_length=20, blank=True)
    body = EncryptedField(null=True, blank=True)

    class Meta:
        app_label = "core"

    def __str__(self):
        return self.topic


class Person(models.Model):
    name = models.CharField(max_length=120)
    name_pinyin = models.CharField(max_length=400, db_collation="C")
    name_search = ArrayField(models.CharField(max_length=400))

    class Meta:
        app_label = "core"

    def __str__(self):
        return self.name


DRAWN = (Tenancy, Letter, Person)


def _known(*, here: bool) -> None:
    """They are no part of the portal: whoever goes through all of its models meets them while they are asked for."""
    for model in DRAWN:
        if here:
            apps.all_models["core"][model._meta.model_name] = model
        else:
            del apps.all_models["core"][model._meta.model_name]
    apps.clear_cache()


_known(here=False)


@pytest.fixture(scope="module")
def tables(django_db_setup, django_db_blocker):
    """The tables of the models above, made and removed by the owner as a migration would."""
    _known(here=True)
    with django_db_blocker.unblock(), acting_as_owner(), connection.schema_editor() as editor:
        for model in DRAWN:
            editor.create_model(model)
        editor.execute(append_only_sql(Tenancy._meta.db_table).sql, params=None)
    yield
    with django_db_blocker.unblock(), acting_as_owner(), connection.schema_editor() as editor:
        for model in DRAWN:
            editor.delete_model(model)
    _known(here=False)


@pytest.fixture
def tenancies(tables, db):
    return Tenancy


@pytest.fixture
def letters(tables, db):
    return Letter


@pytest.fixture
def people(tables, db):
    return Person
