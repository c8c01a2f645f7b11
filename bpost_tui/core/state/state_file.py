"""JSON file in the state folder. The file has one JSON object, with useful state that may be lost without harm."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from bpost_tui.atomic import locked, read_whole, write_whole
from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_STATE_BYTES
from bpost_tui.untrusted import Fields, read_json, value_or_none


class StateFile:
    """Reads and changes a state file. Several processes may use the same file at once. Both methods block on the disk.

    Args:
        path: Path of the file; neither it nor its folder need exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Fields:
        """Return the content of the file; empty if it can't be read."""
        try:
            return value_or_none(read_json(read_whole(self._path, MAX_STATE_BYTES)), dict) or {}
        except (OSError, ContentError):
            return {}

    def change(self, changed: Callable[[Fields], Mapping[str, object]]) -> None:
        """Replace the content of the file by the result of calling `changed` with the old content, under a lock.

        Does nothing if the file can't be written.
        """
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self._path.parent):
                write_whole(self._path, json.dumps(changed(self.read())).encode("utf-8", "replace"), sync=False)
