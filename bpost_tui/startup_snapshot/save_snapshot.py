"""Saving a page: a process in the background draws the first screen of the next start, and writes its bytes to a file.

The obvious way is to save the screen as it is when the reader leaves. But that screen shows ages ("2 hours ago"), the day and
messages, which are outdated at the next start, and stories that have left their list by then. So the app itself is run a second
time, without a terminal, up to its first frame. Separate code that composes the page would have to be changed with every change of
the app.

This second run takes 0.25 s, so it is done in a fork, which has all modules loaded already, and the shell's prompt doesn't wait for
it. The fork ends with the first frame. It changes nothing: its library is open for reading only, its queue of writes is blocked,
and it is offline. So nothing in the app has to know about the second run.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size

import bpost_tui
from bpost_tui import __version__, log
from bpost_tui.atomic import write_whole
from bpost_tui.composition import build_app, themes_in
from bpost_tui.core.display_settings import configured_display
from bpost_tui.core.lists.list_source import query_of
from bpost_tui.core.session_config import SessionConfig, without_peers
from bpost_tui.core.state.last_place import LastPlace
from bpost_tui.i18n import Language
from bpost_tui.model.story import ListFilter
from bpost_tui.startup_snapshot.snapshot_file import (
    IF_SET,
    MAX_BYTES,
    SnapshotFile,
    comparable_answers,
    file_state,
    pages_in,
    path_of,
    snapshot_folder,
    start_key,
)
from bpost_tui.store.library import Library
from bpost_tui.tui.background_threads import BackgroundThreads
from bpost_tui.tui.shared.reader_services import StartOptions
from bpost_tui.typesetting.terminal import terminals
from bpost_tui.typesetting.terminal.capabilities import WindowSize
from bpost_tui.typesetting.terminal.encoders.encoder_factory import snapshot_image_id
from bpost_tui.typesetting.terminal.queries import queries
from bpost_tui.typesetting.terminal.tty import window_size
from bpost_tui.typesetting.typeset.surface import SurfaceTable

if TYPE_CHECKING:
    from bpost_tui.tui.shared.write_queue import WriteQueue
    from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
    from bpost_tui.typesetting.terminal.probe import Probe

_VARIABLES = (
    "BPOST_PORTAL", "COLORFGBG", "COLORTERM", "COLUMNS", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LINES", "NO_COLOR",
    "SSH_CONNECTION", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
)  # fmt: skip
"""Names of the environment variables that the page depends on: for the papers, folders, language, and kind of terminal."""
_MAX_PAGES = 4
"""Maximum number of saved pages (first screens). There is one for each kind of start, terminal, and size of its window."""
_LONGEST_S = 20
"""Maximum time in seconds that the process drawing the next start's first screen may run."""
_TICK_S = 0.02
"""Maximum time in seconds between two writes that may give a file the same timestamp; the usual kernel's clock ticks every 4 ms."""
_BLANK = "\u2007"
"""Figure space (U+2007), as wide as a digit, for each character of an age ("2 hours ago") on the saved page."""


def save_in_background(
    arguments: Sequence[str], environ: Mapping[str, str], config: SessionConfig, probe: Probe, config_file: Path
) -> None:
    """Start a process that draws and saves the page for the next start with the same arguments and environment.

    No page is saved if the next start shows a search, or inside a multiplexer such as tmux: at the next start, the multiplexer may
    run in another terminal, and bpost can't notice that. If the setting `front_page` is false, the saved pages are deleted instead.

    Args:
        arguments: Arguments of the command line.
        environ: The environment.
        config: Configuration of this session.
        probe: Result of the queries to the terminal at the start of this session.
        config_file: Path of the config file; need not exist.
    """
    folder = snapshot_folder(environ)
    if folder is None or Path(folder).parent != config.preferences.folder:
        return
    if not config.settings.front_page:
        for path in pages_in(folder):
            Path(path).unlink(missing_ok=True)
        return
    window = _window(probe)
    if window is None or terminals.multiplexer(environ) or not _starts_with_list(config) or not _fork():
        return
    try:
        names = (*_VARIABLES, *(f"{name}{IF_SET}" for name in terminals.variables() if name not in _VARIABLES))
        page = SnapshotFile(
            start_key(arguments, environ, __version__, window, names),
            queries(environ) if terminals.may_query(environ) else b"",
            comparable_answers(probe.answers, has_px=window.cell_px is not None),
            b"", b"", _sources(config, config_file),
        )  # fmt: skip
        _draw(config, probe, window, partial(_save, page, folder))
    except BaseException as error:  # noqa: BLE001 -- whatever is wrong with the page: the next start does without
        log.log_error(error)
    finally:
        os._exit(0)


def _fork() -> bool:
    """Fork a process that has a low priority and no terminal, and runs for 20 s at most. Return True in this new process only."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # the terminal may go with the parent, before the child has left it
    if os.fork():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        return False
    os.setsid()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_LONGEST_S)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    os.nice(10)
    gc.disable()  # the process ends soon: collecting would visit all that the reader has loaded
    return True


def _starts_with_list(config: SessionConfig) -> bool:
    """Whether the next start shows a list, not the tour for new readers or a search (its results may depend on the day)."""
    place = LastPlace(config.preferences.folder, str(config.folder.absolute())).read()
    return config.preferences.values.toured and (place is None or not query_of(place.source))


def _window(probe: Probe) -> WindowSize | None:
    """Return the size of the terminal's window now, or at the session's start if the terminal is gone; None if it is unknown."""
    try:
        return window_size(1)
    except OSError:
        return probe.window


def _sources(config: SessionConfig, config_file: Path) -> list[tuple[bytes, bytes]]:
    """Return the paths of the files that the saved page depends on (library, config, themes …), each with its present state."""
    state_folder, folder, themes = config.preferences.folder, config.folder, config.themes_folder
    files = [config_file, state_folder / "choices.json", state_folder / "places.json", Path(bpost_tui.__file__)]
    files += [folder / f"{name}{part}" for name in ("stories.db", "reader.db") for part in ("", "-wal", "-journal")]
    files += [themes, *sorted(themes.glob("*.toml")), *config.settings.font]
    paths = [os.fsencode(file.absolute()) for file in files]
    return [(path, file_state(path)) for path in paths]


def _save(page: SnapshotFile, folder: str, frame: str, release: str) -> None:
    """Complete and save `page`, unless a file that it was drawn from has changed, and remove the oldest pages in `folder`.

    `frame` has the sequences that draw the page, and `release` the sequences that free its pictures. A file that is written twice
    within a tick of the kernel's clock has the same time after both writes. So the check for changes waits until all of the files
    are older than a tick.
    """
    page.frame, page.release = frame.encode(), release.encode()
    newest_ns = max((int(number) for _, state in page.sources for number in state.split()[3:]), default=0)
    time.sleep(min(max(0.0, newest_ns / 1e9 + _TICK_S - time.time()), _TICK_S))
    if not page.is_current() or len(data := page.packed()) > MAX_BYTES:
        return
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(Path(path_of(folder, page.start)), data, sync=False)
    for old in pages_in(folder)[_MAX_PAGES:]:
        Path(old).unlink(missing_ok=True)


def _draw(config: SessionConfig, probe: Probe, window: WindowSize, save: Callable[[str, str], None]) -> None:
    """Run the app without a terminal, in a window of the size `window`, up to its first frame, then call `save`.

    `save` gets the sequences that draw the frame, and the sequences that free its pictures. `probe` has the capabilities of the
    terminal that the frame is for.
    """
    with Library(config.folder, read_only=True, alone=config.subscriptions.alone) as library:
        if not library.headlines(ListFilter(), limit=1):
            return
        settings = without_peers(config.settings)
        config = config._replace(language=_TimelessLanguage(config.language), offline=True, settings=settings)
        capabilities = probe.capabilities(window)
        display = configured_display(
            capabilities, SurfaceTable(), settings, config.preferences, config.render_mode, first_id=snapshot_image_id()
        )
        app = build_app(config, library, display, themes_in(capabilities, config), start_options=StartOptions())
        app.stylesheet.add_source("#status { visibility: hidden; }")  # the day and messages: their place stays empty
        app.reader.first_frame_s, app.reader.waits_for_story = _LONGEST_S, True  # nobody waits for a part of the page
        bound = {"boundary": display.boundary, "writes": app.reader.context.writes, "save": staticmethod(save)}
        app.driver_class = type(_OneFrameDriver.__name__, (_OneFrameDriver,), bound)
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(BackgroundThreads())
            runner.run(app.run_async(size=(window.cols, window.rows)))


class _TimelessLanguage(Language):
    """Language that replaces each age by blanks of the same length, so that the text beside an age stays in its place."""

    def __init__(self, language: Language) -> None:
        self.__dict__.update(vars(language))

    def age(self, then: datetime, now: datetime) -> str:
        """Return figure spaces, one for each character of the age."""
        return _BLANK * len(super().age(then, now))


class _OneFrameDriver(Driver):
    """Textual driver that saves the first frame of the app instead of showing it, and ends the process."""

    boundary: ClassVar[OutputBoundary]
    writes: ClassVar[WriteQueue]
    save: ClassVar[Callable[[str, str], None]]

    @property
    def is_headless(self) -> bool:
        """Whether nothing is drawn; always False, because Textual gives no frame to a headless driver."""
        return False

    def write(self, data: str) -> None:
        """Save `data` and end the process, if `data` is a frame."""
        if self.boundary.is_command(data):
            return
        try:
            self.boundary.rows = self._app.size.height
            frame = self.boundary.translate(data)
            type(self).save(frame, self.boundary.free_all())
        finally:
            os._exit(0)  # before anything that follows a frame

    def start_application_mode(self) -> None:
        """Send the size of the screen to the app, so that it draws, and block the app's writes to the library."""
        self.writes.submit(Event().wait)  # they are made one after the other: the next waits until the process ends
        size = Size(*self._size or (80, 24))
        self._app.call_later(self._app.post_message, Resize(size, size))

    def disable_input(self) -> None:
        """Do nothing: there is no input."""

    def stop_application_mode(self) -> None:
        """Do nothing: there is no terminal to give back."""
