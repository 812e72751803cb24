"""Which way of forming an organisation is suggested, and why."""

import pytest

from cells.choices import Cover, FormationMode
from cells.formation import Neighbours, suggest
from cells.story import neighbours
from tests.cast import register


@pytest.mark.parametrize(
    ("full", "beside", "others", "mode", "reason", "source"),
    [
        (3, Neighbours(), {}, "independent", "3 名，已达 3 名", "党章第三十条"),
        (2, Neighbours(1, 1), {}, "joint", "2 名，与邻近 1 家合计 3 名", "支部工作条例第四条"),
        (1, Neighbours(1, 1), {}, "dispatched", "合计仍不足 3 名", "工作覆盖"),
        (0, Neighbours(4, 8), {}, "dispatched", "没有掌握正式党员", "工作覆盖"),
        (0, Neighbours(), {"has_mass_organisation": True}, "led", "已建工会或共青团组织", "工作覆盖"),
        (0, Neighbours(), {"advisor": "顾远帆"}, "recruited", "职工 60 人", "推进口径"),
    ],
)
def test_a_way_is_suggested_with_its_reason_and_what_it_rests_on(full, beside, others, mode, reason, source):
    suggested = suggest(full, staff=60, neighbours=beside, **others)

    assert suggested.mode == FormationMode(mode)
    assert reason in suggested.reason
    assert source in suggested.source


def test_neighbours_stand_in_the_same_park_uncovered_with_a_member_or_two(party):
    asked = register("甲", party.north, park="软件园", members_known=2)
    register("乙", party.north, park="软件园", members_known=1)
    register("丙", party.south, park="软件园", members_known=2)
    register("另一园区", party.north, park="科技园", members_known=2)
    register("可以单独建", party.north, park="软件园", members_known=5)
    register("没有党员", party.north, park="软件园", members_known=0)
    register("已经覆盖", party.north, park="软件园", members_known=2, cover=Cover.OWN, cover_cell=party.yunshan)
    register("不再运营", party.north, park="软件园", members_known=2, operating=False)

    assert Neighbours(**neighbours(asked).get()) == Neighbours(2, 3)
