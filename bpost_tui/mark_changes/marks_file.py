"""The format of a machine's file: one JSON object a line (JSON Lines, UTF-8), each with a checksum of its own. Pure.

    {"sum":"1f0c9a52","bpost":1,"machine":"0123456789abcdef","host":"laptop","made":"9c1d…","entries":2}
    {"sum":"d5b1e0aa","story":"https://example.org/?p=1","paper":"example.org","link":"example.org/1","read":[1790000000000000,true]}
    {"sum":"0a6e1c7d","story":"https://example.org/?p=2","paper":"example.org","list:weekend":[1790000000000000,true]}
    {"sum":"77aa0c3e","search":"rivers","query":[1790000000000000,"kangsabati"]}
    {"sum":"0b61f2d4","passage":"0123456789abcdef","kept":[1790000000000000,["the quotation", …]]}
    {"sum":"5b90e2f4","list":"weekend","name":[1790000000000000,"weekend"],"there":[1790000000000000,true]}
    {"sum":"c0a91e37","mute":"IPL","tags":[1790000000000000,true]}
    {"sum":"e1172b90","apart":"https://example.org/?p=1","paper":"example.org","from:other.example guid 7":[1790000000000000,true]}

The first line is the header. A line is added for each subject with changes, so a file is read from where it was read to before; a
later line doesn't replace an earlier one, they are merged. The sum is the CRC-32 of the line without it: half a line, or a line of
which a piece hasn't been delivered, is known by it. Every string must pass the gate unchanged, as what we write does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple
from zlib import crc32

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.limits import MAX_LINE_BYTES, MAX_LINES
from bpost_tui.mark_changes.entry_parser import KINDS_WITH_PAPER, NEWER_VERSION, parse_entry
from bpost_tui.mark_changes.field_changes import LINK, MAX_TIME_US, SEPARATION, ChangedFields, Changes, FieldChange, Subject
from bpost_tui.mark_changes.merge_rule import merge_into
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.untrusted import Fields, Rejection, read_json, read_one, require_field, require_type

FORMAT_VERSION: Final = 1
"""Of the file; a greater number is a newer bpost's, whose file isn't read."""
VOCABULARY_VERSION: Final = 3
"""Raised whenever more kinds of subjects or fields are understood: files are then read again."""
_MAX_FIELDS = 40
"""Of a story, in one line: with the longest names of lists, and a long guid, it is still short enough."""
_BATCH_SUBJECTS = 2000
"""Subjects that are held at once, of a file of any size."""
_MAX_FAULTS = 5
"""That are kept of a file; the others are counted."""
_MACHINE = re.compile(r"[0-9a-f]{16}")
_SUM = re.compile(rb'\{"sum":"([0-9a-f]{8})",')
_INCOMPLETE = message("incomplete (still arriving)")


class FileProgress(NamedTuple):
    """How far a file was read, and by what to tell that it is still the same."""

    name: str
    version: str
    """Changes with the file; empty where that can't be relied on."""
    valid_bytes: int
    valid_lines: int
    digest: str
    """Of its first line and of what lies before `valid_bytes`."""
    vocabulary: int
    """Of the bpost that read it."""
    has_gap: bool = False
    """Whether changes were taken that lie behind `valid_bytes`: an earlier version of the file would seem to go on without them."""


class MarksFileHeader(NamedTuple):
    """The first line of a file."""

    machine: str
    """The id of the machine that writes the file: 16 hexadecimal digits."""
    host: str
    """What the machine is called."""
    made: str
    """Another one whenever the file is rewritten."""
    entries: int
    """How many lines it began with."""


class FileFault(NamedTuple):
    """What can't be read."""

    file: str
    line: int
    """From 1; 0 where it is about the whole file."""
    reason: str

    def as_message(self) -> Reason:
        """Return it in a sentence."""
        where = Reason("{file}, line {n}", file=self.file, n=self.line) if self.line else self.file
        return prefix_reason(where, self.reason)


class MarksFileContent(NamedTuple):
    """What was read of a file."""

    changes: Changes
    """Those that nobody took as they were read."""
    valid_bytes: int
    """Where the first line that can't be read begins, or the file ends: to be read on from."""
    valid_lines: int
    """How many lines lie before that."""
    faults: tuple[FileFault, ...] = ()
    """The first few."""
    fault_count: int = 0
    """Lines that can't be read."""
    newer_count: int = 0
    """Lines with something that only a newer bpost understands."""
    future_count: int = 0
    """Lines with a change that another clock dates in the future: they are read again until its time has come."""
    has_gap: bool = False
    """Whether changes were taken that lie behind `valid_bytes`."""


ChangeConsumer = Callable[[Changes], object]
"""What is called with changes as they are read."""


# ── writing ─────────────────────────────────────────────────────────────────


def dump_header(header: MarksFileHeader) -> bytes:
    """Return the first line of a file."""
    return _dump({"bpost": FORMAT_VERSION, **header._asdict()})


def dump_changes(changes: Changes) -> Iterator[bytes]:
    """Yield a line for each subject, several for one with many fields, none for one that would be refused where it is read."""
    return (line for _, line in dump_subjects(changes) if line)


def dump_subjects(changes: Changes) -> Iterator[tuple[Subject, bytes]]:
    """Yield subjects with their lines, which are empty where they would be refused: for a name that the gate would change."""
    for subject, fields in _split_fields(changes):
        told = {name: change.value if name == LINK else [change.at_us, change.value] for name, change in fields.items()}
        line = _dump({subject.kind: subject.name, **({"paper": subject.paper} if subject.kind in KINDS_WITH_PAPER else {}), **told})
        entry = read_one(line, lambda line: parse_entry(parse_line(line)))
        is_read = len(line) <= MAX_LINE_BYTES and not isinstance(entry, Rejection) and entry[:2] == (subject, fields)
        yield subject, line if is_read else b""


def _split_fields(changes: Changes) -> Iterator[tuple[Subject, ChangedFields]]:
    for subject, fields in changes.items():
        others = [(name, change) for name, change in fields.items() if name != LINK]
        most = 1 if subject.kind == SEPARATION else _MAX_FIELDS  # two guids may be so long that no more fits
        for at in range(0, len(others) or 1, most):
            yield subject, {**dict(others[at : at + most]), **({LINK: fields[LINK]} if LINK in fields else {})}


def _dump(fields: Mapping[str, object]) -> bytes:
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b'{"sum":"%08x",%b\n' % (crc32(plain), plain[1:])


# ── reading ─────────────────────────────────────────────────────────────────


def parse_line(line: bytes) -> Fields:
    """Return the fields of a line with its newline.

    Raises:
        ContentError: It isn't whole, or was changed.
    """
    found = _SUM.match(line)
    if not found or not line.endswith(b"\n") or crc32(b"{" + line[found.end() : -1]) != int(found[1], 16):
        raise ContentError(Reason(_INCOMPLETE))
    return require_type(read_json(line), dict, "a line")


def parse_header(line: bytes) -> MarksFileHeader:
    """Return the header that a file's first line is.

    Raises:
        ContentError: It is none, or that of a newer bpost.
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
    *,
    start_bytes: int,
    start_lines: int,
    until_us: int = MAX_TIME_US,
    on_changes: ChangeConsumer | None = None,
) -> MarksFileContent:
    """Return what a file says from a place on; each line is read by itself, whatever those around it are.

    Args:
        file: Positioned there.
        name: Of the file, for the faults.
        start_bytes: Bytes before the position.
        start_lines: Lines before the position.
        until_us: The latest time of a change that is taken now.
        on_changes: Called with the changes of some thousand subjects at a time; without it, all are returned.
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
            if on_changes and len(changes) >= _BATCH_SUBJECTS:
                on_changes(changes)
                changes = {}
        newer += has_more
        waiting += waits
        # what is whole won't become another line, understood or not
        if valid_lines == number - 1 and not waits and not isinstance(fields, Rejection):
            valid_bytes, valid_lines = valid_bytes + len(line), number
        else:
            has_gap |= not isinstance(entry, Rejection)
    if on_changes and changes:
        on_changes(changes)
        changes = {}
    return MarksFileContent(changes, valid_bytes, valid_lines, tuple(faults), faulty, newer, waiting, has_gap)


def _lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield lines with their newlines, of one that is too long only its beginning."""
    for _ in range(most):
        line = file.readline(MAX_LINE_BYTES)
        if not line:
            return
        yield line
        while len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
