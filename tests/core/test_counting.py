"""How often something was done within an hour."""

import pytest
from django.core.cache import cache

from core.counting import times


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def test_each_time_counts_for_its_own_key():
    assert [times("one"), times("one"), times("other"), times("one")] == [1, 2, 1, 3]


def test_several_are_counted_at_once():
    assert [times("many", more=3), times("many"), times("many", more=2)] == [3, 4, 6]
    assert times("several-gone", within=0, more=3) == 3


def test_a_count_that_ends_while_it_is_taken_begins_again():
    assert [times("gone", within=0), times("gone", within=0)] == [1, 1]
