from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.mark_changes.field_changes import Changes, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.merge_rule import is_later, later_fields, merge_changes, next_time_us
from tests.unit.mark_changes.strategies import CHANGES

STORY_A = Subject(SubjectKind.STORY, "a", "one.example")
MINUTE_US = 60_000_000


@given(CHANGES, CHANGES)
def test_merging_changes_is_commutative(one: Changes, two: Changes) -> None:
    assert merge_changes([one, two]) == merge_changes([two, one])


@given(CHANGES, CHANGES, CHANGES)
def test_merging_changes_is_associative(one: Changes, two: Changes, three: Changes) -> None:
    assert merge_changes([merge_changes([one, two]), three]) == merge_changes([one, merge_changes([two, three])])


@given(CHANGES, CHANGES)
def test_merging_changes_is_idempotent(one: Changes, two: Changes) -> None:
    both = merge_changes([one, two])
    assert merge_changes([both, one]) == merge_changes([both, both]) == both


@given(CHANGES, CHANGES)
def test_later_fields_are_the_effect_of_merging(one: Changes, two: Changes) -> None:
    both = merge_changes([one, two])
    for subject, fields in two.items():
        known = one.get(subject, {})
        assert {**known, **later_fields(fields, known)} == both[subject]


@given(st.lists(CHANGES, max_size=4), st.randoms(use_true_random=False))
def test_changes_delivered_in_any_order_or_twice_end_equal(several: list[Changes], dice: st.DataObject) -> None:
    shuffled = [*several, *several]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge_changes(shuffled) == merge_changes(several)


def test_change_after_a_seen_one_wins_despite_a_slow_clock() -> None:
    fast = FieldChange(1_000 * MINUTE_US, True)
    slow = FieldChange(next_time_us(995 * MINUTE_US, fast.at_us), False)
    assert merge_changes([{STORY_A: {"read": fast}}, {STORY_A: {"read": slow}}])[STORY_A]["read"].value is False


@given(st.lists(st.integers(0, 10), min_size=1))
def test_change_time_increases_when_the_clock_goes_back(clock: list[int]) -> None:
    times = [clock[0]]
    for now in clock[1:]:
        times.append(next_time_us(now, times[-1]))
    assert times == sorted(set(times))


def test_value_wins_over_deletion_at_the_same_time() -> None:
    kept, deleted = FieldChange(7, "a query"), FieldChange(7, None)
    assert is_later(kept, deleted) and not is_later(deleted, kept)
    assert next_time_us(5, 7) == 8
