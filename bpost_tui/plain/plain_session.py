"""Session of the line reader (`--plain`): executes typed lines, and refreshes papers in a thread meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import environ
from queue import SimpleQueue
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.browser import launch, open_in_browser, open_result_message, program_command
from bpost_tui.clock import utc_now
from bpost_tui.console import Console
from bpost_tui.core.after_refresh import after_refresh
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import Stdio
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.lists.subscriptions import paper_plans, reported_library
from bpost_tui.core.session_config import SessionConfig, steps_after, sync_local_marks
from bpost_tui.core.speech.line_narration import LineNarration
from bpost_tui.errors import BPostError, PortalError
from bpost_tui.model.durations import parse_age
from bpost_tui.model.media_kind import media_kind
from bpost_tui.model.story import Headline
from bpost_tui.plain.plain_reader import PlainReader, PortalCalls
from bpost_tui.store.library import Library
from bpost_tui.urls import clean_link

if TYPE_CHECKING:
    from bpost_tui.refresh import RefreshResult


def run_plain_session(config: SessionConfig, console: Console, story: str | None) -> int:
    """Run a session of the line reader (`--plain`), and return the exit status, 0.

    If `story` is given (an id, guid or link), that story is opened first.

    Raises:
        NotFoundError: The library doesn't have the story.
    """
    settings, language, preferences = config.settings, config.language, config.preferences

    def sync(library: Library) -> bool:
        return sync_local_marks(settings, library, language, console.write_note)

    with reported_library(config.folder, config.subscriptions, settings, language, console.write_note) as library:
        listings = Listings(library, language, utc_now)
        outlook = Outlook.of(
            settings,
            PaperList.load(library, language, config.subscriptions),
            Mutes.load(settings.mute, library),
            same_news_once=preferences.values.same_news_once,
        )
        refresh = BackgroundRefresh(config)
        portal = PortalCalls(refresh.start, refresh.result_message, lambda row: _browse(row, config))
        keys = LineKeys(settings.keys, settings.keyboard, PlainReader.ACTIONS)
        lines = Stdio(console)
        narration = LineNarration(settings.listen, lines, keys, language, preferences, preferences.values.listen_speed)
        reader = PlainReader(listings, outlook, lines, portal, keys, narration)
        refresh.syncs_local = sync(library)
        reader.run(library.headline(library.find(story)) if story is not None else None)
        listings.note_visit()
        refresh.finish()
        sync(library)
    return 0


@dataclass
class BackgroundRefresh:
    """Refresh of the papers in a thread, while the reader types commands and reads."""

    config: SessionConfig
    syncs_local: bool = True
    """Whether marks are synced with the sync folder after a refresh; False if that failed when the session began."""
    _thread: threading.Thread | None = None
    _reported: threading.Event = field(default_factory=threading.Event)
    """Event that is set when the running refresh has put its result into `_results`, or has failed."""
    _results: SimpleQueue[str | Exception] = field(default_factory=SimpleQueue)

    def start(self) -> bool:
        """Start a refresh unless a refresh is running; return False if network requests are forbidden, else True."""
        if self.config.offline:
            return False
        if self._thread is None or not self._thread.is_alive():
            self._reported.clear()
            self._thread = threading.Thread(target=self._run, name="refresh", daemon=True)
            self._thread.start()
        return True

    def result_message(self, wait_s: float) -> str:
        """Wait up to `wait_s` seconds for the refresh's result, and return the results since the last call, or "" if none.

        If the thread has failed because of a bug, its exception is raised here.
        """
        if self._thread is not None and wait_s:
            self._reported.wait(wait_s)
        messages: list[str] = []
        while not self._results.empty():
            result = self._results.get()
            if isinstance(result, Exception):
                raise result
            messages.append(result)
        return " · ".join(messages)

    def finish(self) -> None:
        """Wait up to 1 s for the thread to end, because the session ends. That is long enough to save stories that have come."""
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        try:
            log.run_loop(self._refresh())
        except BPostError as error:
            log.log_error(error)
            self._results.put(self.config.language.reason(error.message))
        except Exception as error:  # noqa: BLE001 - a bug: `result_message` raises it on the reader's thread
            self._results.put(error)
        finally:
            self._reported.set()

    async def _refresh(self) -> None:
        from bpost_tui.refresh import RefreshResult, SavedBatch
        from bpost_tui.refresh.library_refresh import refresh_papers

        config, language = self.config, self.config.language
        new: list[int] = []
        keep = parse_age(config.settings.keep)
        plans = [
            each._replace(plan=each.plan._replace(max_age=keep)) for each in paper_plans(config.subscriptions, config.settings)
        ]
        with reported_library(config.folder, config.subscriptions, config.settings, language, self._results.put) as library:
            async for event in refresh_papers(plans, library, offline=False, clock=utc_now):
                if isinstance(event, SavedBatch):
                    new += event.new
                elif isinstance(event, RefreshResult):
                    self._results.put(self._report(library, event, new))
                    self._reported.set()

    def _report(self, library: Library, result: RefreshResult, new: Sequence[int]) -> str:
        """Sync marks and run the reader's hook after a refresh, and return the result as text. `new` has the ids of new stories."""
        config, language = self.config, self.config.language
        failures = after_refresh(library, new, steps_after(config, library, result, local=self.syncs_local))
        papers = PaperList.load(library, language, config.subscriptions)
        parts = [language.plural("{n} new story", "{n} new stories", result.new)] if result.new else []
        failed = {failure.paper: failure.error for failure in result.errors if failure.error}
        for key, error in failed.items():
            prefix = f"{papers.name(key)}: " if papers.are_several else ""
            parts.append(f"{prefix}{language.reason(error.message)}")
            parts += [language.reason(error.hint)] if isinstance(error, PortalError) and error.redirects_to else []
        parts += map(language.reason, (*failures.syncs, *failures.hook))
        return " · ".join(parts) or language.text("Nothing new")


def _browse(row: Headline, config: SessionConfig) -> str:
    link = clean_link(row.link or "")
    if link is None:
        return config.language.text("This story has no address")
    program = config.settings.open.get(media_kind(link), ())
    opening = launch(program_command(program, link)) if program else open_in_browser(link, environ)
    return open_result_message(opening, link, link, config.language, program)
