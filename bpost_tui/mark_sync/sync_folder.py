"""Sync folder: a folder that another program copies between machines.

It has one marks file for each machine. Blocks on the disk.
"""

# The obvious way is to treat the folder as shared memory: read the lines added to a file since the last time, and lock it while
# writing. A program that syncs folders (Syncthing, Nextcloud, Dropbox) breaks both. It delivers files late, twice, in part or out
# of order, and replaces a file while it is open. It puts an older version back after a backup was restored, leaves a conflict copy
# if it found two versions, and carries no locks.
#
# So nothing is assumed between two scans. A file is read on from the last place only if the part before that place is still the
# same (`FileProgress.digest`, over the first line and the 4 KB before it). Otherwise it is read from the start, which merging makes
# harmless. Whole lines are merged one by one, conflict copies too. The rest is reported, and read again the next time. If a
# machine's file has lost lines, each machine that knows the lost changes sends them itself (`FolderScan.rolled_back`).
#
# A machine writes its own file only, under a name made of its id. It appends if the file is exactly as it was left. Otherwise it
# rewrites the file beside the old one and renames it, so that no half file is ever synced.

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing, suppress
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from bpost_tui import log
from bpost_tui.atomic import resolve_links, write_whole
from bpost_tui.digests import blake2b
from bpost_tui.errors import ContentError, StoreError
from bpost_tui.i18n import Reason, message, prefix_reason, unreadable_reason
from bpost_tui.limits import MAX_FILE_BYTES, MAX_FILES, MAX_LINE_BYTES
from bpost_tui.mark_changes.field_changes import MAX_TIME_US, Changes, Subject
from bpost_tui.mark_changes.marks_file import (
    VOCABULARY_VERSION,
    ChangeConsumer,
    FileFault,
    FileProgress,
    MarksFileContent,
    MarksFileHeader,
    dump_header,
    dump_subjects,
    parse_header,
    read_entries,
)
from bpost_tui.mark_changes.merge_rule import merge_changes
from bpost_tui.mark_sync.machine_identity import MachineIdentity
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_PREFIX, _SUFFIX = "marks-", ".jsonl"
_MACHINE_FILE_NAME = re.compile(rf"{_PREFIX}[0-9a-f]{{16}}{re.escape(_SUFFIX)}")
_TAIL_BYTES = 4096
"""Number of bytes that a scan compares to see whether the part of a file that an earlier scan read is unchanged.

They are the last bytes of that part.
"""
_RACY_S = 4.0
"""Minimum age in seconds of a file whose modification time shows reliably whether the file has changed.

A younger file may change again without a new modification time, because FAT records times in steps of 2 s (Git calls such entries
"racy").
"""
_MAX_CLOCK_LEAD_S = 24 * 3600
"""Maximum time in seconds that a change may be dated in the future, as by a machine whose clock is fast.

A change with a later date isn't merged before that date, because it would win against all other changes. But changes in this
machine's own file are merged whatever their date. If the clock was fast when they were made, and the library was restored from a
backup later, only that file has them, and the sync is about to rewrite it.
"""
_RESERVED_FILES = 20
"""Number of files that a scan reads because they were changed last, if the folder has more than MAX_FILES files.

The other files read are those of the machines known longest. Without the reserve, a new machine's file would never be read.
"""
_MAX_SPARE_LINES = 1000
"""Number of outdated lines (replaced by newer lines) that even a small file may have before it is rewritten."""
_SPARE_BYTES = MAX_FILE_BYTES >> 3
"""Number of bytes left free when a file is rewritten because it is too large, so that the next changes can be appended."""
_HINT = message("Is the folder in the config (`sync_folder`) the right one, and is it there?")


class PeerFile(NamedTuple):
    """Marks file of one machine in the sync folder, as a scan found it."""

    header: MarksFileHeader
    progress: FileProgress
    """Record of how much of the file has been read, this scan included."""
    new_content: MarksFileContent | None
    """Content added to the file since an earlier scan, or None if the file hasn't changed."""
    is_continued: bool
    """Whether the part of the file that was read at an earlier scan is still the same."""
    size: int

    @property
    def is_copy(self) -> bool:
        """Whether the file is a conflict copy.

        The syncing program makes such an extra file if two machines have changed the same file.
        """
        return self.progress.name != file_name(self.header.machine)

    @property
    def needs_compaction(self) -> bool:
        """Whether newer lines have replaced most lines of the file, so that the file is to be rewritten."""
        return self.progress.valid_lines > 2 * self.header.entries + _MAX_SPARE_LINES


class FolderScan(NamedTuple):
    """Result of a scan, which reads all files in the sync folder."""

    files: tuple[PeerFile, ...]
    """Files that could be read, conflict copies included."""
    faults: tuple[FileFault, ...]
    """Faults that concern whole files. Faults of single lines are in `PeerFile.new_content`."""
    missing: tuple[str, ...]
    """Names of files that were read at an earlier scan and no longer exist."""
    newer_error: ContentError | None = None
    """Error if a newer version of bpost wrote this machine's file, so that this version must not write it; otherwise None."""

    def rolled_back(self, known: Mapping[str, FileProgress]) -> tuple[str, ...]:
        """Return the names of machines' files that may have lost changes since an earlier scan.

        A file loses changes if, for example, it is restored from a backup. `known` has the progress in each file after the earlier
        scan, by the file's name.
        """
        known_files = ((each, known[each.progress.name]) for each in self.files if each.progress.name in known)
        changed = (before.name for each, before in known_files if each.new_content and (before.has_gap or not each.is_continued))
        return tuple(name for name in (*changed, *self.missing) if _MACHINE_FILE_NAME.fullmatch(name))


class FileWrite(NamedTuple):
    """Result of writing the file that carries this machine's marks to other machines."""

    progress: FileProgress
    rejected: frozenset[Subject] = frozenset()
    """Subjects (stories, searches, lists …) whose changes weren't written, because other machines would refuse them."""
    omitted: int = 0
    """Number of lines that were left out because the file is full. They have the oldest changes."""


class SyncFolder:
    """Sync folder, as used by one machine. Every method blocks on the disk.

    Args:
        path: Path of the folder. It is made if its parent folder exists.
        machine: Identity of this machine.
        clock: Function that returns seconds since 1970.
    """

    def __init__(self, path: Path, machine: MachineIdentity, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._machine = machine
        self._clock = clock
        self.own_name = file_name(machine.id)

    def scan(self, known: Mapping[str, FileProgress], on_changes: ChangeConsumer) -> FolderScan:
        """Read the changes that are new in the folder since the last scan.

        A file that can't be read becomes a fault in the result, and the other files are still read.

        Args:
            known: Progress in each file by its name, files known longest first. If empty, everything is read.
            on_changes: Function to call with the changes of at most 2,000 subjects (stories, lists …) at a time.

        Raises:
            StoreError: The folder can't be read, or `on_changes` raised it.
        """
        folder, names, faults = self._list_files(known)
        files: list[PeerFile] = []
        newer: ContentError | None = None
        until_us = int((self._clock() + _MAX_CLOCK_LEAD_S) * 1_000_000)
        for name in names:
            try:
                with closing(_open_peer_file(folder, name)) as file:
                    latest_us = MAX_TIME_US if name == self.own_name else until_us
                    files.append(file.read_changes(known.get(name), latest_us, on_changes))
            except ContentError as error:
                newer = error if name == self.own_name and error.hint else newer
                faults.append(FileFault(name, 0, error.message))
            except OSError as error:
                faults.append(FileFault(name, 0, error.strerror or str(error)))
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 (a bug with one file must not affect the others)
                log.log_error(error)
                faults.append(FileFault(name, 0, unreadable_reason(error)))
        return FolderScan(tuple(files), tuple(faults), tuple(sorted(known.keys() - set(names))), newer)

    def changes_in(self, name: str) -> Changes:
        """Return all changes in a file, even those dated in the future. The result is empty if the file can't be read."""
        changes: list[Changes] = []
        try:
            with closing(_open_peer_file(resolve_links(self.path), name)) as file:
                file.read_changes(None, MAX_TIME_US, changes.append)
        except (ContentError, OSError):
            return {}
        return merge_changes(changes)

    def own_file(self, scan: FolderScan) -> PeerFile | None:
        """Return this machine's file in `scan` if changes can be appended to it, otherwise None.

        Changes can be appended if the file is undamaged and still as this machine left it.

        Raises:
            StoreError: A newer bpost wrote the file.
        """
        if scan.newer_error:
            raise StoreError(prefix_reason(self.own_name, scan.newer_error.message), hint=scan.newer_error.hint)
        for each in scan.files:
            if each.progress.name == self.own_name and each.is_continued and not each.is_copy:
                return None if each.new_content and each.new_content.fault_count else each
        return None

    def append(self, changes: Changes, own: PeerFile) -> FileWrite | None:
        """Append changes to this machine's file, and return the result. If the file must be rewritten instead, return None.

        `own` is the file as a scan found it.

        Raises:
            StoreError: The file can't be written. A part of the changes may be in it.
        """
        lines, rejected, _ = _encode_lines(changes)
        try:
            folder = resolve_links(self.path)
            descriptor = os.open(folder / self.own_name, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                # a syncing program may have replaced the file since the scan, even by an earlier version of the same size
                with closing(_OpenPeerFile(os.dup(descriptor), self.own_name)) as file:
                    is_unchanged = file.size == own.size and file.starts_with(own.progress)
                if not is_unchanged or os.fstat(descriptor).st_nlink != 1:
                    return None
                if own.size + sum(map(len, lines)) > MAX_FILE_BYTES:
                    return None
                _write_all(descriptor, b"".join(lines), own.size)
                with closing(_OpenPeerFile(os.dup(descriptor), self.own_name)) as file:  # another file may have this name by now
                    return FileWrite(file.progress_when_written(own.progress.valid_lines + len(lines)), rejected)
            finally:
                os.close(descriptor)
        except (FileNotFoundError, ContentError):
            return None
        except OSError as error:
            raise self._store_error(error) from error

    def rewrite(self, changes: Changes) -> FileWrite:
        """Replace this machine's file by a file with `changes`, entirely or not at all. Return its size and the changes left out.

        The size of the new file is limited to MAX_FILE_BYTES, less some room for the next changes. The oldest changes are left out
        if the file would be larger.

        Raises:
            StoreError: The file can't be written. The old file is unchanged.
        """
        data, written = self._encode_file(changes)
        try:
            folder = resolve_links(self.path)
            for part in folder.glob(f".{self.own_name}.*.part"):  # left by a process that was killed while it wrote
                with suppress(OSError):  # somebody else's file or folder of that name
                    part.unlink()
            write_whole(folder / self.own_name, data)
        except OSError as error:
            raise self._store_error(error) from error
        return written

    def preview(self, changes: Changes) -> FileWrite:
        """Return the result that `rewrite` would have with these changes, without writing the file."""
        return self._encode_file(changes)[1]

    def _encode_file(self, changes: Changes) -> tuple[bytes, FileWrite]:
        """Return the content of a new file of this machine with `changes`, and the result to report once it is written."""
        lines, rejected, omitted = _encode_lines(changes, MAX_FILE_BYTES - _SPARE_BYTES)
        first = dump_header(MarksFileHeader(self._machine.id, self._machine.host, secrets.token_hex(8), len(lines)))
        data = first + b"".join(lines)
        digest = _digest(first, data[-_TAIL_BYTES:])
        progress = FileProgress(self.own_name, "", len(data), 1 + len(lines), digest, VOCABULARY_VERSION)
        return data, FileWrite(progress, rejected, omitted)

    def _list_files(self, known: Collection[str]) -> tuple[Path, list[str], list[FileFault]]:
        """Return the folder's real path, the names of at most MAX_FILES marks files in it, and faults for other files.

        The folder is made if its parent folder exists. `known` has the names of the files read before, files known longest first.
        If there are too many files, these are preferred.
        """
        try:
            if not self.path.exists() and self.path.parent.is_dir():
                self.path.mkdir(mode=0o700)
            folder = resolve_links(self.path)
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if not entry.name.startswith((".", "~")))
        except OSError as error:
            raise self._store_error(error) from error
        marks_files: list[str] = []
        others: list[str] = []
        for name in names:  # a name that isn't printable may not be UTF-8 either, and can't be saved
            (marks_files if name.startswith(_PREFIX) and name.endswith(_SUFFIX) and name.isprintable() else others).append(name)
        shown = (name if name.isprintable() else ascii(name) for name in others[:MAX_FILES])
        faults = [FileFault(name, 0, Reason("not written by bpost")) for name in shown]
        if len(marks_files) > MAX_FILES:
            marks_files = self._prioritized(folder, marks_files, known)
            faults.append(FileFault(marks_files[MAX_FILES], 0, Reason("more than {n} files; the others aren't read", n=MAX_FILES)))
        return folder, sorted(marks_files[:MAX_FILES]), faults[-MAX_FILES:]

    def _prioritized(self, folder: Path, names: Iterable[str], known: Collection[str]) -> list[str]:
        """Return the names of the files, sorted by importance, since only the first MAX_FILES files are read.

        This machine's file comes first. Next are the files of the machines known longest (`known`), at most MAX_FILES −
        `_RESERVED_FILES`, so that new files can't displace them. Then come the other machines' files, the last changed first, and
        conflict copies at the end.
        """

        def changed_s(name: str) -> float:
            with suppress(OSError):
                return (folder / name).lstat().st_mtime
            return 0.0

        machines = {name for name in names if _MACHINE_FILE_NAME.fullmatch(name)}
        oldest_known = [name for name in known if name in machines and name != self.own_name][: MAX_FILES - _RESERVED_FILES]
        latest = sorted(machines.difference(oldest_known, {self.own_name}), key=changed_s, reverse=True)
        return [*machines.intersection({self.own_name}), *oldest_known, *latest, *(name for name in names if name not in machines)]

    def _store_error(self, error: OSError) -> StoreError:
        return StoreError(prefix_reason(str(self.path), error.strerror or str(error)), hint=_HINT)


def file_name(machine: str) -> str:
    """Return the name of the file that belongs to the machine with the id `machine`."""
    return f"{_PREFIX}{machine}{_SUFFIX}"


def _encode_lines(changes: Changes, max_bytes: int | None = None) -> tuple[list[bytes], frozenset[Subject], int]:
    """Return changes as lines of a marks file, the subjects that no line can hold, and the number of lines left out.

    A subject is the story, list or other thing that was changed. The lines have at most `max_bytes` bytes together (None for no
    limit). If they would have more, the oldest changes are left out.
    """
    each = list(dump_subjects(changes))
    rejected = frozenset(subject for subject, line in each if not line)
    lines = [line for _, line in each if line]
    if max_bytes is None or sum(map(len, lines)) <= max_bytes:
        return lines, rejected, 0
    each.sort(key=lambda pair: max(change.at_us for change in changes[pair[0]].values()), reverse=True)
    lines = [line for _, line in each if line]
    fit = sum(1 for end in accumulate(map(len, lines)) if end <= max_bytes)
    return lines[:fit], rejected, len(lines) - fit


def _open_peer_file(folder: Path, name: str) -> _OpenPeerFile:
    return _OpenPeerFile(os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), name)


def _digest(first: bytes, tail: bytes) -> str:
    return blake2b(first + tail, digest_size=16).hexdigest()


class _OpenPeerFile:
    """File of marks in the sync folder, open for reading.

    Raises:
        ContentError: bpost didn't write the file, or this version can't read it.
        OSError: The file can't be read.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise ContentError(Reason("not written by bpost"))
            self._file: BinaryIO = os.fdopen(descriptor, "rb")
        except (ContentError, OSError):
            os.close(descriptor)
            raise
        try:
            if found.st_size > MAX_FILE_BYTES:
                raise ContentError(Reason("larger than {n} MB", n=MAX_FILE_BYTES >> 20))
            # the system's clock, and not `clock`, dates files
            is_recent = abs(time.time() - max(found.st_mtime, found.st_ctime)) < _RACY_S
            self.version = "" if is_recent else f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"
            self.size = found.st_size
            self._name = name
            self._file.seek(0)
            self._first = self._file.readline(MAX_LINE_BYTES)
            self.header = parse_header(self._first)
        except (ContentError, OSError):
            self.close()
            raise

    def close(self) -> None:
        self._file.close()

    def read_changes(self, known: FileProgress | None, until_us: int, take: ChangeConsumer) -> PeerFile:
        """Read the changes added to the file since `known` was recorded, except changes dated after `until_us`.

        The whole file is read if `known` is None, is from a bpost that knew other fields, or describes a part that the file no
        longer begins with. `take` is called with the changes of at most 2,000 subjects (stories, lists …) at a time. `until_us` is
        in microseconds since 1970.
        """
        at, lines, is_continued = len(self._first), 1, False
        if known and known.vocabulary == VOCABULARY_VERSION:
            if known.version == self.version != "":
                return PeerFile(self.header, known, None, True, self.size)
            if self.starts_with(known):
                at, lines, is_continued = known.valid_bytes, known.valid_lines, True
        self._file.seek(at)
        found = read_entries(self._file, self._name, take, start_bytes=at, start_lines=lines, until_us=until_us)
        digest = self._digest(found.valid_bytes)
        version = "" if found.future_count else self.version  # empty, so that the file is read again although it hasn't changed
        progress = FileProgress(
            self._name, version, found.valid_bytes, found.valid_lines, digest, VOCABULARY_VERSION, found.has_gap
        )
        return PeerFile(self.header, progress, found, is_continued, self.size)

    def starts_with(self, known: FileProgress) -> bool:
        """Whether the file still begins with the part that had been read when `known` was recorded.

        The first line of the file and the last bytes of that part are compared.
        """
        return known.valid_bytes <= self.size and known.digest == self._digest(known.valid_bytes)

    def progress_when_written(self, lines: int) -> FileProgress:
        """Return a record that the whole file was read. This machine has just written the file, with `lines` lines."""
        return FileProgress(self._name, self.version, self.size, lines, self._digest(self.size), VOCABULARY_VERSION)

    def _digest(self, valid_bytes: int) -> str:
        self._file.seek(max(valid_bytes - _TAIL_BYTES, 0))
        tail = self._file.read(min(valid_bytes, _TAIL_BYTES))
        return _digest(self._first, tail)


def _write_all(descriptor: int, data: bytes, before: int) -> None:
    """Write all of `data` at the end of the open file `descriptor`, and wait until it is on the disk.

    If that fails, cut the file back to `before`, its size in bytes before the write, and raise OSError.
    """
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, before)
        raise
