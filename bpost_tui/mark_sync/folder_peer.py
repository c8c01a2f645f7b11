"""Sync folder as a peer: how a sync reads and writes the folder's files, and the state that `bpost library` reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason
from bpost_tui.mark_changes.field_changes import LINK, Changes
from bpost_tui.mark_changes.merge_rule import later_fields
from bpost_tui.mark_sync.machine_identity import identify_machine
from bpost_tui.mark_sync.sync_folder import FileWrite, FolderScan, PeerFile, SyncFolder, file_name
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.mark_changes.marks_file import FileProgress
    from bpost_tui.store.library import Library

_MAX_PROBLEMS = 20
_MAX_NAMES = 3
_TIMEOUT_S = 10.0


# The obvious sync is: read the other machines' files, append to this machine's. That loses marks in three cases:
#
# - A machine's file loses changes, as when a backup was restored there, and this machine alone still knows them. So a file with
#   fewer changes than before (`FolderScan.rolled_back`) is compared with the library, and this machine sends the changes that the
#   file lacks, no matter which machine made them. The same is done with changes that a conflict copy has and the file lacks.
# - Another file is in place of this machine's own: an older one from a backup, or one with damaged lines. An append would leave out
#   changes that only the lost file had. So the file is rewritten with everything that is known, from other machines as well.
# - The process is killed. So progress is saved after the changes before it are merged, and changes count as sent after they are on
#   the disk. Progress in a wrong own file isn't saved at all: after a kill before the rewrite, the next sync would append to it.
#
# A file that a newer bpost wrote is never rewritten: other machines' changes are merged, but nothing is sent.


class FolderPeer:
    """Sync folder as a peer, which is a place to sync marks with. Each of the reader's machines has a file in the folder.

    Args:
        library: Library whose marks are synced.
        path: Path of the folder.
    """

    setting = "sync_folder"
    lock_name = "exchange.lock"
    timeout_s: float | None = _TIMEOUT_S

    def __init__(self, library: Library, path: Path) -> None:
        self.library = library
        self.place = str(path)
        self.folder = SyncFolder(path, identify_machine(library.folder))
        self._revision: object = None

    def is_due(self) -> bool:
        """Whether changes of marks are to be written to the folder; False if the library is as it was at the last call.

        The answer takes microseconds if the library is unchanged.
        """
        revision = self.library.revision()
        if revision == self._revision:
            return False
        self._revision = revision
        return self.library.changes.has_unsent()

    def sync_locked(self) -> StoreError | None:
        """Merge the changes that are new in other machines' files, then write this machine's changes to its own file.

        The own file is rewritten with all changes in the library if nothing can be appended to it, if it would become too large, or
        if most of its lines are outdated. A rewritten file also has the changes of other machines, so that no change is lost if the
        other machines' files are lost. Return a problem to report, or None if there is none.

        Raises:
            StoreError: The folder can't be read or written, a newer bpost wrote this machine's file, or the library can't be read
                or written.
        """
        store, folder = self.library.changes, self.folder
        known = store.file_progress()
        scan = folder.scan(known, store.merge)
        try:
            own = folder.own_file(scan)
        except StoreError:  # a newer bpost wrote the file: other machines' changes are merged all the same
            self._save_progress(scan, known, None)
            raise
        if own is not None:
            self._resend_lost_changes(scan, known)
        waiting = self._save_progress(scan, known, own)
        changes, written = store.begin_sending(whole=own is None), None
        if own is not None and changes and not own.needs_compaction:
            written = folder.append(changes, own)
        if written is None and (changes or own is None):
            written = folder.rewrite(changes if own is None else store.begin_sending(whole=True))
        if written is not None:
            store.mark_sent(written.progress, written.rejected)
        problem = next(chain(_unwritten(written) if written else (), waiting), None)
        return StoreError(problem) if problem else None

    def _resend_lost_changes(self, scan: FolderScan, known: Mapping[str, FileProgress]) -> None:
        """Queue the changes that other machines' files have lost or only a conflict copy has, so that they are written again.

        This machine may be the only one that still has the changes.
        """
        for name in scan.rolled_back(known):
            if name != self.folder.own_name:
                self._queue_missing(self.library.changes.all_changes(), name)
        for each in scan.files:
            if each.is_copy and each.new_content and each.progress != known.get(each.progress.name):
                self._queue_missing(self.folder.changes_in(each.progress.name), file_name(each.header.machine))

    def _queue_missing(self, changes: Changes, name: str) -> None:
        """Queue for another writing the subjects (stories, lists …) of those `changes` that the file named `name` lacks."""
        theirs = self.folder.changes_in(name)
        self.library.changes.queue_again(
            subject for subject, fields in changes.items() if later_fields(fields, theirs.get(subject, {})).keys() - {LINK}
        )

    def _save_progress(self, scan: FolderScan, known: Mapping[str, FileProgress], own: PeerFile | None) -> list[str]:
        """Save how much of each file was read, and return a sentence for each file whose new lines are dated in the future.

        The sentence about a file isn't repeated while the file stays the same. `own` is this machine's file, or None if nothing can
        be appended to it.
        """
        new = [each for each in scan.files if each.new_content and each.progress != known.get(each.progress.name)]
        if own is None:
            # the progress in a wrong own file isn't saved: after a kill before the rewrite, the next sync would append to that file
            new = [each for each in new if each.progress.name != self.folder.own_name]
        if new or scan.missing:
            self.library.changes.save_progress([each.progress for each in new], scan.missing)
        return [sentence for each in new for sentence in _waiting(each)]


class FolderSyncStatus(NamedTuple):
    """State of the sync folder, as shown to the reader."""

    folder: Path
    machines: tuple[str, ...]
    """Names of the reader's other machines that have a file in the folder."""
    waiting: bool
    """Whether changes made on this machine are still missing from the folder."""
    problems: tuple[str, ...]
    """Problems of the folder, each as a sentence; at most 20."""


def folder_sync_status(library: Library, path: Path) -> FolderSyncStatus:
    """Read the whole folder, and return its state. Nothing is merged, and no file is written.

    The folder is made if it is missing and its parent folder exists.
    """
    folder = SyncFolder(path, identify_machine(library.folder))
    try:
        scan = folder.scan({}, lambda _: None)  # nothing is merged
    except StoreError as error:
        return FolderSyncStatus(path, (), True, (error.message,))
    hosts = (
        each.header.host or each.header.machine for each in scan.files if not each.is_copy and each.progress.name != folder.own_name
    )
    written = folder.preview(library.changes.all_changes())
    problems = (*_unwritten(written), *_problems(scan))
    return FolderSyncStatus(path, tuple(hosts), library.changes.has_unsent(), problems[:_MAX_PROBLEMS])


def _unwritten(written: FileWrite) -> Iterator[str]:
    """Yield sentences about changes that this machine's file lacks because other machines would reject them or the file is full."""
    if written.rejected:
        names = ", ".join(repr(each.name) for each in sorted(written.rejected)[:_MAX_NAMES])
        yield Reason(
            "{n} changes can't be synced; other machines would reject them: {names}",
            n=len(written.rejected),
            names=names,
        )
    if written.omitted:
        yield Reason("{file}: no room for the {n} oldest changes", file=written.progress.name, n=written.omitted)


def _waiting(file: PeerFile) -> Iterator[str]:
    """Yield a sentence if changes in a file are dated in the future, so that they are merged only after that date."""
    if file.new_content and file.new_content.future_count:
        n = file.new_content.future_count
        yield Reason("{file}: {n} changes are dated more than a day ahead; they wait until then", file=file.progress.name, n=n)


def _problems(scan: FolderScan) -> Iterator[str]:
    for fault in scan.faults:
        yield fault.as_message()
    for each in scan.files:
        name = each.progress.name
        if each.is_copy:
            yield Reason("{file}: a conflict copy; merged, safe to delete", file=name)
        if not each.new_content:
            continue
        for fault in each.new_content.faults:
            yield fault.as_message()
        if (more := each.new_content.fault_count - len(each.new_content.faults)) > 0:
            yield Reason("{file}: {n} more lines that can't be read", file=name, n=more)
        yield from _waiting(each)
        if each.new_content.newer_count:
            yield Reason(
                "{file}: {n} lines with something that only a newer bpost understands", file=name, n=each.new_content.newer_count
            )
