from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.mark_changes.field_changes import STORY, Changes, FieldChange, Subject, holding, is_later, merged, time_after
from tests.unit.mark_changes.strategies import CHANGES

STORY_A = Subject(STORY, "a", "one.example")
MINUTE_US = 60_000_000


@given(CHANGES, CHANGES)
def test_changes_when_merged_the_other_way_round_are_the_same(one: Changes, two: Changes) -> None:
    assert merged([one, two]) == merged([two, one])


@given(CHANGES, CHANGES, CHANGES)
def test_changes_when_merged_in_other_steps_are_the_same(one: Changes, two: Changes, three: Changes) -> None:
    assert merged([merged([one, two]), three]) == merged([one, merged([two, three])])


@given(CHANGES, CHANGES)
def test_changes_when_merged_once_more_are_the_same(one: Changes, two: Changes) -> None:
    both = merged([one, two])
    assert merged([both, one]) == merged([both, both]) == both


@given(CHANGES, CHANGES)
def test_changes_that_hold_are_what_merging_would_change(one: Changes, two: Changes) -> None:
    both = merged([one, two])
    for subject, fields in two.items():
        known = one.get(subject, {})
        assert {**known, **holding(fields, known)} == both[subject]


@given(st.lists(CHANGES, max_size=4), st.randoms(use_true_random=False))
def test_changes_when_delivered_in_any_order_and_twice_end_equal(several: list[Changes], dice: st.DataObject) -> None:
    shuffled = [*several, *several]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged(shuffled) == merged(several)


def test_change_made_after_seeing_another_holds_though_its_clock_is_five_minutes_slow() -> None:
    fast = FieldChange(1_000 * MINUTE_US, True)
    slow = FieldChange(time_after(995 * MINUTE_US, fast.at_us), False)
    assert merged([{STORY_A: {"read": fast}}, {STORY_A: {"read": slow}}])[STORY_A]["read"].value is False


@given(st.lists(st.integers(0, 10), min_size=1))
def test_time_of_a_change_when_the_clock_goes_back_is_later_all_the_same(clock: list[int]) -> None:
    times = [clock[0]]
    for now in clock[1:]:
        times.append(time_after(now, times[-1]))
    assert times == sorted(set(times))


def test_of_two_changes_of_one_time_what_is_there_holds_against_what_was_deleted() -> None:
    kept, deleted = FieldChange(7, "a query"), FieldChange(7, None)
    assert is_later(kept, deleted) and not is_later(deleted, kept)
    assert time_after(5, 7) == 8
