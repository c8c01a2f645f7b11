"""History of input lines, a list for each kind of prompt, kept between sessions."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.core.state.state_file import StateFile
from bpost_tui.model.sanitize import clean_line
from bpost_tui.untrusted import Fields, value_or_none

_FILE = "lines.json"
_MOST_LINES, _MOST_CHARS = 50, 1000
"""Most lines of a kind, and characters of a line; older and longer ones are dropped."""


class InputHistory:
    """History of input lines, the latest last. Both methods block on the disk."""

    def __init__(self, folder: Path) -> None:
        self._file = StateFile(folder / _FILE)

    def read(self, kind: str) -> tuple[str, ...]:
        """Return the lines of a kind."""
        return _lines(self._file.read().get(kind))

    def add(self, kind: str, line: str) -> None:
        """Append a line to its kind; does nothing if the file can't be written."""

        def changed(kinds: Fields) -> Fields:
            known = {name: _lines(lines) for name, lines in kinds.items()}
            return {**known, kind: (*(other for other in known.get(kind, ()) if other != line), line)[-_MOST_LINES:]}

        self._file.change(changed)


def _lines(values: object) -> tuple[str, ...]:
    known = (value for value in value_or_none(values, list) or () if isinstance(value, str))
    return tuple(value for value in known if value and clean_line(value, _MOST_CHARS) == value)[-_MOST_LINES:]
