"""A circuit opens when a host refuses, tries it again, and closes when it answers."""

from __future__ import annotations

import pytest

from netease_crawler.circuit import LAST, PAUSES, REFUSALS, Circuit


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(clock: Clock) -> Circuit:
    circuit = Circuit(60, clock)
    for _ in range(REFUSALS):
        circuit.note(is_refusal=True)
    assert circuit.is_open
    return circuit


def test_opens_at_the_tenth_refusal_of_twenty_answers(clock):
    circuit = Circuit(60, clock)
    pattern = [True, False] * (REFUSALS - 1) + [False]
    assert [circuit.note(is_refusal=answer) for answer in pattern] == [False] * len(pattern)
    assert circuit.note(is_refusal=True)
    assert (circuit.is_open, circuit.refusals, circuit.pause) == (True, "10 of 20", 60)


def test_refusals_long_ago_do_not_count(clock):
    circuit = Circuit(60, clock)
    for _ in range(10):
        for answer in [True] * (REFUSALS - 1) + [False] * (LAST - REFUSALS + 1):
            assert not circuit.note(is_refusal=answer)
    assert not circuit.is_open


def test_one_trial_passes_after_the_pause(clock):
    circuit = opened(clock)
    clock.seconds = 59
    assert (circuit.passes(None), circuit.wait(), circuit.new_trial()) == (False, 1, None)
    clock.seconds = 60
    trial = circuit.new_trial()
    assert trial is not None
    assert (circuit.passes(trial), circuit.passes(None)) == (True, False)
    assert circuit.new_trial() is None


def test_trial_that_is_answered_closes(clock):
    circuit = opened(clock)
    clock.seconds = 60
    assert circuit.note(is_refusal=False, trial=circuit.new_trial())
    assert not circuit.is_open
    assert circuit.passes(None)


def test_each_refused_trial_doubles_the_pause(clock):
    circuit = opened(clock)
    pauses = []
    for _ in range(PAUSES):
        pauses.append(circuit.pause)
        clock.seconds += circuit.pause
        trial = circuit.new_trial()
        assert circuit.note(is_refusal=True, trial=trial)
        assert not circuit.passes(trial)
        assert not circuit.note(is_refusal=True, trial=trial)
    assert pauses == [60, 120, 240, 480, 960]
    assert circuit.openings == PAUSES + 1


@pytest.mark.parametrize("is_refusal", [True, False])
def test_answer_to_what_was_asked_before_changes_nothing(clock, is_refusal):
    circuit = opened(clock)
    assert not circuit.note(is_refusal=is_refusal)
    assert (circuit.is_open, circuit.openings, circuit.wait()) == (True, 1, 60)


def test_trial_that_is_never_answered_is_followed_by_another(clock):
    circuit = opened(clock)
    clock.seconds = 60
    first = circuit.new_trial()
    clock.seconds = 120
    second = circuit.new_trial()
    assert second is not None
    assert (circuit.passes(first), circuit.passes(second)) == (False, True)


@pytest.mark.parametrize(("good_answers", "openings"), [(LAST - REFUSALS, 2), (LAST, 1)])
def test_pauses_are_in_a_row_until_it_has_answered_for_long(clock, good_answers, openings):
    circuit = opened(clock)
    clock.seconds = 60
    circuit.note(is_refusal=False, trial=circuit.new_trial())
    for answer in [False] * good_answers + [True] * REFUSALS:
        circuit.note(is_refusal=answer)
    assert (circuit.is_open, circuit.openings) == (True, openings)
