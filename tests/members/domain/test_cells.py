"""Members when their cell is merged or dissolved."""

from datetime import timedelta

import pytest
from django.db import connection

from cells.choices import CellKind, Office
from cells.domain import appointments, tree
from core.errors import OutOfTurn
from members.models import Membership
from tests import cast
from tests.cast import TODAY

pytestmark = pytest.mark.django_db


def belonging(cell, day):
    return {str(one.member) for one in Membership.objects.as_of(day).filter(cell=cell).select_related("member")}


def test_a_cell_is_not_dissolved_while_members_remain(party):
    with pytest.raises(OutOfTurn, match="还有 1 名党员"):
        tree.dissolve(party.yuanfan, reason="企业注销", by=party.staff, on=TODAY)


def test_a_cell_without_members_may_be(party):
    cell = cast.found("空支部", CellKind.BRANCH, party.north)
    assert tree.dissolve(cell, reason="企业注销", by=party.staff, on=TODAY).dissolved_on == TODAY


def test_members_go_along_when_their_cell_is_merged(party):
    tree.merge(party.yunshan, into=party.yuanfan, by=party.staff, on=TODAY)

    assert belonging(party.yuanfan, TODAY) == {"李敏", "王涛", "孙悦", "刘洋"}
    assert belonging(party.first_group, TODAY) == {"周子墨"}
    assert belonging(party.yunshan, TODAY) == set()
    assert belonging(party.yunshan, TODAY - timedelta(days=1)) == {"李敏", "王涛", "孙悦"}
    connection.check_constraints()


def test_the_page_says_so_beforehand(client, party):
    client.force_login(party.staff, "cells.signed_in.ByPassword")
    assert "还有 1 名党员" in client.get(f"/cells/{party.yuanfan.code}/dissolution/").content.decode()


def appoint_named(party, name):
    return appointments.appoint_named(
        party.yunshan, holder=None, name=name, office=Office.PUBLICITY_COMMISSIONER, by=party.secretary, on=TODAY
    ).holder


def test_an_account_opened_for_an_officer_is_the_members_own(party):
    holder = appoint_named(party, "孙悦")
    party.sun.refresh_from_db()
    assert party.sun.user == holder


def test_of_two_members_of_one_name_none_is_guessed(party):
    cast.enlist("孙悦", party.first_group)
    appoint_named(party, "孙悦")
    party.sun.refresh_from_db()
    assert party.sun.user is None


def test_a_member_who_has_an_account_keeps_it(party):
    appoint_named(party, "王涛")
    party.wang.refresh_from_db()
    assert party.wang.user == party.plain_member
