"""Composition root: creates library, portals, typesetting and app for a reading session, and connects them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.clock import utc_now
from bpost_tui.config import Command
from bpost_tui.core.changes.undo import UndoStack
from bpost_tui.core.display_settings import configured_display
from bpost_tui.core.fetcher import Fetcher
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.lists.subscriptions import open_library, paper_plans
from bpost_tui.core.session import Session
from bpost_tui.core.session_config import SessionConfig, peer_settings
from bpost_tui.core.themes import Themes
from bpost_tui.mark_sync.configured_peers import local_peers
from bpost_tui.model.durations import parse_age
from bpost_tui.store.library import Library
from bpost_tui.tui.background_threads import BackgroundThreads
from bpost_tui.tui.bpost_app import RESTART, SAMPLE, BPostApp
from bpost_tui.tui.shared.reader_services import ReaderServices, StartOptions, discard_settings
from bpost_tui.typesetting.terminal.capabilities import Capabilities
from bpost_tui.typesetting.terminal.colours import TerminalColours
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.terminal.probe import Probe
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.textual.driver import Handover
from bpost_tui.typesetting.typeset.surface import SurfaceTable

if TYPE_CHECKING:
    from bpost_tui.core.picture_cache import PictureCache
    from bpost_tui.mark_sync.peer import Peer
    from bpost_tui.refresh.refresh_process import RefreshProcess

_EXIT_SYNC_S = 0.4
"""Maximum time in seconds that the last sync with a sync folder may delay the end of bpost."""
_SWITCH_S = 0.0005
"""Thread switch interval in seconds: the longest time that a thread runs while another thread waits for the interpreter.

With Python's default of 5 ms, finished results waited in their thread, and the first list took 50 ms instead of 4 ms.
"""


class SessionResult(NamedTuple):
    """Result of a reading session."""

    exit_code: int
    """Exit status of the process."""
    open_sample: bool = False
    """Whether the reader asked to open the sample edition next."""
    restart: bool = False
    """Whether bpost is to start again because the config was changed."""


def run(
    config: SessionConfig,
    *,
    probe: Probe,
    open_story: int | None = None,
    notices: Sequence[str] = (),
    portals: Command = (),
    service: Command = (),
    write_config: Callable[[Mapping[str, object]], None] = discard_settings,
    report_library_problems: Callable[[Sequence[str]], None] = lambda _: None,
) -> SessionResult:
    """Run the app in this terminal until the reader quits it, and return the result of the session.

    Args:
        config: Settings, papers and folders of the session.
        probe: Detection of the terminal's capabilities. Its queries have been sent, but not all answers have been read.
        open_story: Id of a story to open at the start; None opens the place where the reader left bpost.
        notices: Sentences in the reader's language, to show in a line of the screen at the start.
        portals: Command line of the program that changes the papers in the config; empty if a command line option names the paper.
        service: Command line of `bpost service`, to sync with a server of feeds; empty if the reader has no account on a server.
        write_config: Function that writes settings to the config file.
        report_library_problems: Function called at the end, also after errors, with a line for each problem of the library.

    Raises:
        StoreError: The library can't be opened.
    """
    settings, folder, subscriptions, preferences = config.settings, config.folder, config.subscriptions, config.preferences
    most_bytes = settings.library_mb << 20
    with (
        open_library(folder, subscriptions, most_bytes=most_bytes, tracks_changes=settings.changed_since_read) as library,
        ExitStack() as at_the_end,
    ):
        problems: list[str] = []
        at_the_end.callback(lambda: report_library_problems(tuple(dict.fromkeys((*library.notices, *problems)))))

        def make_process() -> RefreshProcess:
            from bpost_tui.refresh.refresh_process import RefreshProcess  # 2 ms, with the events

            return RefreshProcess(folder, most_bytes=most_bytes, report_problems=problems.extend)

        service_sync = None
        if service:
            from bpost_tui.core.service_sync import ServiceSync  # only with a server of feeds

            service_sync = ServiceSync(service, library)
            at_the_end.callback(service_sync.start_last)
        capabilities = probe.finish(uses_late=True)
        for peer in local_peers(library, peer_settings(settings)):
            at_the_end.callback(_sync_on_exit, peer)
        app = build_app(
            config,
            library,
            configured_display(capabilities, SurfaceTable(over_limit=_note_surfaces), settings, preferences, config.render_mode),
            themes_in(capabilities, config),
            start_options=StartOptions(open_story, portals, service_sync, write_config),
            make_process=make_process,
            handover=Handover.of(probe),
            notices=notices,
        )
        sys.setswitchinterval(_SWITCH_S)
        with asyncio.Runner() as runner:
            log.log_asyncio_errors()
            runner.get_loop().set_default_executor(BackgroundThreads())
            outcome = runner.run(app.run_async())
        if app.bug is not None:
            raise app.bug
        return SessionResult(app.return_code or 0, outcome == SAMPLE, outcome == RESTART)


def _note_surfaces(held_bytes: int, limit_bytes: int, in_sight: int) -> None:
    log.log_event("surfaces", bytes=held_bytes, limit=limit_bytes, in_sight=in_sight)


def _sync_on_exit(peer: Peer) -> None:
    """Sync a last time with a peer (a sync folder or a server of feeds) when bpost ends.

    Changes that can't be sent in time are sent after the next start.
    """
    from bpost_tui.mark_sync.peer import sync_within

    sync_within(peer, _EXIT_SYNC_S)


def _set_rich_colours(capabilities: Capabilities) -> None:
    """Set environment variables so that Rich uses 24-bit colours only if the terminal supports them."""
    if capabilities.truecolour:
        os.environ.setdefault("COLORTERM", "truecolor")  # neither ssh nor xterm sets it
    else:
        os.environ.pop("COLORTERM", None)  # the terminal around GNU screen sets it, but screen reads 38;2;7 as reverse video


def themes_in(capabilities: Capabilities, config: SessionConfig) -> Themes:
    """Return the themes of the session, with the colours of the terminal."""
    _set_rich_colours(capabilities)
    themes = Themes(config.themes_folder)
    themes.set_terminal_colours(TerminalColours.of(capabilities), capabilities.background)
    return themes


def build_app(
    config: SessionConfig,
    library: Library,
    display: Display,
    themes: Themes,
    *,
    clock: Callable[[], datetime] = utc_now,
    start_options: StartOptions,
    make_process: Callable[[], RefreshProcess] | None = None,
    handover: Handover = Handover(),  # noqa: B008 -- a value
    notices: Sequence[str] = (),
) -> BPostApp:
    """Build the app of a session: it reads `library`, fetches stories into it, and draws with `display`.

    Args:
        config: Settings, papers and folders of the session.
        library: Library to show.
        display: Typesetter, encoder and output for this terminal.
        themes: Themes in the colours of this terminal.
        clock: Function that returns the current time with its time zone.
        start_options: Choices for the start of the app, such as the story to open.
        make_process: Function that returns the process for refreshes; if it is None, refreshes run in this process.
        handover: Keys typed before the app starts, and the page of the startup snapshot that the terminal may show already.
        notices: Sentences to show at the start.
    """
    settings, preferences, language, subscriptions = config.settings, config.preferences, config.language, config.subscriptions
    chosen, listings = preferences.values, Listings(library, language, clock)
    outlook = Outlook.of(
        settings,
        PaperList.load(library, language, subscriptions, chosen.unfolded),
        Mutes.load(settings.mute, library),
        unread_only=chosen.unread_only,
        same_news_once=chosen.same_news_once,
        searches_as_typed=True,
    )
    fetcher = Fetcher(
        partial(paper_plans, subscriptions, settings),
        library,
        clock,
        offline=config.offline,
        keep=parse_age(settings.keep),
        make_process=make_process,
    )

    def make_pictures() -> PictureCache:
        from bpost_tui.core.picture_cache import PictureCache  # 1 ms, with the store, and only for stories
        from bpost_tui.picture_store import PictureStore

        store = PictureStore(
            library.folder, max_bytes=settings.pictures_mb << 20, marked=lambda: library.maintenance.marked_pictures()
        )
        return PictureCache(fetcher, store)

    start_options = start_options._replace(peers=local_peers(library, peer_settings(settings)))
    session = Session(UndoStack(listings), outlook)
    services = ReaderServices(settings, preferences, listings, session, fetcher, make_pictures, start_options)
    return BPostApp(services, themes, display, handover, notices)
