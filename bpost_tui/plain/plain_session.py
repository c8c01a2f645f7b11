"""What a plain session needs: the terminal's lines, and a thread that asks the portal."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from os import environ
from queue import SimpleQueue

from bpost_tui import log
from bpost_tui.browser import launch, open_in_browser, open_result_message, program_command
from bpost_tui.cli.refresh import steps_after
from bpost_tui.cli.shared.command_context import (
    CommandContext,
    clock,
    listings,
    outlook,
    papers,
    sync_folder_marks,
)
from bpost_tui.console import Console
from bpost_tui.core.after_refresh import after_refresh
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import Stdio
from bpost_tui.core.lists.subscriptions import paper_plans
from bpost_tui.core.speech.line_narration import LineNarration
from bpost_tui.errors import BPostError
from bpost_tui.model.durations import parse_age
from bpost_tui.model.media_kind import media_kind
from bpost_tui.model.story import Headline
from bpost_tui.plain.plain_reader import PlainReader, PortalCalls
from bpost_tui.urls import clean_link


def run_plain_session(context: CommandContext, console: Console, story: str | None) -> int:
    """Read in lines until the reader leaves, from a story on if one was named; raises NotFoundError where it isn't saved."""
    with context.library(console) as library:
        lists = listings(context, library)
        fetching = BackgroundRefresh(context, console)
        portal = PortalCalls(fetching.start, fetching.result_message, lambda row: _browse(row, context))
        keys = LineKeys(context.settings.keys, context.settings.keyboard, PlainReader.ACTIONS)
        lines = Stdio(console)
        preferences = context.preferences()
        aloud = LineNarration(context.settings.listen, lines, keys, context.language, preferences, preferences.values.listen_speed)
        reader = PlainReader(lists, outlook(context, library, folds=True), lines, portal, keys, aloud)
        fetching.exchanges = sync_folder_marks(context, library, console)
        reader.run(library.headline(library.find(story)) if story is not None else None)
        lists.note_visit()
        fetching.finish()
        sync_folder_marks(context, library, console)
    return 0


@dataclass
class BackgroundRefresh:
    """Asks the portal behind what is being read."""

    context: CommandContext
    console: Console
    exchanges: bool = True
    """Whether marks are exchanged with other machines after a refresh: no if that failed as the session began."""
    _thread: threading.Thread | None = None
    _results: SimpleQueue[str | Exception] = field(default_factory=SimpleQueue)

    def start(self) -> bool:
        """Ask, unless that is under way; False where nothing may be asked."""
        if self.context.offline:
            return False
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="refresh", daemon=True)
            self._thread.start()
        return True

    def result_message(self, wait_s: float) -> str:
        """Return what came of it since last asked, after waiting so long for its end; raises what is a bug in it."""
        if self._thread is not None and wait_s:
            self._thread.join(wait_s)
        said: list[str] = []
        while not self._results.empty():
            came = self._results.get()
            if isinstance(came, Exception):
                raise came
            said.append(came)
        return " · ".join(said)

    def finish(self) -> None:
        """Wait for what is being saved, not for what is being asked."""
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        try:
            self._results.put(log.run_loop(self._refresh()))
        except BPostError as error:
            log.log_error(error)
            self._results.put(self.context.language.reason(error.message))
        except Exception as error:  # noqa: BLE001 - a bug; it ends the reader, as everywhere
            self._results.put(error)

    async def _refresh(self) -> str:
        from bpost_tui.refresh import RefreshResult, SavedBatch
        from bpost_tui.refresh.library_refresh import refresh_papers

        finished = RefreshResult(0, 0, 0)
        new: list[int] = []
        keep = parse_age(self.context.settings.keep)
        plans = [
            each._replace(plan=each.plan._replace(max_age=keep))
            for each in paper_plans(self.context.paper_selection, self.context.settings)
        ]
        with self.context.library(self.console, self._results.put) as library:
            async for event in refresh_papers(plans, library, offline=False, clock=clock):
                if isinstance(event, SavedBatch):
                    new += event.new
                elif isinstance(event, RefreshResult):
                    finished = event
            troubles = after_refresh(library, new, steps_after(self.context, library, finished, machines=self.exchanges))
            read = papers(self.context, library)
        language = self.context.language
        told = [language.plural("{n} new story", "{n} new stories", finished.new)] if finished.new else []
        failed = {failure.paper: failure.error for failure in finished.errors if failure.error}
        for key, error in failed.items():
            named = f"{read.name(key)}: " if read.are_several else ""
            told.append(f"{named}{language.reason(error.message)}")
        told += map(language.reason, troubles)
        return " · ".join(told) or language.text("Nothing new")


def _browse(row: Headline, context: CommandContext) -> str:
    link = clean_link(row.link or "")
    if link is None:
        return context.language.text("This story has no address")
    program = context.settings.open.get(media_kind(link), ())
    opening = launch(program_command(program, link)) if program else open_in_browser(link, environ)
    return open_result_message(opening, link, link, context.language, program)
