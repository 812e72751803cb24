"""Ratios: of the same round, with an interval; void where the machine did not keep still."""

from portal.bench.harness import CONTROL, Gate, Ratio, Rounds, measure

QUIET = [1.0, 1.01, 0.99, 1.02, 1.0, 0.98, 1.0]


def rounds(**seconds):
    return Rounds({"floor": QUIET, CONTROL: QUIET, **seconds})


def test_a_ratio_is_of_the_same_round():
    # Every other round the machine was three times as slow: both cases were.
    slowed = [second * pace for second, pace in zip(QUIET, [1, 3] * 4, strict=False)]
    ratio = Rounds({"floor": slowed, "page": [2 * second for second in slowed]}).ratio("page", "floor")
    assert (ratio.low, ratio.value, ratio.high) == (2, 2, 2)


def test_a_control_that_strays_voids_the_run():
    assert not rounds().is_void("floor")
    assert Rounds({"floor": QUIET, CONTROL: [1.3 * second for second in QUIET]}).is_void("floor")
    assert Rounds({"floor": QUIET, CONTROL: [0.5, 1.5, 0.5, 1.5, 0.6, 1.4, 1.0]}).is_void("floor")


def test_a_gate_is_asked_at_the_unfavourable_end():
    ratio = Ratio(1.9, 1.7, 2.1)
    assert not Gate("G1", "page / floor", ratio, most=2).held
    assert not Gate("G4", "peer / page", ratio, least=1.8).held
    assert Gate("G1", "page / floor", ratio, most=2.1).held


def test_every_case_is_asked_in_every_round_and_the_control_twice():
    asked = []
    measured = measure(
        {"one": lambda: asked.append(1), "two": lambda: asked.append(2)}, control="one", rounds=3, inner=2
    )
    assert {len(seconds) for seconds in measured.seconds.values()} == {3}
    assert asked.count(1) == 2 * asked.count(2) == 2 * 3 * (1 + 2)
