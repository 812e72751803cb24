"""What people read about their data and what they agree to: each version for good, each answer theirs."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override
from psycopg2.errors import InsufficientPrivilege, RestrictViolation

from accounts import purposes
from accounts.domain import consents
from accounts.models import Consent
from audit.models import Entry
from core.errors import Refusal, Stale
from portal.owner import acting_as_owner
from tests.cast import TODAY, person

# What has been read stays as it was. A text that is to change gets a new version behind the old one, and a line here.
READ = {
    ("notice", 1): "43aab63c0d86",
    ("mail", 1): "a44be993ac19",
    ("call", 1): "cb6140ad2c3e",
}


def digest(text):
    told = [(language, words.title, list(map(list, words.points))) for language, words in sorted(text.words.items())]
    return hashlib.sha256(repr((text.basis, told)).encode()).hexdigest()[:12]


def answer(user, purpose=purposes.MAIL, *, version=1, given=True, by=None):
    return consents.answer(user, purpose=purpose, version=version, given=given, by=by or user, on=TODAY)


@pytest.fixture
def wang(db):
    return person("王涛")


def test_a_text_that_was_read_is_never_changed():
    assert {(text.key, text.version): digest(text) for text in purposes.VERSIONS} == READ


def test_every_text_is_there_in_both_languages():
    for text in purposes.VERSIONS:
        assert len(text.words["en"].points) == len(text.words["zh-hans"].points)
    with override("en"):
        assert purposes.CURRENT[purposes.MAIL].text.title.isascii()


def test_agreeing_and_taking_back_are_both_one_answer_and_both_are_kept(wang):
    answer(wang)
    assert consents.stands(wang, purposes.MAIL)
    answer(wang, given=False)
    assert not consents.stands(wang, purposes.MAIL)
    assert consents.withdrawn(wang, purposes.MAIL)
    answer(wang)
    assert [consent.given for consent in wang.consents.order_by("pk")] == [True, False, True]
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "accounts.consented", "accounts.withdrew", "accounts.consented",
    ]  # fmt: skip


def test_the_same_answer_twice_is_one(wang):
    assert answer(wang).pk == answer(wang).pk


def test_nobody_agrees_for_somebody_else(wang):
    with pytest.raises(PermissionDenied):
        answer(wang, by=person("赵卫东"))


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"purpose": "nonsense"}, Refusal),
        ({"version": 2}, Stale),
        ({"given": False}, Refusal),
        ({"purpose": purposes.NOTICE, "given": False}, Refusal),
    ],
)
def test_what_makes_no_sense_is_refused(wang, asked, refusal):
    with pytest.raises(refusal):
        answer(wang, **asked)
    assert not wang.consents.exists()


def test_a_new_version_asks_again_and_the_old_consent_does_not_cover_it(wang, monkeypatch):
    for key in (purposes.NOTICE, purposes.MAIL):
        answer(wang, key)
        newer = replace(purposes.CURRENT[key], version=2, since=date(2027, 1, 1))
        monkeypatch.setitem(purposes.CURRENT, key, newer)
    assert consents.is_behind(wang)
    assert not consents.stands(wang, purposes.MAIL)
    assert not consents.withdrawn(wang, purposes.MAIL)
    answer(wang, purposes.NOTICE, version=2)
    assert consents.is_behind(wang)
    answer(wang, given=False)
    assert not consents.is_behind(wang)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE accounts_consent SET given = false", "DELETE FROM accounts_consent"])
def test_an_answer_cannot_be_rewritten(wang, statement):
    answer(wang)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    with acting_as_owner(), pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, RestrictViolation)
    assert Consent.objects.get().given
