"""Keeping the front page: what the reader would show at its next start, drawn once it is left, for the same start again."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpost_tui
from bpost_tui import __version__, log
from bpost_tui.atomic import write_whole
from bpost_tui.core.lists.list_source import query_of
from bpost_tui.core.state.last_place import LastPlace
from bpost_tui.startup_snapshot.snapshot_file import (
    MAX_BYTES,
    WHETHER,
    SnapshotFile,
    are_settled,
    folder_of,
    packed,
    pages_in,
    path_of,
    settled,
    start_of,
    state,
)
from bpost_tui.typesetting.terminal import terminals as known
from bpost_tui.typesetting.terminal.capabilities import WindowSize
from bpost_tui.typesetting.terminal.queries import queries
from bpost_tui.typesetting.terminal.tty import window_size

if TYPE_CHECKING:
    from bpost_tui.core.session_config import SessionConfig
    from bpost_tui.typesetting.terminal.probe import Probe

_VARIABLES = (
    "BPOST_PORTAL", "COLORFGBG", "COLORTERM", "COLUMNS", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LINES", "NO_COLOR",
    "SSH_CONNECTION", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
)  # fmt: skip
"""What of the environment decides what is read, in which language, and how a terminal is recognised, beside what terminals set."""
_JOURNAL = "-journal"
_MOST_PAGES = 4
"""For so many terminals, or sizes of them."""


def keep(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    given: SessionConfig,
    probe: Probe,
    config_file: Path,
    *,
    is_plain: bool,
    longest_s: float,
) -> None:
    """Keep a page, or none; `arguments` are those of the command line, for the others see `StartupSnapshot.keep`."""
    folder = folder_of(environ)
    if folder is None or Path(folder).parent != given.preferences.folder:
        return
    if not given.settings.front_page:
        for path in pages_in(folder):
            Path(path).unlink(missing_ok=True)
        return
    window = _window(probe)
    # another terminal may be around a multiplexer than was the last time, and nothing here would tell
    if window is None or known.multiplexer(environ) or not (is_plain and _shows_a_list(given)):
        return
    counting = (*_VARIABLES, *(f"{name}{WHETHER}" for name in known.variables() if name not in _VARIABLES))
    start = start_of(arguments, environ, __version__, window, counting)
    gc.disable()  # the process ends with this: all that it has loaded would be walked through
    try:
        sources = _sources(given, config_file)
        frame, freeing = ("", "") if _is_being_written(sources) else _drawn(given, probe, window, longest_s)
        asked = queries(environ) if known.may_query(environ) else b""
        answers = settled(probe.answers, has_px=window.cell_px is not None)
        page = SnapshotFile(start, asked, answers, frame.encode(), freeing.encode(), sources)
        if page.frame and are_settled(sources) and page.is_true():
            _write(page, folder)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with it: the reader has left, and the next start does without
        log.log_error(error)


def _write(page: SnapshotFile, folder: str) -> None:
    """Write a page, and remove the oldest."""
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(data := packed(page)) <= MAX_BYTES:
        write_whole(Path(path_of(folder, page.start)), data, sync=False)
    for old in pages_in(folder)[_MOST_PAGES:]:
        Path(old).unlink(missing_ok=True)


def _is_being_written(sources: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether a writer has a database for itself, which a reader would wait for."""
    return any(path.endswith(_JOURNAL.encode()) and known != state(b"", is_text=False) for path, known in sources)


def _shows_a_list(given: SessionConfig) -> bool:
    """Whether the next start shows a list that doesn't depend on the day, as what a search finds may."""
    place = LastPlace(given.preferences.folder, str(given.folder.absolute())).read()
    return given.preferences.values.toured and (place is None or not query_of(place.source))


def _window(probe: Probe) -> WindowSize | None:
    """Return the size of the terminal's window now; the one it had, where the terminal is gone."""
    try:
        return window_size(1)
    except OSError:
        return probe.window


def _sources(given: SessionConfig, config_file: Path) -> list[tuple[bytes, bytes]]:
    """Return the files that a page is made of, each with its state now."""
    state_folder, folder, themes = given.preferences.folder, given.folder, given.themes_folder
    texts = [config_file, state_folder / "choices.json", state_folder / "places.json"]
    others = [folder / f"{name}{part}" for name in ("stories.db", "reader.db") for part in ("", "-wal", _JOURNAL)]
    others += [Path(bpost_tui.__file__), themes, *sorted(themes.glob("*.toml")), *given.settings.font]
    named = [(os.fsencode(path.absolute()), path in texts) for path in (*texts, *others)]
    return [(path, state(path, is_text=is_text)) for path, is_text in named]


def _drawn(given: SessionConfig, probe: Probe, window: WindowSize, longest_s: float) -> tuple[str, str]:
    from bpost_tui.startup_snapshot.render_snapshot import drawn  # textual, which a process that draws again hasn't loaded

    return drawn(given, probe.capabilities(window), (window.cols, window.rows), longest_s)
