"""Keeping the front page: what the reader would show at its next start, drawn once it is left, for the same start again."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpost_tui
from bpost_tui import __version__, log
from bpost_tui.atomic import write_whole
from bpost_tui.cli.context import Context, config_path
from bpost_tui.front_page import window_of
from bpost_tui.i18n import Language
from bpost_tui.kept_page import MAX_BYTES, Page, folder_of, packed, pages_in, path_of, settled, start_of, state
from bpost_tui.reading.last_place import LastPlace
from bpost_tui.terminal.capabilities import WindowSize

if TYPE_CHECKING:
    from bpost_tui.terminal.probe import Probe

_JOURNAL = "-journal"
_MOST_PAGES = 4
"""For so many terminals, or sizes of them."""
_USUAL_S = 2.0
"""A page that takes longer isn't worth waiting for when one has left."""
_TICK_NS = 20_000_000
"""Two writes within so much may get the same time (4 ms with a usual kernel): only what was written earlier can be told apart."""


def keep_page(context: Context, probe: Probe, *, longest_s: float = _USUAL_S) -> None:
    """Keep the page that the next start like this one would show; where that can't be, none is kept.

    Args:
        context: Of this start.
        probe: The terminal, as it was when the reader began.
        longest_s: What drawing it may take.
    """
    front = context.front
    folder = None if front is None else folder_of(front.environ)
    if front is None or folder is None or Path(folder).parent != context.folders.state:
        return
    if not context.settings.front_page:
        for path in pages_in(folder):
            Path(path).unlink(missing_ok=True)
        return
    window = _window(probe)
    start = None if window is None else start_of(front.arguments, front.environ, __version__, window)
    if start is None or window is None or not _is_plain(context):
        return
    gc.disable()  # the process ends with this: all that it has loaded would be walked through
    try:
        sources = _sources(context)
        page = None if _is_being_written(sources) else _page(context, probe, window, start, sources, longest_s)
        if page is not None and _are_settled(sources) and page.is_true():
            _write(page, folder)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with it: the reader has left, and the next start does without
        log.fault(error)


def _write(page: Page, folder: str) -> None:
    """Write a page, and remove the oldest."""
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(data := packed(page)) <= MAX_BYTES:
        write_whole(Path(path_of(folder, page.start)), data, sync=False)
    for old in pages_in(folder)[_MOST_PAGES:]:
        Path(old).unlink(missing_ok=True)


def _is_being_written(sources: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether a writer has a database for itself, which a reader would wait for."""
    return any(path.endswith(_JOURNAL.encode()) and known != state(b"", is_text=False) for path, known in sources)


def _is_plain(context: Context) -> bool:
    """Whether the next start shows a list, and nothing that has to be told first or may change by itself."""
    options, preferences = context.options, context.preferences()
    if options.verb != "read" or options.story is not None or context.problems or not preferences.choices.toured:
        return False
    place = LastPlace(preferences.folder, str(context.folder.absolute())).read()
    return place is None or not place.source.query  # what is found may depend on the day


def _window(probe: Probe) -> WindowSize | None:
    """Return the size of the terminal's window now; the one it had, where the terminal is gone."""
    try:
        return WindowSize(*window_of(1))
    except OSError:
        return probe.window


def _sources(context: Context) -> list[tuple[bytes, bytes]]:
    """Return the files that a page is made of, each with its state now."""
    folders, folder = context.folders, context.folder
    texts = [
        config_path(context.options.config),
        folders.state / "choices.json",
        folders.state / "places.json",
    ]
    others = [folder / f"{name}{part}" for name in ("stories.db", "reader.db") for part in ("", "-wal", _JOURNAL)]
    themes = folders.config / "themes"
    others += [Path(bpost_tui.__file__), themes, *sorted(themes.glob("*.toml")), *context.settings.font]
    named = [(os.fsencode(path.absolute()), path in texts) for path in (*texts, *others)]
    return [(path, state(path, is_text=is_text)) for path, is_text in named]


def _are_settled(sources: Sequence[tuple[bytes, bytes]]) -> bool:
    """Wait until whatever is written from now on will have another time than what was written before."""
    times = [int(number) for _, known in sources if known[:1] == b"#" for number in known.split()[3:]]
    while (left_ns := max(times) + _TICK_NS - time.time_ns()) > 0:
        if left_ns > _TICK_NS:  # the clock was set back
            return False
        time.sleep(left_ns / 1e9)
    return True


def _page(
    context: Context, probe: Probe, window: WindowSize, start: bytes, sources: Sequence[tuple[bytes, bytes]], longest_s: float
) -> Page | None:
    from bpost_tui.app import front_page

    frame, freeing = front_page(
        context.settings,
        context.folder,
        can=probe.capabilities(window),
        size=(window.cols, window.rows),
        language=Language(context.language.code, has_ages=False),
        themes_folder=context.folders.config / "themes",
        preferences=context.preferences(),
        stand=context.stand,
        longest_s=longest_s,
        offline=context.offline,
        text=context.text,
    )
    answers = settled(probe.answers, has_px=window.cell_px is not None)
    return Page(start, answers, frame.encode(), freeing.encode(), sources) if frame else None
