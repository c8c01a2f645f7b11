"""Steps after a refresh, in this order: sync marks with peers (machines, servers), run the hook, show the notification.

A refresh may save a story that was already read on the phone or on another machine. The hook and the notification should leave this
story out, so they run after the syncs, which mark it as read. `bpost refresh`, `bpost fetch`, `--plain` and the screen pass their
steps to `after_refresh`. On the screen, timers sync with the peers (`tui.changes.periodic_mark_sync`). The hook and the
notification wait for the server of feeds, but not for longer than a minute. A refresh ends before any sync begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from bpost_tui.errors import NotFoundError, ProgramError
from bpost_tui.i18n import prefix_reason
from bpost_tui.mark_sync.peer import sync_all
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.mark_sync.peer import Peer
    from bpost_tui.model.story import Headline
    from bpost_tui.store.library import Library


class StepFailures(NamedTuple):
    """Sentences for the reader about failed steps after a refresh."""

    syncs: tuple[str, ...] = ()
    """Sentences about the peers that couldn't be synced, one for each."""
    hook: tuple[str, ...] = ()
    """One sentence about the reader's hook program if it failed; otherwise empty."""


class Steps(NamedTuple):
    """Steps that a command, `--plain` or the screen takes after a refresh. A step that is None is skipped."""

    peers: tuple[Peer, ...] = ()
    """Peers (other machines, servers of feeds) to sync marks with: first machines, then servers."""
    hook: Callable[[Sequence[Headline]], object] | None = None
    """Function that runs the reader's hook program for the given stories; raises ProgramError if the hook fails."""
    notify: Callable[[Sequence[int]], object] | None = None
    """Function that shows a desktop notification about the stories with the given ids."""
    is_offline: bool = False
    """Whether the refresh reached no paper, so the network is probably down. Peers that can't be reached are then not reported."""


def after_refresh(library: Library, new: Sequence[int], steps: Steps) -> StepFailures:
    """Sync marks, run the reader's hook program, show the notification, and return sentences about failed steps. Blocks.

    Args:
        library: Library that the refresh saved into.
        new: Ids of the new stories. The hook and the notification get the stories that are still in the library and unread, and
            don't run if no story is left.
        steps: Steps to take.
    """
    failures = StepFailures(sync_all(steps.peers, is_offline=steps.is_offline))
    unread = list(_unread(library, new)) if steps.hook or steps.notify else []
    if unread and steps.hook is not None:
        try:
            steps.hook(unread)
        except ProgramError as error:
            failures = failures._replace(hook=(prefix_reason("hooks.new_stories", error.message),))
    if unread and steps.notify is not None:
        steps.notify([row.id for row in unread])
    return failures


def _unread(library: Library, stories: Sequence[int]) -> Iterator[Headline]:
    """Yield the headlines of the stories with the ids `stories` that are unread and still in the library."""
    for story in stories:
        with suppress(NotFoundError):  # another process has deleted it meanwhile
            if not (row := library.headline(story)).read:
                yield row
