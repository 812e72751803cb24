import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.dated import close, since, state, state_many
from core.errors import Refusal

JAN, FEB, MAR, APR = (dt.date(2026, month, 1) for month in (1, 2, 3, 4))
SOME_DAY = dt.date(2026, 1, 1)


def spans(tenancies, flat=1):
    rows = tenancies.objects.standing().filter(flat=flat).order_by("valid")
    return [(row.starts_on, row.ends_on, row.tenant) for row in rows]


def settle(tenancies, on, tenant, flat=1, **rest):
    return state(tenancies, {"flat": flat}, on, by=SYSTEM, values={"tenant": tenant, **rest})


def test_the_first_statement_holds_from_its_day_on(tenancies):
    settle(tenancies, FEB, "Li")
    assert spans(tenancies) == [(FEB, None, "Li")]
    assert tenancies.objects.first_day() == FEB
    assert not tenancies.objects.as_of(JAN).exists()


def test_a_later_statement_splits_the_row_that_held_its_day(tenancies):
    settle(tenancies, JAN, "Li")
    settle(tenancies, MAR, "Wu")
    assert spans(tenancies) == [(JAN, MAR, "Li"), (MAR, None, "Wu")]


def test_a_statement_in_between_holds_until_the_next_recorded_change(tenancies):
    settle(tenancies, JAN, "Li")
    settle(tenancies, MAR, "Wu")
    settle(tenancies, FEB, "Xu")
    assert spans(tenancies) == [(JAN, FEB, "Li"), (FEB, MAR, "Xu"), (MAR, None, "Wu")]


def test_a_statement_before_the_first_record_ends_where_the_record_begins(tenancies):
    settle(tenancies, MAR, "Wu")
    settle(tenancies, JAN, "Li")
    assert spans(tenancies) == [(JAN, MAR, "Li"), (MAR, None, "Wu")]


def test_a_statement_for_a_while_gives_way_to_what_held_before(tenancies):
    settle(tenancies, JAN, "Li")
    state(tenancies, {"flat": 1}, FEB, by=SYSTEM, values={"tenant": "Xu"}, until=MAR)
    assert spans(tenancies) == [(JAN, FEB, "Li"), (FEB, MAR, "Xu"), (MAR, None, "Li")]


def test_saying_the_same_again_writes_nothing(tenancies):
    settle(tenancies, JAN, "Li", rent="10.5")
    assert settle(tenancies, FEB, "Li", rent="10.50") is None
    assert tenancies.objects.count() == 1


def test_values_left_out_stay_as_they_were(tenancies):
    settle(tenancies, JAN, "Li", rent=900)
    row = state(tenancies, {"flat": 1}, FEB, by=SYSTEM, values={"rent": 950})
    row.refresh_from_db()
    assert (row.tenant, row.rent) == ("Li", 950)


def test_a_correction_on_the_first_day_leaves_no_empty_piece(tenancies):
    settle(tenancies, JAN, "Li")
    settle(tenancies, JAN, "Lu")
    assert spans(tenancies) == [(JAN, None, "Lu")]


def test_what_was_believed_before_a_correction_can_still_be_asked(tenancies):
    settle(tenancies, JAN, "Li")
    before = timezone.now()
    settle(tenancies, FEB, "Wu")
    assert tenancies.objects.as_of(MAR).get().tenant == "Wu"
    assert tenancies.objects.as_of(MAR, known_at=before).get().tenant == "Li"
    assert not tenancies.objects.as_of(MAR, known_at=before - dt.timedelta(days=1)).exists()


def test_closing_ends_the_current_row_and_carries_what_is_said_at_the_end(tenancies):
    settle(tenancies, JAN, "Li", rent=900)
    ended = close(tenancies, {"flat": 1}, MAR, by=SYSTEM, values={"rent": 0})
    assert spans(tenancies) == [(JAN, MAR, "Li")]
    assert ended.rent == 0
    assert not tenancies.objects.current().exists()
    assert close(tenancies, {"flat": 1}, APR, by=SYSTEM) is None


def test_an_end_on_the_day_of_the_beginning_is_refused_with_a_sentence(tenancies):
    settle(tenancies, FEB, "Li")
    with pytest.raises(Refusal, match="2026-02-01") as refusal:
        close(tenancies, {"flat": 1}, FEB, by=SYSTEM)
    assert refusal.value.field == "on"


def test_a_statement_in_a_gap_fills_it_no_further_than_the_next_row(tenancies):
    settle(tenancies, MAR, "Wu")
    state(tenancies, {"flat": 1}, JAN, by=SYSTEM, values={"tenant": "Li"}, until=FEB)
    settle(tenancies, FEB, "Xu")
    assert spans(tenancies) == [(JAN, FEB, "Li"), (FEB, MAR, "Xu"), (MAR, None, "Wu")]


def test_many_changes_take_as_many_queries_as_one(tenancies, django_assert_num_queries):
    state_many(tenancies, [({"flat": n}, {"tenant": "Li"}, JAN) for n in range(300)], by=SYSTEM)
    with django_assert_num_queries(5):  # savepoint, read, void, write, release
        answers = state_many(
            tenancies, [({"flat": n}, {"tenant": "Wu" if n % 2 else "Li"}, FEB) for n in range(300)], by=SYSTEM
        )
    assert sum(answer is not None for answer in answers) == 150
    assert spans(tenancies, flat=7) == [(JAN, FEB, "Li"), (FEB, None, "Wu")]
    assert spans(tenancies, flat=8) == [(JAN, None, "Li")]


def test_several_changes_of_one_thing_in_one_call_follow_each_other(tenancies):
    changes = [({"flat": 1}, {"tenant": name}, day) for name, day in (("Li", JAN), ("Wu", MAR), ("Xu", FEB))]
    state_many(tenancies, changes, by=SYSTEM)
    assert spans(tenancies) == [(JAN, FEB, "Li"), (FEB, MAR, "Xu"), (MAR, None, "Wu")]
    assert tenancies.objects.count() == 3


def test_the_database_refuses_two_rows_for_one_day(tenancies):
    tenancies.objects.create(flat=1, tenant="Li", valid=since(JAN))
    with pytest.raises(IntegrityError, match="tenancy_one_at_a_time"), transaction.atomic():
        tenancies.objects.create(flat=1, tenant="Wu", valid=since(FEB))


@pytest.mark.parametrize("valid", [since(JAN, JAN), since(None, JAN)])
def test_the_database_refuses_a_span_without_a_first_day(tenancies, valid):
    with pytest.raises(IntegrityError, match="tenancy_has_a_first_day"), transaction.atomic():
        tenancies.objects.create(flat=1, tenant="Li", valid=valid)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_tenancy SET tenant = 'Wu'",
        "UPDATE core_tenancy SET voided_at = now(), tenant = 'Wu'",
        "DELETE FROM core_tenancy",
        "TRUNCATE core_tenancy",
    ],
)
def test_the_database_refuses_to_rewrite_history(tenancies, statement):
    settle(tenancies, JAN, "Li")
    with pytest.raises(DatabaseError, match=r"keeps its history|permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_row_is_voided_once(tenancies):
    settle(tenancies, JAN, "Li")
    assert tenancies.objects.void(by=SYSTEM, reason="typing error") == 1
    assert tenancies.objects.get().void_reason == "typing error"
    with pytest.raises(IntegrityError), transaction.atomic():
        tenancies.objects.update(voided_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        tenancies.objects.update(voided_at=timezone.now())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abc"), st.none() | st.integers(1, 5)), max_size=8))
def test_each_day_says_what_was_last_said_of_it(tenancies, said):
    """Against the simplest telling of the rule: one tenant and one row number per day of forty."""
    days: dict[int, tuple[str, int]] = {}
    with transaction.atomic():
        for turn, (first, tenant, length) in enumerate(said):
            until = first + length if length else None
            state(
                tenancies,
                {"flat": 1},
                SOME_DAY + dt.timedelta(first),
                by=SYSTEM,
                values={"tenant": tenant},
                until=SOME_DAY + dt.timedelta(until) if until else None,
            )
            before = days.get(first)
            if before is None or before[0] != tenant:
                run = [first]
                while run[-1] + 1 < min(40, until or 40) and days.get(run[-1] + 1) == before:
                    run.append(run[-1] + 1)
                rest = run[-1] + 1
                while before and days.get(rest) == before:
                    days[rest] = (before[0], -turn - 1)  # what resumes afterwards is a row of its own
                    rest += 1
                days |= dict.fromkeys(run, (tenant, turn))
        rows = list(tenancies.objects.standing())
        for day in range(40):
            held = [row.tenant for row in rows if row.holds(SOME_DAY + dt.timedelta(day))]
            assert held == ([days[day][0]] if day in days else [])
        transaction.set_rollback(True)
