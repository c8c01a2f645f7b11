"""What the reader muted with a key: rules as those of `[mute]` in the config, in a file of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bpost_tui.json_fields import maybe
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.reading.state_file import StateFile

FILE: Final = "muted.json"
_KINDS = ("words", "tags", "categories", "authors")
_MOST = 500
"""Rules of a kind, the latest."""
Rules = Mapping[str, Sequence[str]]
"""Kind of a rule → what it is about."""


class OwnMutes:
    """Reads and changes the file; for any number of readers at once. Both block on the disk.

    Args:
        folder: Where it is; need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._file = StateFile(self.path)

    def read(self) -> dict[str, tuple[str, ...]]:
        """Return the rules; none where the file can't be read."""
        return _rules(self._file.read())

    def put(self, kind: str, name: str, *, on: bool) -> None:
        """Have a rule, or have it no longer; where the file can't be written, nothing happens."""

        def changed(fields: Mapping[str, object]) -> Mapping[str, object]:
            rules = _rules(fields)
            others = tuple(each for each in rules.get(kind, ()) if each != name)
            return {**fields, **rules, kind: (*others, name) if on else others}  # what a newer bpost keeps here stays

        self._file.change(changed)


def merged(*several: Rules) -> dict[str, tuple[str, ...]]:
    """Return the rules of several sources as one, each once."""
    kinds = dict.fromkeys(kind for rules in several for kind in rules)
    return {kind: tuple(dict.fromkeys(name for rules in several for name in rules.get(kind, ()))) for kind in kinds}


def _rules(fields: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    found = {kind: tuple(filter(_is_clean, maybe(fields.get(kind), list) or ()))[-_MOST:] for kind in _KINDS}
    return {kind: names for kind, names in found.items() if names}


def _is_clean(name: object) -> bool:
    return isinstance(name, str) and bool(name) and clean_line(name, MAX_NAME_CHARS) == name
