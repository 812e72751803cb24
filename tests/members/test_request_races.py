"""Two who decide, or one who asks twice, at the same moment."""

import pytest

from core.errors import OutOfTurn
from members.choices import RequestState
from members.domain import requests
from members.models import ChangeRequest, Member
from tests.cast import TODAY
from tests.cells.test_races import at_once
from tests.members.paper import photo

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [5, pytest.param(200, marks=pytest.mark.long)]


def ask(party):
    given = {"item": "degree", "new": "工学硕士", "evidence": photo(), "by": party.plain_member, "on": TODAY}
    return requests.ask(party.wang, **given)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_asking_twice_deciding_and_withdrawing_at_once_each_happens_once(rounds, party):
    for _round in range(rounds):
        asked = at_once(lambda: ask(party), lambda: ask(party))
        assert {type(outcome) for outcome in asked} == {ChangeRequest, OutOfTurn}
        request = next(outcome for outcome in asked if isinstance(outcome, ChangeRequest))

        outcomes = at_once(
            lambda request=request: requests.grant(request, by=party.secretary, on=TODAY),
            lambda request=request: requests.refuse(request, reason="看不清楚", by=party.organiser, on=TODAY),
            lambda request=request: requests.withdraw(request, by=party.plain_member, on=TODAY),
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChangeRequest", "OutOfTurn", "OutOfTurn"]
        request.refresh_from_db()
        granted = request.state == RequestState.GRANTED
        assert (Member.objects.get(pk=party.wang.pk).degree == "工学硕士") == granted
        Member.objects.filter(pk=party.wang.pk).update(degree="")
