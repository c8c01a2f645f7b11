"""Lines of marks files for tests: written from changes or from fields, and read in one call."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from zlib import crc32

from bpost_tui.mark_changes.field_changes import MAX_TIME_US, Changes
from bpost_tui.mark_changes.marks_file import MarksFileContent, dump_subjects, read_entries
from bpost_tui.mark_changes.merge_rule import merge_changes


def dump_changes(changes: Changes) -> Iterator[bytes]:
    """Yield the lines of a marks file for the changes, without the lines that other machines would refuse."""
    return (line for _, line in dump_subjects(changes) if line)


def line(**fields: object) -> bytes:
    """Return a line with these fields and the right checksum."""
    plain = json.dumps(fields, separators=(",", ":")).encode()
    return b'{"sum":"%08x",' % crc32(plain) + plain[1:] + b"\n"


def read_lines(data: bytes, *, start_lines: int = 0, until_us: int = MAX_TIME_US) -> tuple[Changes, MarksFileContent]:
    """Read lines of a marks file, and return their changes and all else that was found.

    Args:
        data: Lines of the file.
        start_lines: Number of lines before them in the file.
        until_us: Latest time of the changes to accept, in microseconds since 1970.
    """
    parts: list[Changes] = []
    file = io.BytesIO(data)
    content = read_entries(file, "marks-a.jsonl", parts.append, start_bytes=0, start_lines=start_lines, until_us=until_us)
    return merge_changes(parts), content
