from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.mark_changes.field_changes import Changes, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.merge_rule import current_mark, is_later, later_fields, merge_action, merge_changes, next_time_us
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


@pytest.mark.parametrize(
    ("change", "on_server", "current"),
    [
        (FieldChange(7, True, is_synced=True), -90, FieldChange(8, False, is_synced=True)),
        (FieldChange(7, True, is_synced=True), 0, FieldChange(8, False, is_synced=True)),
        (FieldChange(7, False, is_synced=True), 1, FieldChange(8, True, is_synced=True)),
        (FieldChange(7, True, is_synced=True), 1, FieldChange(7, True, is_synced=True)),
        (FieldChange(7, False, is_synced=True), -90, FieldChange(7, False, is_synced=True)),
        (FieldChange(7, True), -90, FieldChange(7, True)),
        (FieldChange(7, False), 90, FieldChange(7, False)),
        (FieldChange(7, True, is_synced=True), None, FieldChange(7, True, is_synced=True)),
    ],
)
def test_server_decides_a_mark_whose_change_has_reached_it(
    change: FieldChange, on_server: int | None, current: FieldChange
) -> None:
    assert current_mark(change, FieldChange(1, on_server)) == current
    assert current_mark(change, None) == change


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("last_known", [True, False, None])
def test_equal_marks_need_no_action(ours: bool, last_known: bool | None) -> None:
    assert merge_action(last_known, ours, 1, ours, 9, is_unsent=True) == "equal"


@pytest.mark.parametrize(
    ("last_known", "ours_us", "theirs", "is_unsent", "action"),
    [
        (True, 4_999_999, True, False, "send"),  # this machine has changed the mark
        (False, 5_000_000, True, False, "take"),  # another program has changed it on the server
        (False, 5_000_000, True, True, "send"),  # both have, this machine last
        (False, 4_999_999, True, True, "take"),  # both have, the server last
        (False, None, True, True, "take"),
        (None, 5_000_000, True, False, "send"),
        (None, 4_999_999, True, False, "take"),
        (None, 4_999_999, False, False, "send"),  # the server never had the mark
        (None, None, False, False, "take"),
    ],
)
def test_side_that_changed_a_mark_last_wins(
    last_known: bool | None, ours_us: int | None, theirs: bool, is_unsent: bool, action: str
) -> None:
    assert merge_action(last_known, not theirs, ours_us, theirs, 5, is_unsent=is_unsent) == action
