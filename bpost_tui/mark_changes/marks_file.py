"""Format of a machine's marks file: one JSON object per line (JSON Lines, UTF-8), each with its own checksum. Pure.

    {"sum":"1f0c9a52","bpost":1,"machine":"0123456789abcdef","host":"laptop","made":"9c1d…","entries":2}
    {"sum":"d5b1e0aa","story":"https://example.org/?p=1","paper":"example.org","link":"example.org/1","read":[1790000000000000,true]}
    {"sum":"0a6e1c7d","story":"https://example.org/?p=2","paper":"example.org","list:weekend":[1790000000000000,true]}
    {"sum":"77aa0c3e","search":"rivers","query":[1790000000000000,"kangsabati"]}
    {"sum":"0b61f2d4","passage":"0123456789abcdef","kept":[1790000000000000,["the quotation", …]]}
    {"sum":"5b90e2f4","list":"weekend","name":[1790000000000000,"weekend"],"there":[1790000000000000,true]}
    {"sum":"c0a91e37","mute":"IPL","tags":[1790000000000000,true]}
    {"sum":"e1172b90","apart":"https://example.org/?p=1","paper":"example.org","from:other.example guid 7":[1790000000000000,true]}

The first line is the header. In the other lines, the first fields name the subject (the thing that was changed). Each further field
except `link` and `synced` is a pair: the time of the field's last change in microseconds since 1970, and the new value. `synced`
names the marks of the line whose last change has reached the server of feeds. The sum is the CRC-32 of the line without the sum.
Every string must pass the sanitizer unchanged, as every string that bpost writes does.
"""

# The obvious format is one JSON document with all marks. But a program that syncs folders may deliver half of it, which nobody can
# parse, and each mark would mean writing and sending all of it.
#
# So a file is a log. A line is added for each subject with changes. A later line doesn't replace an earlier one: both are merged by
# the times of their changes, so order and repetition don't matter. A read begins at the end of the last read. Each line has a
# checksum, so half a line, or a line with a piece that hasn't been delivered, is recognised and skipped. The whole lines after it
# are merged at once. The bytes before the first damaged line (`valid_bytes`) are final. Everything after them is read again the
# next time, until the missing piece has come.
#
# A machine writes no file but its own, so two machines never write the same one. The file is rewritten when most of its lines have
# been overtaken by later ones (`sync_folder.PeerFile.needs_compaction`).
#
# Machines of several versions share a folder, so whatever is added to a line must be a field of its own, which an earlier version
# leaves out. A third element in the pair of a mark, for a change that has reached the server, made it refuse the whole line.

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final
from zlib import crc32

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.limits import MAX_LINE_BYTES, MAX_LINES
from bpost_tui.mark_changes.entry_parser import KINDS_WITH_PAPER, NEWER_VERSION, parse_entry
from bpost_tui.mark_changes.field_changes import (
    LINK,
    MAX_TIME_US,
    SYNCED,
    ChangedFields,
    Changes,
    FieldChange,
    Subject,
    SubjectKind,
)
from bpost_tui.mark_changes.merge_rule import merge_into
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import Fields, Rejection, read_json, read_one, require_field, require_type

FORMAT_VERSION: Final = 1
"""Version of the file format. A file with a higher version comes from a newer version of bpost and isn't read."""
VOCABULARY_VERSION: Final = 5
"""Version of the lists of kinds (story, search, passage …) and fields that a line may have. It is raised if one of them grows.

After bpost was updated to a higher version of the lists, it reads all files again from the start.
"""
_MAX_FIELDS = 40
"""Maximum number of a story's fields in one line.

Even with long field names and a long guid, the line stays below MAX_LINE_BYTES.
"""
_BATCH_SUBJECTS = 2000
"""Maximum number of subjects (changed stories, lists …) of a file whose changes are held in memory at once."""
_MAX_FAULTS = 5
"""Maximum number of faults that are reported one by one for a file. Further faults are only counted."""
_MACHINE = re.compile(r"[0-9a-f]{16}")
_SUM = re.compile(rb'\{"sum":"([0-9a-f]{8})",')
_INCOMPLETE = message("incomplete (still arriving)")


class FileProgress(NamedTuple):
    """Record of how much of a file was read, with hashes that show whether that part is still the same."""

    name: str
    version: str
    """Text made of the file's size, times and inode, to find out whether the file has changed.

    Empty if the file was changed so recently that its next change might leave size, times and inode the same. The file must then
    be read again.
    """
    valid_bytes: int
    """Number of bytes before the first line that must be read again; the size of the file if there is no such line."""
    valid_lines: int
    """Number of lines, the header included, before the first line that must be read again."""
    digest: str
    """Hash of the file's first line and of the last 4 KB before `valid_bytes`."""
    vocabulary: int
    """Version of the list of fields (`VOCABULARY_VERSION`) that bpost had when it read the file."""
    has_gap: bool = False
    """Whether changes from lines after `valid_bytes` were merged as well.

    If so, a file that is restored from a backup may lack these changes, although its first `valid_bytes` are the same.
    """


class MarksFileHeader(NamedTuple):
    """Header of a marks file, which is its first line."""

    machine: str
    """Id of the machine that writes the file: 16 hexadecimal digits."""
    host: str
    """Name of the machine."""
    made: str
    """Random text, a new one whenever the file is rewritten, so that other machines notice the rewrite."""
    entries: int
    """Number of lines that the file had when it was last rewritten."""


class FileFault(NamedTuple):
    """Fault: a line or file that can't be read, with the reason."""

    file: str
    line: int
    """Number of the faulty line (the first line is 1), or 0 if the fault concerns the whole file."""
    reason: str

    def as_message(self) -> Reason:
        """Return the fault as a sentence that names the file and the line."""
        where = Reason("{file}, line {n}", file=self.file, n=self.line) if self.line else self.file
        return prefix_reason(where, self.reason)


class MarksFileContent(NamedTuple):
    """Content read from a marks file, and the start of the next read."""

    valid_bytes: int
    """Number of bytes before the start of the next read.

    The next read starts at the first line that can't be read yet, or at the end of the file.
    """
    valid_lines: int
    """Number of lines before the start of the next read."""
    faults: tuple[FileFault, ...] = ()
    """First faults that were found, which are reported; `fault_count` includes the others."""
    fault_count: int = 0
    """Number of lines that can't be read."""
    newer_count: int = 0
    """Number of lines with a kind of subject (story, list …) or a field that only a newer version of bpost knows."""
    future_count: int = 0
    """Number of lines with a change dated in the future, because another machine's clock is fast.

    They are read again at every read until that date has come.
    """
    has_gap: bool = False
    """Whether changes from lines after `valid_bytes`, the beginning of the next read, were merged as well."""


ChangeConsumer = Callable[[Changes], object]
"""Function that receives the changes read from a marks file; it is called for each part of the file."""


# ── writing ─────────────────────────────────────────────────────────────────


def dump_header(header: MarksFileHeader) -> bytes:
    """Return the header as the first line of a file."""
    return _dump({"bpost": FORMAT_VERSION, **header._asdict()})


def dump_subjects(changes: Changes) -> Iterator[tuple[Subject, bytes]]:
    """Yield each changed subject (story, list …) with each of its lines for a marks file.

    A subject with many fields has several lines. A line is empty if other machines would refuse it, for example because the
    sanitizer would change a name in it.
    """
    for subject, fields in _split_fields(changes):
        values = {name: change.value if name == LINK else [change.at_us, change.value] for name, change in fields.items()}
        synced = [name for name, change in fields.items() if change.is_synced]
        paper = {"paper": subject.paper} if subject.kind in KINDS_WITH_PAPER else {}
        line = _dump({subject.kind: subject.name, **paper, **values, **({SYNCED: synced} if synced else {})})
        entry = read_one(line, lambda line: parse_entry(parse_line(line)))
        is_read = len(line) <= MAX_LINE_BYTES and not isinstance(entry, Rejection) and entry[:2] == (subject, fields)
        yield subject, line if is_read else b""


def _split_fields(changes: Changes) -> Iterator[tuple[Subject, ChangedFields]]:
    for subject, fields in changes.items():
        others = [(name, change) for name, change in fields.items() if name != LINK]
        most = 1 if subject.kind == SubjectKind.SEPARATION else _MAX_FIELDS  # two long guids fill a line
        for at in range(0, len(others) or 1, most):
            yield subject, {**dict(others[at : at + most]), **({LINK: fields[LINK]} if LINK in fields else {})}


def _dump(fields: Mapping[str, object]) -> bytes:
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b'{"sum":"%08x",%b\n' % (crc32(plain), plain[1:])


# ── reading ─────────────────────────────────────────────────────────────────


def parse_line(line: bytes) -> Fields:
    """Return the fields in a line of the file; the line ends with a newline.

    Raises:
        ContentError: The line is incomplete, or doesn't match its checksum.
    """
    found = _SUM.match(line)
    if not found or not line.endswith(b"\n") or crc32(b"{" + line[found.end() : -1]) != int(found[1], 16):
        raise ContentError(Reason(_INCOMPLETE))
    return require_type(read_json(line), dict, "a line")


def parse_header(line: bytes) -> MarksFileHeader:
    """Return the header in a file's first line.

    Raises:
        ContentError: The line is no header, or a newer bpost wrote it.
    """
    if line.endswith(b"\n") and not _SUM.match(line):
        raise ContentError(Reason("not written by bpost"))
    fields = parse_line(line)
    version = fields.get("bpost")
    if type(version) is not int:
        raise ContentError(Reason("not written by bpost"))
    if version > FORMAT_VERSION:
        raise ContentError(Reason(NEWER_VERSION), hint=message("Update bpost."))
    machine = require_field(fields, "machine", str)
    if not _MACHINE.fullmatch(machine):
        raise ContentError(Reason("not written by bpost"))
    host, made = clean_line(require_field(fields, "host", str, ""), MAX_NAME_CHARS), require_field(fields, "made", str, "")
    return MarksFileHeader(machine, host, made[:MAX_NAME_CHARS], max(require_field(fields, "entries", int, 0), 0))


def read_entries(
    file: BinaryIO,
    name: str,
    on_changes: ChangeConsumer,
    *,
    start_bytes: int,
    start_lines: int,
    until_us: int = MAX_TIME_US,
) -> MarksFileContent:
    """Read a marks file from the current position to the end, and pass its changes to `on_changes`.

    Return the faults, and the start of the next read. The lines after a line that can't be read are still read.

    Args:
        file: File, positioned after the lines that were read before.
        name: Name of the file, for faults.
        on_changes: Function to call with the changes of at most 2,000 subjects (stories, lists …) at a time.
        start_bytes: Number of bytes before the position.
        start_lines: Number of lines before the position.
        until_us: Latest time of the changes to accept, in microseconds since 1970. A line with a later change is read again at the
            next read.
    """
    changes: dict[Subject, dict[str, FieldChange]] = {}
    faults: list[FileFault] = []
    faulty = newer = waiting = 0
    has_gap = False
    valid_bytes, valid_lines = start_bytes, start_lines
    for number, line in enumerate(_lines(file, MAX_LINES - start_lines), start_lines + 1):
        fields = read_one(line, parse_line)
        entry = fields if isinstance(fields, Rejection) else read_one(fields, parse_entry)
        waits = False
        if isinstance(entry, Rejection):
            has_more = entry.reason == NEWER_VERSION
            if not has_more:
                faulty += 1
                faults += [FileFault(name, number, entry.reason)][: _MAX_FAULTS - len(faults)]
        else:
            subject, found, has_more = entry
            ripe = {name: change for name, change in found.items() if change.at_us <= until_us}
            waits = len(ripe) < len(found)
            if ripe or not waits:
                merge_into(changes, subject, ripe)
            if len(changes) >= _BATCH_SUBJECTS:
                on_changes(changes)
                changes = {}
        newer += has_more
        waiting += waits
        # a line with the right checksum is final, whether or not this bpost understands it
        if valid_lines == number - 1 and not waits and not isinstance(fields, Rejection):
            valid_bytes, valid_lines = valid_bytes + len(line), number
        else:
            has_gap |= not isinstance(entry, Rejection)
    if changes:
        on_changes(changes)
    return MarksFileContent(valid_bytes, valid_lines, tuple(faults), faulty, newer, waiting, has_gap)


def _lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield the next lines of a file, at most `most` lines, each with the newline at its end.

    Of a line longer than MAX_LINE_BYTES, only the first MAX_LINE_BYTES bytes are yielded, and the rest is skipped.
    """
    for _ in range(most):
        line = file.readline(MAX_LINE_BYTES)
        if not line:
            return
        yield line
        while len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
