"""Worlds: the same seed makes the same people, and everything holds of them that holds of people."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from cells.models import Cell
from core.crypto import blind_index
from members.models import Member, Membership
from portal.bench import world
from tests.cast import found_by_mobile

PEOPLE = 300


def made_and_taken_back(seed):
    with transaction.atomic():
        made = world.build(PEOPLE, seed)
        transaction.set_rollback(True)
    return made


def test_the_same_seed_makes_the_same_people(db):
    first, again, other = (made_and_taken_back(seed) for seed in (1, 1, 2))
    assert first.digest == again.digest != other.digest
    assert first.rows == again.rows
    assert first.rows["members_member"] == PEOPLE


def test_everything_holds_of_them(db, capsys):
    world.build(PEOPLE)
    connection.check_constraints()
    call_command("verify_invariants")
    assert capsys.readouterr().out == ""


def test_one_branch_is_very_large_and_people_came_from_elsewhere(db):
    world.build(PEOPLE)
    large = User.objects.get(username="world-large").appointments.get().cell
    assert Membership.objects.filter(cell=large).count() >= PEOPLE // 10
    assert Membership.objects.filter(exit_reason="placed").exists()
    assert Member.objects.exclude(standing="normal").exists()
    assert Cell.objects.filter(kind="group").exists() or Cell.objects.count() < 40


def test_what_is_sealed_opens_and_is_found(db):
    world.build(PEOPLE)
    member = Member.objects.exclude(mobile_index="").order_by("pk").first()
    assert member.id_number.startswith("999999") and len(member.id_number) == 18
    assert member.id_number_index == blind_index(member.id_number, field="members.id_number")
    assert found_by_mobile(member.mobile).filter(pk=member.pk).exists()
    assert found_by_mobile(member.mobile[-4:]).filter(pk=member.pk).exists()


class TestMakeWorld:
    def test_leaves_alone_what_is_on_record(self, party):
        with pytest.raises(CommandError, match="--into-new"):
            call_command("make_world", "--members", "100")

    @pytest.mark.parametrize("command", ["make_world", "bench"])
    def test_makes_nobody_up_beside_real_people(self, db, settings, command):
        settings.ZHIBU_TEST_DIVISION = ""
        with pytest.raises(CommandError, match="production"):
            call_command(command)
        assert not Member.objects.exists()
