"""Two programs that read the same version and write at the same moment: one does, the other is told."""

import pytest

from members.models import Member, Membership
from tests.cast import TODAY
from tests.cells.test_races import at_once
from tests.members.test_api_requests import ask

pytestmark = pytest.mark.django_db(transaction=True)
ON = TODAY.isoformat()


def test_of_two_corrections_of_one_version_one_is_kept(party, program):
    path = f"members/{party.wang.code}/"
    first, second = program(party.secretary), program(party.organiser)
    read = {"if-match": first.get(path).headers["ETag"]}
    answers = at_once(
        lambda: first.patch(path, {"remarks": "甲"}, headers=read),
        lambda: second.patch(path, {"remarks": "乙"}, headers=read),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert Member.objects.get(pk=party.wang.pk).version == 2


@pytest.mark.parametrize("deed", ["void", "merge"])
def test_a_deed_that_asks_for_no_version_itself_is_not_done_to_what_changed_meanwhile(party, program, deed):
    """Whoever comes second began from a version that is gone, and is refused even where the deed would still go."""
    path = f"members/{party.wang.code}/"
    first, second = program(party.secretary), program(party.organiser)
    read = {"if-match": first.get(path).headers["ETag"]}
    body = {"reason": "录入两次", "on": ON} | ({"absorbed": party.sun.code} if deed == "merge" else {})
    Member.objects.filter(pk=party.sun.pk).update(id_number="", id_number_index="")
    answers = at_once(
        lambda: first.patch(path, {"remarks": "甲"}, headers=read),
        lambda: second.post(f"{path}{deed}/", body, headers=read),
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 412], [204, 412], [204, 409])


def test_of_two_placings_one_is_done(party, program):
    path = f"members/{party.wang.code}/"
    first, second = program(party.secretary), program(party.organiser)
    read = {"if-match": first.get(path).headers["ETag"]}
    body = {"cell": party.first_group.code, "reason": "编入", "on": ON}
    answers = at_once(
        lambda: first.post(f"{path}place/", body, headers=read),
        lambda: second.post(f"{path}place/", body, headers=read),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert Membership.objects.filter(member=party.wang).current().count() == 1


def test_of_granting_and_refusing_at_once_one_is_done(party, program):
    path = f"change-requests/{ask(party.wang).code}/"
    first, second = program(party.secretary), program(party.organiser)
    answers = at_once(
        lambda: first.post(f"{path}grant/"), lambda: second.post(f"{path}refuse/", {"reason": "证明看不清"})
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
