"""What the reader has typed into the line before, a list for each kind of question, kept for the next time.

A small JSON file in the state folder, beside the choices by key. If it can't be read or written, only these lines are lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bpost_tui.atomic import locked, write_whole
from bpost_tui.json_fields import maybe
from bpost_tui.model.sanitize import clean_line

_FILE = "lines.json"
_MOST_LINES, _MOST_CHARS = 50, 1000
"""Of a kind, the latest; longer ones are forgotten."""


class TypedLines:
    """Reads and keeps the lines, the latest last; for any number of readers at once. Both block on the disk."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def read(self, kind: str) -> tuple[str, ...]:
        """Return the lines of a kind."""
        return _read(self._path).get(kind, ())

    def keep(self, kind: str, line: str) -> None:
        """Put a line behind those of its kind; where it can't be written, nothing happens."""
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self._path.parent):
                kinds = dict(_read(self._path))
                kinds[kind] = with_line(kinds.get(kind, ()), line)
                write_whole(self._path, json.dumps(kinds).encode("utf-8", "replace"), sync=False)


def with_line(lines: tuple[str, ...], line: str) -> tuple[str, ...]:
    """Return lines with another behind them; each stands there once."""
    return (*(known for known in lines if known != line), line)[-_MOST_LINES:]


def _read(path: Path) -> Mapping[str, tuple[str, ...]]:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    kinds = table if isinstance(table, dict) else {}
    return {kind: _lines(maybe(lines, list) or []) for kind, lines in kinds.items()}


def _lines(values: list[object]) -> tuple[str, ...]:
    lines = (value for value in values if isinstance(value, str) and value and clean_line(value, _MOST_CHARS) == value)
    return tuple(lines)[-_MOST_LINES:]
