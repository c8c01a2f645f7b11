"""Whose mark holds, the service's or this machine's. Pure.

The service keeps no times of marks, so what both agreed on last is remembered: the one that differs has changed it since; never do
both differ from it and from each other. Where nothing was agreed yet, or a backup of the server was restored, a mark that somebody
set holds against one that may only never have been set; of two that were, the later one; where nobody can tell, this machine's.
"""

from __future__ import annotations

from typing import Literal

MergeAction = Literal["equal", "take", "send"]
_S = 1_000_000


def merge_action(last_synced: bool | None, ours: bool, ours_us: int | None, theirs: bool, theirs_s: int = 0) -> MergeAction:
    """Return what is to be done about a mark.

    Args:
        last_synced: The mark that both last had, or None if that isn't known.
        ours: Whether the story has it here.
        ours_us: When that was last changed here, in microseconds since 1970; None where it never was.
        theirs: Whether it has it there.
        theirs_s: When it was changed there at the earliest, by this machine's clock, in seconds since 1970.
    """
    if ours == theirs:
        return "equal"
    if last_synced is not None:
        return "send" if theirs == last_synced else "take"
    if ours_us is None or (theirs and theirs_s * _S > ours_us):
        return "take"
    return "send"
