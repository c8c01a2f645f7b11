"""Sync with a peer (a sync folder or a server of feeds) that counts the changes it merges and sends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unittest.mock import patch

from bpost_tui.errors import BPostError
from bpost_tui.mark_changes.field_changes import Changes, Subject
from bpost_tui.mark_changes.marks_file import FileProgress
from bpost_tui.mark_sync.greader_api import GreaderApi
from bpost_tui.mark_sync.peer import Peer, sync
from bpost_tui.store.change_store import ChangeStore


class SyncCounts(NamedTuple):
    """Result of a sync with its figures."""

    received: int = 0
    """Number of stories, searches, lists and other things that the sync changed in the library."""
    sent: int = 0
    """Number of changes made on this machine that were written to the peer."""
    error: BPostError | None = None
    """Result of the sync."""


def counted_sync(peer: Peer) -> SyncCounts:
    """Sync with `peer`, and count the changes that the library merges and the changes that the peer gets."""
    merge, begin_sending, mark_sent, edit_tag = _METHODS
    received, sent, sending = [0], [0], list[Changes]()

    def merge_counted(store: ChangeStore, changes: Changes, *, is_new: bool = False) -> int:
        received.append(0 if is_new else merge(store, changes))
        return merge(store, changes, is_new=True) if is_new else received[-1]

    def begin_sending_kept(store: ChangeStore, *, whole: bool) -> Changes:
        sending.append(begin_sending(store, whole=whole))
        return sending[-1]

    def mark_sent_counted(store: ChangeStore, state: FileProgress, refused: Iterable[Subject] = ()) -> None:
        sent.append(len(sending[0].keys() - {*refused}))
        mark_sent(store, state, refused)

    def edit_tag_counted(api: GreaderApi, ids: Sequence[int], tag: str, *, on: bool) -> None:
        edit_tag(api, ids, tag, on=on)
        sent.append(len(ids))

    with (
        patch.multiple(ChangeStore, merge=merge_counted, begin_sending=begin_sending_kept, mark_sent=mark_sent_counted),
        patch.object(GreaderApi, "edit_tag", edit_tag_counted),
    ):
        error = sync(peer)
    return SyncCounts(sum(received), sum(sent), error)


_METHODS = ChangeStore.merge, ChangeStore.begin_sending, ChangeStore.mark_sent, GreaderApi.edit_tag
