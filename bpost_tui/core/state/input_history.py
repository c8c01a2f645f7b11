"""What the reader has typed into the line before, a list for each kind of question, kept for the next time."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.core.state.state_file import StateFile
from bpost_tui.model.sanitize import clean_line
from bpost_tui.untrusted import Fields, value_or_none

_FILE = "lines.json"
_MOST_LINES, _MOST_CHARS = 50, 1000
"""Of a kind, the latest; longer ones are forgotten."""


class InputHistory:
    """Reads and keeps the lines, the latest last. Both block on the disk."""

    def __init__(self, folder: Path) -> None:
        self._file = StateFile(folder / _FILE)

    def read(self, kind: str) -> tuple[str, ...]:
        """Return the lines of a kind."""
        return _lines(self._file.read().get(kind))

    def add(self, kind: str, line: str) -> None:
        """Put a line behind those of its kind; where it can't be written, nothing happens."""

        def changed(kinds: Fields) -> Fields:
            known = {name: _lines(lines) for name, lines in kinds.items()}
            return {**known, kind: (*(other for other in known.get(kind, ()) if other != line), line)[-_MOST_LINES:]}

        self._file.change(changed)


def _lines(values: object) -> tuple[str, ...]:
    known = (value for value in value_or_none(values, list) or () if isinstance(value, str))
    return tuple(value for value in known if value and clean_line(value, _MOST_CHARS) == value)[-_MOST_LINES:]
