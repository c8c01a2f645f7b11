"""Rules of `[mute]`: those of several sources as one, and those that an earlier bpost kept in a file of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.errors import StoreError
from bpost_tui.exchange.changes import RULES
from bpost_tui.foreign import maybe
from bpost_tui.limits import MAX_MUTES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.reading.state.state_file import StateFile

if TYPE_CHECKING:
    from bpost_tui.store.library import Library

Rules = Mapping[str, Sequence[str]]
"""Kind of a rule → what it is about."""


def merged(*several: Rules) -> dict[str, tuple[str, ...]]:
    """Return the rules of several sources as one, each once."""
    kinds = dict.fromkeys(kind for rules in several for kind in rules)
    return {kind: tuple(dict.fromkeys(name for rules in several for name in rules.get(kind, ()))) for kind in kinds}


def bring_into(library: Library, path: Path) -> None:
    """Bring the rules of such a file into the library, where they are kept now, and delete it."""
    with suppress(OSError, StoreError):  # the next start does it
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        library.muted.take(rules_in(path), at)
        path.unlink()


def rules_in(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the rules in such a file; none where it can't be read."""
    fields = StateFile(path).read()
    found = {kind: tuple(filter(_is_clean, maybe(fields.get(kind), list) or ()))[-MAX_MUTES:] for kind in RULES}
    return {kind: names for kind, names in found.items() if names}


def _is_clean(name: object) -> bool:
    return isinstance(name, str) and bool(name) and clean_line(name, MAX_NAME_CHARS) == name
