"""The format of a machine's file: one JSON object a line (JSON Lines, UTF-8), each with a checksum of its own. Pure.

    {"sum":"1f0c9a52","bpost":1,"machine":"0123456789abcdef","host":"laptop","made":"9c1d…","entries":2}
    {"sum":"d5b1e0aa","story":"https://example.org/?p=1","paper":"example.org","link":"example.org/1","read":[1790000000000000,true]}
    {"sum":"0a6e1c7d","story":"https://example.org/?p=2","paper":"example.org","list:weekend":[1790000000000000,true]}
    {"sum":"77aa0c3e","search":"rivers","query":[1790000000000000,"kangsabati"]}
    {"sum":"0b61f2d4","passage":"0123456789abcdef","kept":[1790000000000000,["the quotation", …]]}
    {"sum":"5b90e2f4","list":"weekend","name":[1790000000000000,"weekend"],"there":[1790000000000000,true]}

The first line is the header. A line is added for each subject with changes, so a file is read from where it was read to before; a
later line doesn't replace an earlier one, they are merged. The sum is the CRC-32 of the line without it: half a line, or a line of
which a piece hasn't been delivered, is known by it. Every string must pass the gate unchanged, as what we write does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from math import isfinite
from typing import BinaryIO, Final, NamedTuple
from zlib import crc32

from bpost_tui.errors import ContentError
from bpost_tui.exchange.changes import (
    IN_LIST,
    KEPT,
    LATEST_US,
    LINK,
    LIST,
    MARKS,
    NAME,
    PASSAGE,
    POSITION,
    QUERY,
    SEARCH,
    STORY,
    THERE,
    Change,
    Changes,
    Subject,
    Value,
    add,
)
from bpost_tui.exchange.changes import (
    Fields as ChangedFields,
)
from bpost_tui.exchange.passage_values import from_value
from bpost_tui.i18n import Reason, about, message
from bpost_tui.json_fields import Fields, checked, field
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_SAVED_GUID_CHARS, clean_line
from bpost_tui.urls import MAX_LINK_CHARS

FORMAT: Final = 1
"""Of the file; a greater number is a newer bpost's, whose file isn't read."""
VOCABULARY: Final = 2
"""Raised whenever more kinds of subjects or fields are understood: files are then read once more."""
MAX_FILE_BYTES: Final = 256 << 20
MAX_LINE_BYTES: Final = 32 << 10
MAX_LINES: Final = 2_000_000
MAX_QUERY_CHARS: Final = 2048
MAX_PAPER_CHARS: Final = 300
_MOST_FIELDS = 40
"""Of a story, in one line: with the longest names of lists, and a long guid, it is still short enough."""
_MOST_FAULTS = 5
"""That are kept of a file; the others are counted."""
_MAX_ITEM = 1 << 30
_MACHINE = re.compile(r"[0-9a-f]{16}")
_SUM = re.compile(rb'\{"sum":"([0-9a-f]{8})",')
_HALF = message("only half of it is there")
_NEWER = message("a newer bpost wrote it")


class Header(NamedTuple):
    """The first line of a file."""

    machine: str
    """The id of the machine that writes the file: 16 hexadecimal digits."""
    host: str
    """What the machine is called."""
    made: str
    """Another one whenever the file is written anew."""
    entries: int
    """How many lines it began with."""


class Fault(NamedTuple):
    """What can't be read."""

    file: str
    line: int
    """From 1; 0 where it is about the whole file."""
    reason: str

    def sentence(self) -> Reason:
        """Return it in a sentence."""
        where = Reason("{file}, line {n}", file=self.file, n=self.line) if self.line else self.file
        return about(where, self.reason)


class Reading(NamedTuple):
    """What was read of a file."""

    changes: Changes
    good_bytes: int
    """Where the first line that can't be read begins, or the file ends: to be read on from."""
    good_lines: int
    """How many lines lie before that."""
    faults: tuple[Fault, ...] = ()
    """The first few."""
    faulty: int = 0
    """Lines that can't be read."""
    newer: int = 0
    """Lines with something that only a newer bpost understands."""


# ── writing ─────────────────────────────────────────────────────────────────


def dump_header(header: Header) -> bytes:
    """Return the first line of a file."""
    return _dump({"bpost": FORMAT, **header._asdict()})


def dump_changes(changes: Changes) -> Iterator[bytes]:
    """Yield a line for each subject, several for one with many fields.

    None for one that would be refused where it is read (a name that the gate would change).
    """
    for subject, fields in _in_pieces(changes):
        told = {name: change.value if name == LINK else [change.at_us, change.value] for name, change in fields.items()}
        line = _dump({subject.kind: subject.name, **({"paper": subject.paper} if subject.kind == STORY else {}), **told})
        with suppress(ContentError):
            if read_entry(checked_line(line))[:2] == (subject, fields):
                yield line


def _in_pieces(changes: Changes) -> Iterator[tuple[Subject, ChangedFields]]:
    for subject, fields in changes.items():
        others = [(name, change) for name, change in fields.items() if name != LINK]
        for at in range(0, len(others) or 1, _MOST_FIELDS):
            yield subject, {**dict(others[at : at + _MOST_FIELDS]), **({LINK: fields[LINK]} if LINK in fields else {})}


def _dump(fields: Mapping[str, object]) -> bytes:
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b'{"sum":"%08x",%b\n' % (crc32(plain), plain[1:])


# ── reading ─────────────────────────────────────────────────────────────────


def checked_line(line: bytes) -> Fields:
    """Return the fields of a line with its newline.

    Raises:
        ContentError: It isn't whole, or was changed.
    """
    found = _SUM.match(line)
    if not found or not line.endswith(b"\n") or crc32(b"{" + line[found.end() : -1]) != int(found[1], 16):
        raise ContentError(Reason(_HALF))
    try:
        return checked(json.loads(line), dict, "a line")
    except (ValueError, RecursionError) as error:
        raise ContentError(Reason("it isn't JSON")) from error


def read_header(line: bytes) -> Header:
    """Return the header that a file's first line is.

    Raises:
        ContentError: It is none, or that of a newer bpost.
    """
    if line.endswith(b"\n") and not _SUM.match(line):
        raise ContentError(Reason("not written by bpost"))
    fields = checked_line(line)
    version = fields.get("bpost")
    if type(version) is not int:
        raise ContentError(Reason("not written by bpost"))
    if version > FORMAT:
        raise ContentError(Reason(_NEWER), hint=message("Update bpost."))
    machine = field(fields, "machine", str)
    if not _MACHINE.fullmatch(machine):
        raise ContentError(Reason("not written by bpost"))
    host, made = clean_line(field(fields, "host", str, ""), MAX_NAME_CHARS), field(fields, "made", str, "")
    return Header(machine, host, made[:MAX_NAME_CHARS], max(field(fields, "entries", int, 0), 0))


def read_entry(fields: Fields) -> tuple[Subject, dict[str, Change], bool]:
    """Return what a line is about, its changes, and whether a newer bpost has put more into it.

    Raises:
        ContentError: Something in it can't be, or it is about something that only a newer bpost knows.
    """
    if STORY in fields:
        subject = Subject(STORY, _clean(fields, STORY, MAX_SAVED_GUID_CHARS), _clean(fields, "paper", MAX_PAPER_CHARS))
        known: tuple[str, ...] = (*MARKS, POSITION, *(name for name in fields if _is_in_list(name)))
    elif SEARCH in fields:
        subject, known = Subject(SEARCH, _clean(fields, SEARCH, MAX_NAME_CHARS)), (QUERY,)
    elif PASSAGE in fields:
        subject, known = Subject(PASSAGE, _clean(fields, PASSAGE, MAX_NAME_CHARS)), (KEPT,)
    elif LIST in fields:
        subject, known = Subject(LIST, _clean(fields, LIST, MAX_NAME_CHARS)), (NAME, THERE)
    else:
        raise ContentError(Reason(_NEWER))
    changes = {name: _change(name, fields[name]) for name in known if name in fields}
    kept = changes.get(KEPT)
    if kept is not None and isinstance(kept.value, tuple) and from_value(kept.value, kept.at_us).key != subject.name:
        raise ContentError(Reason("{name} isn't as it should be", name=repr(PASSAGE)))
    if subject.kind == STORY and fields.get(LINK) is not None:
        changes[LINK] = Change(0, _clean(fields, LINK, MAX_LINK_CHARS))
    return subject, changes, not fields.keys() <= {"sum", "paper", LINK, subject.kind, *known}


def _is_in_list(name: str) -> bool:
    """Whether a field says that a story is in a list; a list whose key the gate would change can't be."""
    key = name.removeprefix(IN_LIST)
    return name.startswith(IN_LIST) and bool(key) and key == clean_line(key, MAX_NAME_CHARS)


def _clean(fields: Fields, name: str, limit: int) -> str:
    """Return a text that passes the gate unchanged, and isn't empty."""
    text = field(fields, name, str)
    if not text or text != clean_line(text, limit):
        raise ContentError(Reason("{name} isn't as it should be", name=repr(name)))
    return text


def _change(name: str, given: object) -> Change:
    pair = checked(given, list, name)
    if len(pair) != 2 or type(pair[0]) is not int or not 0 <= pair[0] <= LATEST_US:
        raise ContentError(Reason("{name} isn't as it should be", name=repr(name)))
    return Change(pair[0], _value(name, pair[1]))


def _value(name: str, given: object) -> Value:
    match given:
        case bool() if name in (*MARKS, THERE) or name.startswith(IN_LIST):
            return given
        case str() if name == NAME and given and given == clean_line(given, MAX_NAME_CHARS):
            return given
        case None if name in (QUERY, KEPT):
            return None
        case list() if name == KEPT and all(isinstance(part, str | int) for part in given):
            return tuple(given)
        case str() if name == QUERY and given and given == clean_line(given, MAX_QUERY_CHARS):
            return given
        case [int(item), int() | float() as fraction] if name == POSITION and _is_position(item, fraction):
            return item, float(fraction)
    raise ContentError(Reason("{name} isn't as it should be", name=repr(name)))


def _is_position(item: int, fraction: float) -> bool:
    are_numbers = type(item) is int and type(fraction) is not bool
    return are_numbers and 0 <= item <= _MAX_ITEM and isfinite(fraction) and 0 <= fraction <= 1


def read_entries(file: BinaryIO, name: str, *, at: int, lines: int) -> Reading:
    """Return what a file says from a place on; each line is read by itself, whatever those around it are.

    Args:
        file: Positioned there.
        name: Of the file, for the faults.
        at: Bytes before it.
        lines: Lines before it.
    """
    changes: dict[Subject, dict[str, Change]] = {}
    faults: list[Fault] = []
    faulty = newer = 0
    good_bytes, good_lines = at, lines
    for number, line in enumerate(_lines(file, MAX_LINES - lines), lines + 1):
        try:
            fields = checked_line(line)
        except ContentError as error:
            faulty += 1
            faults += [Fault(name, number, error.message)][: _MOST_FAULTS - len(faults)]
            continue
        try:
            subject, found, has_more = read_entry(fields)
        except ContentError as error:
            has_more = error.message == _NEWER
            if not has_more:
                faulty += 1
                faults += [Fault(name, number, error.message)][: _MOST_FAULTS - len(faults)]
        else:
            add(changes, subject, found)
        newer += has_more
        if good_lines == number - 1:  # what is whole won't become another line, understood or not
            good_bytes, good_lines = good_bytes + len(line), number
    return Reading(changes, good_bytes, good_lines, tuple(faults), faulty, newer)


def _lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield lines with their newlines, of one that is too long only its beginning."""
    for _ in range(most):
        line = file.readline(MAX_LINE_BYTES)
        if not line:
            return
        yield line
        while len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
