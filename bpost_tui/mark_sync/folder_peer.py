"""One exchange with the reader's other machines, through the folder that is kept alike on all of them; blocks on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from bpost_tui import log
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, message, prefix_reason, unreadable_reason
from bpost_tui.mark_changes.field_changes import LINK, Changes
from bpost_tui.mark_changes.merge_rule import later_fields
from bpost_tui.mark_sync.machine_identity import identify_machine
from bpost_tui.mark_sync.sync_folder import FileWrite, FolderScan, PeerFile, SyncFolder
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import try_lock

_LOCK = "exchange.lock"
_MOST_SENTENCES = 20
_MOST_NAMES = 3
_LEAVE_S = 0.4


class FolderSyncResult(NamedTuple):
    """What came of an exchange."""

    received: int = 0
    """Stories and searches whose marks were changed elsewhere, and are so here now."""
    sent: int = 0
    """Those that were changed here, and are sent now."""
    error: StoreError | None = None
    """Why the folder couldn't be read or written."""


class FolderPeer:
    """Exchanges a library's marks; any number of threads and processes may do so at once, one of them does.

    Args:
        library: The library.
        path: The sync folder.
    """

    def __init__(self, library: Library, path: Path) -> None:
        self._library = library
        self._machines = library.changes
        self.folder = SyncFolder(path, identify_machine(library.folder))

        self._revision: object = None

    def is_due(self) -> bool:
        """Whether something was changed here since it was last sent; costs microseconds while nothing is."""
        revision = self._library.revision()
        if revision == self._revision:
            return False
        self._revision = revision
        return self._machines.has_unsent()

    def sync(self) -> FolderSyncResult:
        """Take over what other machines changed later, and tell them what was changed here.

        A folder that can't be read or written, or anything that goes wrong with what is in it, is trouble that is returned.

        Raises:
            StoreError: The library can't be read or written.
        """
        with try_lock(self._library.folder / _LOCK) as is_alone:
            try:
                return self._exchange() if is_alone else FolderSyncResult()
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 (what is only beside reading never ends it)
                log.log_error(error)
                return FolderSyncResult(error=StoreError(prefix_reason(str(self.folder.path), unreadable_reason(error))))

    def sync_on_exit(self) -> None:
        """Exchange a last time as the reader leaves, and wait no longer than that may take: the next start tells what is left."""
        sync_with_timeout(self, _LEAVE_S)

    def _exchange(self) -> FolderSyncResult:
        known = self._machines.file_progress()
        taken: list[int] = []
        failed: list[StoreError] = []

        def take(changes: Changes) -> None:
            try:
                taken.append(self._machines.merge(changes))
            except StoreError as error:
                failed.append(error)
                raise

        try:
            look = self.folder.scan(known, take)
        except StoreError as error:
            if failed:  # the library's, not the folder's
                raise
            return FolderSyncResult(sum(taken), error=error)
        try:
            own, newer = self.folder.own_file(look), None
        except StoreError as error:
            own, newer = None, error
        if own is not None:
            self._resend_lost_changes(look.rolled_back(known))
        # how another file in place of this machine's is, isn't noted: one killed before it is written again would go on in it
        new = (each for each in look.new_progress if own is not None or each.name != self.folder.own_name)
        states = [each for each in new if each != known.get(each.name)]
        if states or look.missing:
            self._machines.save_progress(states, look.missing)
        if newer:
            return FolderSyncResult(sum(taken), error=newer)
        try:
            told, written = self._send(own)
        except StoreError as error:
            return FolderSyncResult(sum(taken), error=error)
        noted = {state.name for state in states}
        waiting = chain.from_iterable(
            map(_waiting, (each for each in look.files if each.progress.name in noted))
        )  # once, not always
        problem = next(chain(_unwritten(written) if written else (), waiting), None)
        return FolderSyncResult(sum(taken), told, StoreError(problem) if problem else None)

    def _resend_lost_changes(self, names: Iterable[str]) -> None:
        """Send what another machine's file said and no longer does: this machine may be the only one that knows."""
        for name in names:
            if name != self.folder.own_name:
                said = self.folder.changes_in(name)
                ours = self._machines.all_changes()
                lacking = (
                    subject for subject, fields in ours.items() if later_fields(fields, said.get(subject, {})).keys() - {LINK}
                )
                self._machines.queue_again(lacking)

    def _send(self, own: PeerFile | None) -> tuple[int, FileWrite | None]:
        """Write what is to be sent, and return how much that is and what was written.

        It goes to the end of this machine's file. Where that isn't as it was left, it is written again with all that is known, of
        other machines, too: whatever becomes of their files, nothing is lost.
        """
        written: FileWrite | None = None
        changes = self._machines.begin_sending(whole=own is None)
        if own is not None:
            if not changes:
                return 0, None
            written = None if own.needs_compaction else self.folder.append(changes, own)
        if written is None:
            written = self.folder.rewrite(changes if own is None else self._machines.begin_sending(whole=True))
        self._machines.mark_sent(written.progress, written.rejected)
        return len(changes.keys() - written.rejected), written


def sync_with_timeout(exchange: FolderPeer, seconds: float) -> FolderSyncResult:
    """Exchange, in a thread of its own; one that takes longer, since its folder doesn't answer, is left to itself."""
    came: list[FolderSyncResult | StoreError] = []

    def work() -> None:
        try:
            came.append(exchange.sync())
        except StoreError as error:
            came.append(error)
        except Exception as bug:  # noqa: BLE001 -- whatever a file of another machine does, the command goes on
            log.log_error(bug)
            came.append(StoreError(message("the exchange with other machines failed")))

    thread = Thread(target=work, name="exchange", daemon=True)
    thread.start()
    thread.join(seconds)
    if not came:
        return FolderSyncResult(error=StoreError(prefix_reason(str(exchange.folder.path), Reason("the folder doesn't answer"))))
    return FolderSyncResult(error=came[0]) if isinstance(came[0], StoreError) else came[0]


class FolderSyncStatus(NamedTuple):
    """The state of the exchange."""

    folder: Path
    machines: tuple[str, ...]
    """The hosts whose files are in the folder, without this one."""
    waiting: bool
    """Whether something was changed here that isn't sent yet."""
    problems: tuple[str, ...]
    """A sentence for each thing that couldn't be understood, the first of them."""


def folder_sync_status(library: Library, path: Path) -> FolderSyncStatus:
    """Read the whole folder again, change nothing, and return the state of the exchange."""
    folder = SyncFolder(path, identify_machine(library.folder))
    try:
        look = folder.scan({}, lambda _: None)  # nothing is taken
    except StoreError as error:
        return FolderSyncStatus(path, (), True, (error.message,))
    hosts = (
        each.header.host or each.header.machine for each in look.files if not each.is_copy and each.progress.name != folder.own_name
    )
    written = folder.preview(library.changes.all_changes())
    problems = (*_unwritten(written), *_problems(look))
    return FolderSyncStatus(path, tuple(hosts), library.changes.has_unsent(), problems[:_MOST_SENTENCES])


def _unwritten(written: FileWrite) -> Iterator[str]:
    """Yield a sentence for what isn't in this machine's file, though it was changed here."""
    if written.rejected:
        names = ", ".join(repr(each.name) for each in sorted(written.rejected)[:_MOST_NAMES])
        yield Reason(
            "{n} changes stay on this machine, as your others would refuse them: {names}",
            n=len(written.rejected),
            names=names,
        )
    if written.omitted:
        yield Reason("{file}: no room for the {n} oldest changes", file=written.progress.name, n=written.omitted)


def _waiting(file: PeerFile) -> Iterator[str]:
    """Yield a sentence where a file has changes that wait."""
    if file.new_content and file.new_content.future_count:
        n = file.new_content.future_count
        yield Reason(
            "{file}: {n} changes of a clock that is more than a day ahead wait for their time", file=file.progress.name, n=n
        )


def _problems(look: FolderScan) -> Iterator[str]:
    for fault in look.faults:
        yield fault.as_message()
    for each in look.files:
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
