"""History of typed lines, kept between sessions. Each kind of prompt (such as a search) has its own list of lines."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.core.state.state_file import StateFile
from bpost_tui.model.sanitize import clean_line
from bpost_tui.untrusted import Fields, value_or_none

_FILE = "lines.json"
_MOST_LINES, _MOST_CHARS = 50, 1000
"""Maximum number of lines per kind of prompt, and of characters per line. Older and longer lines are dropped."""


class InputHistory:
    """History of typed lines, the latest line last. Both methods block on the disk."""

    def __init__(self, folder: Path) -> None:
        self._file = StateFile(folder / _FILE)

    def read(self, kind: str) -> tuple[str, ...]:
        """Return the lines typed at prompts of a kind, such as a search, the latest last."""
        return _lines(self._file.read().get(kind))

    def add(self, kind: str, line: str) -> None:
        """Add a line typed at a prompt of a kind, such as a search. Do nothing if the file can't be written."""

        def changed(kinds: Fields) -> Fields:
            known = {name: _lines(lines) for name, lines in kinds.items()}
            return {**known, kind: (*(other for other in known.get(kind, ()) if other != line), line)[-_MOST_LINES:]}

        self._file.change(changed)


def _lines(values: object) -> tuple[str, ...]:
    known = (value for value in value_or_none(values, list) or () if isinstance(value, str))
    return tuple(value for value in known if value and clean_line(value, _MOST_CHARS) == value)[-_MOST_LINES:]
