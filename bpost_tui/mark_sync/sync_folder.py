"""The folder that a program syncs between machines: reading the others' files in it, and writing one's own.

A synchroniser may deliver late, twice, in part or out of order, replace a file under us, and leave copies where it found two
versions. So nothing is taken for granted between two looks: a file is read on from where it was read to only if what lies before
that is still the same, and whatever is whole in it is taken, line by line. What isn't is reported, and looked at again.
"""

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
from typing import BinaryIO, NamedTuple

from bpost_tui import log
from bpost_tui.atomic import resolve_links, write_whole
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

try:
    from _blake2 import blake2b  # the same, without OpenSSL's 9 ms
except ImportError:
    from hashlib import blake2b

_PREFIX, _SUFFIX = "marks-", ".jsonl"
_MACHINE_FILE_NAME = re.compile(rf"{_PREFIX}[0-9a-f]{{16}}{re.escape(_SUFFIX)}")
_TAIL_BYTES = 4096
_RACY_S = 4.0
"""A file changed so lately may change again without showing it: FAT's clock goes by 2 s (as Git's "racy" entries)."""
_MAX_CLOCK_LEAD_S = 24 * 3600
"""How far ahead another machine's clock may be: a change that it dates later waits, as it would hold against all changes here."""
_RESERVED_FILES = 20
"""Files of the most that are read kept for what was last changed, however many machines are known: one may be new."""
_MAX_SPARE_LINES = 1000
_SPARE_BYTES = MAX_FILE_BYTES >> 3
"""Room that is left in a file that would be too large, so that it isn't rewritten with each change."""
_HINT = message("Is the folder in the config (`sync_folder`) the right one, and is it there?")


class PeerFile(NamedTuple):
    """A file of a machine, as a look found it."""

    header: MarksFileHeader
    progress: FileProgress
    """How far it has been read now."""
    new_content: MarksFileContent | None
    """What is new in it; None where nothing has changed."""
    is_continued: bool
    """Whether it is the file that was known, and maybe more."""
    size: int

    @property
    def is_copy(self) -> bool:
        """Whether the syncing program made it, of two versions of a file."""
        return self.progress.name != file_name(self.header.machine)

    @property
    def needs_compaction(self) -> bool:
        """Whether most of its lines have been overtaken by later ones."""
        return self.progress.valid_lines > 2 * self.header.entries + _MAX_SPARE_LINES


class FolderScan(NamedTuple):
    """What a look into the folder found."""

    files: tuple[PeerFile, ...]
    """Those that could be read, copies too."""
    faults: tuple[FileFault, ...]
    """What is wrong with files as a whole."""
    missing: tuple[str, ...]
    """Known files that are no longer there."""
    newer_error: ContentError | None = None
    """What is said of this machine's file where a newer bpost used this very library: it isn't written then."""

    def rolled_back(self, known: Mapping[str, FileProgress]) -> tuple[str, ...]:
        """Return the machines' files that no longer say what they said, as far as is known: a backup may have been restored."""
        there = ((each, known[each.progress.name]) for each in self.files if each.progress.name in known)
        changed = (before.name for each, before in there if each.new_content and (before.has_gap or not each.is_continued))
        return tuple(name for name in (*changed, *self.missing) if _MACHINE_FILE_NAME.fullmatch(name))

    @property
    def new_progress(self) -> tuple[FileProgress, ...]:
        """Of the files that are new or have changed."""
        return tuple(each.progress for each in self.files if each.new_content)


class FileWrite(NamedTuple):
    """This machine's file, as it was just written."""

    progress: FileProgress
    rejected: frozenset[Subject] = frozenset()
    """What can't be written there, as it would be refused where it is read."""
    omitted: int = 0
    """How many of the oldest changes there was no room for."""


class SyncFolder:
    """The folder, as one machine sees it. Every method blocks on the disk.

    Args:
        path: The folder; it is made, if the one above it is there.
        machine: This one.
        clock: This machine's, in seconds since 1970.
    """

    def __init__(self, path: Path, machine: MachineIdentity, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._machine = machine
        self._clock = clock
        self.own_name = file_name(machine.id)

    def scan(self, known: Mapping[str, FileProgress], on_changes: ChangeConsumer) -> FolderScan:
        """Read what is new in the folder since the last look, as far as `known` says it came; with nothing known, all.

        Each file is read and its changes taken by itself: whatever goes wrong with one is said, and harms no other.

        Args:
            known: How far files were read, by name; those that were known first come first.
            on_changes: Called with the changes of some thousand subjects at a time.

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
                    files.append(file.read_changes(known.get(name), until_us, on_changes))
            except ContentError as error:
                newer = error if name == self.own_name and error.hint else newer
                faults.append(FileFault(name, 0, error.message))
            except OSError as error:
                faults.append(FileFault(name, 0, error.strerror or str(error)))
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 (a mistake of ours about one file costs that one)
                log.log_error(error)
                faults.append(FileFault(name, 0, unreadable_reason(error)))
        return FolderScan(tuple(files), tuple(faults), tuple(sorted(known.keys() - set(names))), newer)

    def changes_in(self, name: str) -> Changes:
        """Return all that a file says, what waits too; nothing where it can't be read."""
        said: list[Changes] = []
        try:
            with closing(_open_peer_file(resolve_links(self.path), name)) as file:
                file.read_changes(None, MAX_TIME_US, said.append)
        except (ContentError, OSError):
            return {}
        return merge_changes(said)

    def own_file(self, look: FolderScan) -> PeerFile | None:
        """Return this machine's file, if it goes on as this machine left it and is whole: then it can be appended to.

        Raises:
            StoreError: A newer bpost wrote it.
        """
        if look.newer_error:
            raise StoreError(prefix_reason(self.own_name, look.newer_error.message), hint=look.newer_error.hint)
        for each in look.files:
            if each.progress.name == self.own_name and each.is_continued and not each.is_copy:
                return None if each.new_content and each.new_content.fault_count else each
        return None

    def append(self, changes: Changes, own: PeerFile) -> FileWrite | None:
        """Add changes to the end of this machine's file, and return how it is then; None if it has to be rewritten.

        Raises:
            StoreError: It can't be written; a part of it may be.
        """
        lines, refused, _ = _encode_lines(changes)
        try:
            folder = resolve_links(self.path)
            descriptor = os.open(folder / self.own_name, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                found = os.fstat(descriptor)
                if found.st_size != own.size or found.st_nlink != 1 or not stat.S_ISREG(found.st_mode):
                    return None
                if own.size + sum(map(len, lines)) > MAX_FILE_BYTES:
                    return None
                _write_all(descriptor, b"".join(lines), own.size)
                with closing(_OpenPeerFile(os.dup(descriptor), self.own_name)) as file:  # another may be in its place by now
                    return FileWrite(file.progress_when_written(own.progress.valid_lines + len(lines)), refused)
            finally:
                os.close(descriptor)
        except (FileNotFoundError, ContentError):
            return None
        except OSError as error:
            raise self._store_error(error) from error

    def rewrite(self, changes: Changes) -> FileWrite:
        """Write this machine's file again, whole or not at all, and return how it is then.

        The oldest changes are left out where it would be larger than what is read.

        Raises:
            StoreError: It can't be written; the one before it is still there.
        """
        lines, refused, left_out = _encode_lines(changes, MAX_FILE_BYTES - _SPARE_BYTES)
        header = MarksFileHeader(self._machine.id, self._machine.host, secrets.token_hex(8), len(lines))
        try:
            folder = resolve_links(self.path)
            for part in folder.glob(f".{self.own_name}.*.part"):  # this machine was killed as it wrote one
                with suppress(OSError):  # one that somebody else put there, and can't be removed
                    part.unlink()
            first, data = dump_header(header), dump_header(header) + b"".join(lines)
            write_whole(folder / self.own_name, data)
        except OSError as error:
            raise self._store_error(error) from error
        state = FileProgress(self.own_name, "", len(data), 1 + len(lines), _digest(first, data[-_TAIL_BYTES:]), VOCABULARY_VERSION)
        return FileWrite(state, refused, left_out)

    def preview(self, changes: Changes) -> FileWrite:
        """Return how this machine's file would be if it were rewritten; nothing is written."""
        lines, refused, left_out = _encode_lines(changes, MAX_FILE_BYTES - _SPARE_BYTES)
        return FileWrite(FileProgress(self.own_name, "", 0, 1 + len(lines), "", VOCABULARY_VERSION), refused, left_out)

    def _list_files(self, known: Collection[str]) -> tuple[Path, list[str], list[FileFault]]:
        """Return the folder itself, the files in it that may be bpost's, and what is wrong with others."""
        try:
            if not self.path.exists() and self.path.parent.is_dir():
                self.path.mkdir(mode=0o700)
            folder = resolve_links(self.path)
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if not entry.name.startswith((".", "~")))
        except OSError as error:
            raise self._store_error(error) from error
        ours: list[str] = []
        others: list[str] = []
        for name in names:  # a name that can't be shown can't be noted either: it may not be UTF-8
            (ours if name.startswith(_PREFIX) and name.endswith(_SUFFIX) and name.isprintable() else others).append(name)
        faults = [FileFault(_printable(name), 0, Reason("not written by bpost")) for name in others[:MAX_FILES]]
        if len(ours) > MAX_FILES:
            ours = self._prioritized(folder, ours, known)
            faults.append(FileFault(ours[MAX_FILES], 0, Reason("more than {n} files; the others aren't read", n=MAX_FILES)))
        return folder, sorted(ours[:MAX_FILES]), faults[-MAX_FILES:]

    def _prioritized(self, folder: Path, names: Iterable[str], known: Collection[str]) -> list[str]:
        """Return too many files in an order in which nobody who adds some keeps a machine out.

        This machine's comes first, then those of machines that have long been known, but for some room for what was last changed;
        copies of syncing programs last.
        """

        def changed_s(name: str) -> float:
            with suppress(OSError):
                return (folder / name).lstat().st_mtime
            return 0.0

        machines = {name for name in names if _MACHINE_FILE_NAME.fullmatch(name)}
        there = [name for name in known if name in machines and name != self.own_name][: MAX_FILES - _RESERVED_FILES]
        latest = sorted(machines.difference(there, {self.own_name}), key=changed_s, reverse=True)
        return [*machines.intersection({self.own_name}), *there, *latest, *(name for name in names if name not in machines)]

    def _store_error(self, error: OSError) -> StoreError:
        return StoreError(prefix_reason(str(self.path), error.strerror or str(error)), hint=_HINT)


def _printable(name: str) -> str:
    """Return a file's name as it can be said in a line."""
    return name if name.isprintable() else ascii(name)


def file_name(machine: str) -> str:
    """Return the name of the file that a machine writes."""
    return f"{_PREFIX}{machine}{_SUFFIX}"


def _encode_lines(changes: Changes, most_bytes: int | None = None) -> tuple[list[bytes], frozenset[Subject], int]:
    """Return changes as lines, the subjects without a line, and how many of the oldest there was no room for."""
    each = list(dump_subjects(changes))
    refused = frozenset(subject for subject, line in each if not line)
    lines = [line for _, line in each if line]
    if most_bytes is None or sum(map(len, lines)) <= most_bytes:
        return lines, refused, 0
    each.sort(key=lambda pair: max(change.at_us for change in changes[pair[0]].values()), reverse=True)
    lines = [line for _, line in each if line]
    fit = sum(1 for end in accumulate(map(len, lines)) if end <= most_bytes)
    return lines[:fit], refused, len(lines) - fit


def _open_peer_file(folder: Path, name: str) -> _OpenPeerFile:
    return _OpenPeerFile(os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), name)


def _digest(first: bytes, tail: bytes) -> str:
    return blake2b(first + tail, digest_size=16).hexdigest()


class _OpenPeerFile:
    """An open file of the folder; it closes the descriptor.

    Raises:
        ContentError: It isn't bpost's, or can't be read by this version.
        OSError: It can't be read.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        self._file: BinaryIO = os.fdopen(descriptor, "rb")
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise ContentError(Reason("not written by bpost"))
            if found.st_size > MAX_FILE_BYTES:
                raise ContentError(Reason("larger than {n} MB", n=MAX_FILE_BYTES >> 20))
            # by the system's clock, which dates the files
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
        """Return what is new in it since it was read to a place, but for changes that are dated later than a time."""
        if known and known.vocabulary == VOCABULARY_VERSION and known.version == self.version != "":
            return PeerFile(self.header, known, None, True, self.size)
        goes_on = known is not None and self._is_continued(known)
        reading, state = self._read(known if goes_on else None, until_us, take)
        return PeerFile(self.header, state, reading, goes_on, self.size)

    def _is_continued(self, known: FileProgress) -> bool:
        """Whether it is the file that was read up to a place, and maybe more."""
        if known.vocabulary != VOCABULARY_VERSION or known.valid_bytes > self.size:
            return False
        return known.digest == self._digest(known.valid_bytes)

    def _read(self, before: FileProgress | None, until_us: int, take: ChangeConsumer) -> tuple[MarksFileContent, FileProgress]:
        """Return what it says from where it was read to, or from its beginning, and how far it has been read then."""
        at, lines = (before.valid_bytes, before.valid_lines) if before else (len(self._first), 1)
        self._file.seek(at)
        reading = read_entries(self._file, self._name, start_bytes=at, start_lines=lines, until_us=until_us, on_changes=take)
        digest = self._digest(reading.valid_bytes)
        version = "" if reading.future_count else self.version  # so that it is looked at again, though it hasn't changed
        valid_bytes, valid_lines = reading.valid_bytes, reading.valid_lines
        return reading, FileProgress(self._name, version, valid_bytes, valid_lines, digest, VOCABULARY_VERSION, reading.has_gap)

    def progress_when_written(self, lines: int) -> FileProgress:
        """Return how far it has been read if all of it is what was just written."""
        return FileProgress(self._name, self.version, self.size, lines, self._digest(self.size), VOCABULARY_VERSION)

    def _digest(self, valid_bytes: int) -> str:
        self._file.seek(max(valid_bytes - _TAIL_BYTES, 0))
        tail = self._file.read(min(valid_bytes, _TAIL_BYTES))
        return _digest(self._first, tail)


def _write_all(descriptor: int, data: bytes, before: int) -> None:
    """Write all of it and wait for the disk, or leave the file as it was; raises OSError."""
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, before)
        raise
