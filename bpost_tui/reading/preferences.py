"""What the reader chose with a key, kept for the next time: the theme, the type, the widths.

A small JSON file in the state folder. The config stays the reader's own; what is remembered wins over it only where the config is
silent. If the file can't be read or written, only these choices are lost: reading goes on.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

_FILE = "choices.json"


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices by key."""

    theme: str | None = None
    zoom_px: int | None = None
    text: dict[str, str] = field(default_factory=dict)
    """A terminal's name to "pixels", "mosaic", "cells", or "auto" where the best was chosen."""
    widths_em: dict[str, float] = field(default_factory=dict)
    """The name of a column or a list to its width, in em of body type."""
    toured: bool = False
    """Whether the tour has been shown."""
    unread_only: bool = False
    """Whether read stories are left out of the lists."""
    compact: bool = False
    """Whether the list has one line a story."""

    def way(self, asked: str | None, setting: str, terminal: str) -> str:
        """Return how type is to be drawn in a terminal: as is asked for now, else as the config says, else as was chosen there."""
        chosen = self.text.get(terminal, "auto") if setting == "auto" else setting
        return chosen if asked is None else asked


class Preferences:
    """Reads and keeps the choices."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self.choices = _read(self._path)

    def keep(
        self,
        *,
        theme: str | None = None,
        zoom_px: int | None = None,
        text: tuple[str, str] | None = None,
        width_em: tuple[str, float] | None = None,
        toured: bool | None = None,
        unread_only: bool | None = None,
        compact: bool | None = None,
    ) -> None:
        """Keep what is given; `text` is (terminal, how), `width_em` (name, em)."""
        known = self.choices
        self.choices = replace(
            known,
            theme=known.theme if theme is None else theme,
            zoom_px=known.zoom_px if zoom_px is None else zoom_px,
            text=known.text if text is None else {**known.text, text[0]: text[1]},
            widths_em=known.widths_em if width_em is None else {**known.widths_em, width_em[0]: width_em[1]},
            toured=known.toured if toured is None else toured,
            unread_only=known.unread_only if unread_only is None else unread_only,
            compact=known.compact if compact is None else compact,
        )
        _write(self._path, self.choices)


def _read(path: Path) -> Choices:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Choices()
    if not isinstance(table, dict):
        return Choices()
    theme, zoom_px, text, widths = (table.get(name) for name in ("theme", "zoom_px", "text", "widths_em"))
    return Choices(
        theme if isinstance(theme, str) else None,
        zoom_px if type(zoom_px) is int else None,
        {str(name): how for name, how in text.items() if isinstance(how, str)} if isinstance(text, dict) else {},
        {name: float(em) for name, em in widths.items() if type(em) in (int, float) and 0 < em < 1000}
        if isinstance(widths, dict)
        else {},
        table.get("toured") is True,
        table.get("unread_only") is True,
        table.get("compact") is True,
    )


def _write(path: Path, choices: Choices) -> None:
    """Write the file whole or not at all, for its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(choices), file)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
