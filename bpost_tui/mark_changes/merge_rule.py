"""Merge rule for marks of several machines, a sync folder and a server: the last change wins. Pure.

Of two changes of one field, the later change wins (`is_later`). Of two changes with the same time, the change that has reached the
server of feeds wins, or else the change with the greater value. So merging is commutative, associative and idempotent: machines
that have seen the same changes, in any order and any number of times, agree. This is a last-writer-wins register (Shapiro et al., A
comprehensive study of Convergent and Commutative Replicated Data Types, 2011).

A change's time is the clock's, but always later than the time of the change before it (`next_time_us`). So a machine that has seen
a change and makes another one wins, even if its clock is slow. That is a hybrid logical clock (Kulkarni et al., Logical Physical
Clocks, 2014), one for each field: changes of two fields are never compared.
"""

# A server of feeds keeps a mark without the time of its change. The obvious way is that each machine compares the server's mark
# with the value that it last agreed on with the server, and takes a difference for a change made there. This fails with a second
# way for marks, the sync folder. A machine that slept hears of a star by the folder, and finds no star on the server. It can't know
# that the star was there, and was removed on the phone: it sends the star again.
#
# So machines share two registers for a mark, both by the folder:
#
# - The last change made on a machine, by its time.
# - The last known state of the server, by the server's clock. It is written when a mark is sent or taken.
#
# If the change has reached the server (`is_synced`), the server's state is the mark's value (`current_mark`). Otherwise the change
# is still to be sent. A machine that takes a mark from the server can't know the time of the change, which a fast clock may have
# dated in the future. So a machine with a server dates its changes by the server's clock (`mark_store.set_mark`).

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from bpost_tui.mark_changes.field_changes import ChangedFields, Changes, FieldChange, Subject

MergeAction = Literal["equal", "take", "send"]
"""Action for a mark of a story that is on this machine and on a server.

- "equal": no action, because both have the same value.
- "take": take over the server's value.
- "send": send this machine's value to the server.
"""
_US_PER_S = 1_000_000


def next_time_us(now_us: int, before_us: int | None) -> int:
    """Return the time to record for a change that is made at `now_us` to a field that was last changed at `before_us`.

    The time is later than `before_us`, even if this machine's clock is slow. `before_us` is None if the field was never changed.
    """
    return now_us if before_us is None else max(now_us, before_us + 1)


def is_later(change: FieldChange, than: FieldChange | None) -> bool:
    """Whether `change` wins against `than`, another change of the same field, because it is later.

    Of two changes with the same time, the change that has reached the server of feeds wins, or else the change with the greater
    value. If `than` is None (no change), `change` always wins.
    """
    return than is None or _order(change) > _order(than)


def _order(change: FieldChange) -> tuple[Any, ...]:
    return change.at_us, change.is_synced, change.value is not None, change.value


def later_fields(fields: ChangedFields, known: ChangedFields) -> dict[str, FieldChange]:
    """Return the changes in `fields` that win against `known`, by field.

    A change wins if it is later than the change of the same field in `known`, or if `known` has no change of this field.
    """
    return {name: change for name, change in fields.items() if is_later(change, known.get(name))}


def merge_into(into: dict[Subject, dict[str, FieldChange]], subject: Subject, fields: ChangedFields) -> None:
    """Add `fields`, changes of a subject (story, list …), to `into`.

    If `into` already has a change of the same field, the later change wins.
    """
    known = into.setdefault(subject, {})
    known.update(later_fields(fields, known))


def merge_changes(several: Iterable[Changes]) -> dict[Subject, dict[str, FieldChange]]:
    """Merge several collections of changes, and return for each field the change that wins."""
    result: dict[Subject, dict[str, FieldChange]] = {}
    for changes in several:
        for subject, fields in changes.items():
            merge_into(result, subject, fields)
    return result


# ── servers, which keep marks without times ─────────────────────────────────


def current_mark(change: FieldChange, server: FieldChange | None) -> FieldChange:
    """Return the change that decides a mark's value: `change`, or a change to the mark's value on the server.

    `change` is the last change that a machine made, and `server` the mark's last known state on the server, None if unknown. If
    `change` has reached the server, and the server's value differs now, the result has the server's value. The result's time is
    then a microsecond later, so that it wins against `change`.
    """
    if server is None or not isinstance(server.value, int) or not change.is_synced or change.value is (server.value > 0):
        return change
    return change._replace(at_us=change.at_us + 1, value=server.value > 0)


def merge_action(
    last_known: bool | None, ours: bool, ours_us: int | None, theirs: bool, theirs_s: int = 0, *, is_unsent: bool = False
) -> MergeAction:
    """Return the action for a mark of a story that is both in the library and on a server.

    A mark has two values. So if machine and server have different values, exactly one differs from the last known state: that side
    has changed the mark, and its value wins. There are two exceptions:

    - If this machine has changed the mark and changed it back, and neither change was sent (`is_unsent`), the later change wins.
    - If no state is known, because the story is new or the server was restored from a backup, the later change wins as well. But if
      the server doesn't have the mark, the mark may never have been set there, so any change of this machine wins.

    Args:
        last_known: Value of the server's last known state, or None if none is known.
        ours: Value on this machine.
        ours_us: Time of its last change on this machine, in microseconds since 1970, or None if it was never changed.
        theirs: Value on the server.
        theirs_s: Earliest possible time of its last change on the server, in seconds since 1970.
        is_unsent: Whether the last change on this machine hasn't been sent yet, and the server reports the times of its changes.
    """
    is_ours_later = ours_us is not None and theirs_s * _US_PER_S <= ours_us
    if ours == theirs:
        return "equal"
    if last_known is not None:
        return "send" if theirs == last_known or (is_unsent and is_ours_later) else "take"
    return "take" if ours_us is None or (theirs and not is_ours_later) else "send"
