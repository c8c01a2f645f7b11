"""Merge rule for marks of several machines, a sync folder and a server: the last change wins by its time. Pure.

Of two changes of one field, the later change wins (`_is_newer`). Of two changes with the same time, the change with the greater
value wins, whichever is merged first. So merging is commutative, associative and idempotent: machines that have seen the same
changes, in any order and any number of times, agree. This is a last-writer-wins register (Shapiro et al., A comprehensive study of
Convergent and Commutative Replicated Data Types, 2011).

A change's time is the clock's, but always later than the time of the change before it (`next_time_us`). So a machine that has seen
a change and makes another one wins, even if its clock is slow. That is a hybrid logical clock (Kulkarni et al., Logical Physical
Clocks, 2014), one for each field: changes of two fields are never compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from bpost_tui.mark_changes.field_changes import ChangedFields, Changes, FieldChange, Subject

MergeAction = Literal["equal", "take", "send"]
"""Action for a mark of a story on this machine and on a server.

It is none ("equal"), to take over the server's value, or to send this machine's value to the server.
"""
_US_PER_S = 1_000_000


def next_time_us(now_us: int, before_us: int | None) -> int:
    """Return the time to record for a change that is made at `now_us` to a field that was last changed at `before_us`.

    The time is later than `before_us`, even if this machine's clock is slow.
    """
    return now_us if before_us is None else max(now_us, before_us + 1)


def _is_newer(at_us: int, than_us: int | None) -> bool:
    """Whether a change made at `at_us` wins against a change made at `than_us`, because it is later.

    It always wins if `than_us` is None (no change).
    """
    return than_us is None or at_us > than_us


# ── peers that keep the times of changes ────────────────────────────────────


def is_later(change: FieldChange, than: FieldChange | None) -> bool:
    """Whether `change` wins against `than`, another change of the same field. It always wins if `than` is None (no change)."""
    if than is None:
        return _is_newer(change.at_us, None)
    if change.at_us == than.at_us:
        return _value_order(change) > _value_order(than)
    return _is_newer(change.at_us, than.at_us)


def _value_order(change: FieldChange) -> tuple[object, ...]:
    return change.value is not None, change.value


def later_fields(fields: ChangedFields, known: ChangedFields) -> dict[str, FieldChange]:
    """Return the changes in `fields` that win against the changes of the same fields in `known`."""
    return {name: change for name, change in fields.items() if is_later(change, known.get(name))}


def merge_into(into: dict[Subject, dict[str, FieldChange]], subject: Subject, fields: ChangedFields) -> None:
    """Add changes of a subject to `into`, except those that lose against a change that is already in `into`."""
    known = into.setdefault(subject, {})
    known.update(later_fields(fields, known))


def merge_changes(several: Iterable[Changes]) -> dict[Subject, dict[str, FieldChange]]:
    """Merge several collections of changes, and return for each field the change that wins."""
    result: dict[Subject, dict[str, FieldChange]] = {}
    for changes in several:
        for subject, fields in changes.items():
            merge_into(result, subject, fields)
    return result


# ── servers that keep marks without times ───────────────────────────────────

# A server of feeds keeps marks without the times of their changes, so `is_later` can't decide alone.
# `merge_action` differs from it in three cases:
#
# - Both sides once agreed on the mark. The side that differs from that value has changed it since, whatever the clocks show. A mark
#   has two values, so both sides can't differ from it and from each other.
# - No value was agreed on (the item is new, or the server was restored from a backup), and the server doesn't have the mark. Its
#   time doesn't count, since perhaps nobody ever set the mark there: this machine's last change wins, if it made one.
# - Both changes have the same time. This machine's wins, and not the greater value: the server's time is only a lower bound, in
#   whole seconds.
#
# The two functions can become one when each change on the server has a time as well. Until then, a machine may learn of a change by
# the sync folder alone. It can then take it for a new change of its own, and send it to the server.


def merge_action(last_synced: bool | None, ours: bool, ours_us: int | None, theirs: bool, theirs_s: int = 0) -> MergeAction:
    """Return the action for a mark of a story that is both in the library and on a server.

    Args:
        last_synced: Value that both sides last agreed on, or None if none is known.
        ours: Value on this machine.
        ours_us: Time of its last change on this machine, in microseconds since 1970, or None if it was never changed.
        theirs: Value on the server.
        theirs_s: Earliest time of its last change on the server, by this machine's clock, in seconds since 1970.
    """
    if ours == theirs:
        return "equal"
    if last_synced is not None:
        return "send" if theirs == last_synced else "take"
    if ours_us is None or (theirs and _is_newer(theirs_s * _US_PER_S, ours_us)):
        return "take"
    return "send"
