"""What a plain session needs: the terminal's lines, and a thread that asks the portal."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from os import environ
from queue import SimpleQueue

from bpost_tui import log
from bpost_tui.browser import launch, open_in_browser, opening_line, program_command
from bpost_tui.cli.refresh import steps_after
from bpost_tui.cli.shared.command_context import (
    CommandContext,
    clock,
    exchange_marks,
    listings,
    outlook,
    papers,
)
from bpost_tui.console import Console
from bpost_tui.core.after_refresh import after_refresh
from bpost_tui.core.keys.line_keys import LineKeys
from bpost_tui.core.line_io import Stdio
from bpost_tui.core.lists.subscriptions import plans_of
from bpost_tui.core.speech.line_narration import LineNarration
from bpost_tui.errors import BPostError
from bpost_tui.model.durations import age
from bpost_tui.model.media_kind import kind_of
from bpost_tui.model.story import Headline
from bpost_tui.plain.plain_reader import PlainReader, PortalCalls
from bpost_tui.urls import clean_link


def read_plainly(context: CommandContext, console: Console, story: str | None) -> int:
    """Read in lines until the reader leaves, from a story on if one was named; raises NotFoundError where it isn't saved."""
    with context.library(console) as library:
        lists = listings(context, library)
        fetching = BackgroundRefresh(context, console)
        portal = PortalCalls(fetching.begin, fetching.news, lambda row: _browse(row, context))
        keys = LineKeys(context.settings.keys, context.settings.keyboard, PlainReader.ACTIONS)
        lines = Stdio(console)
        preferences = context.preferences()
        aloud = LineNarration(context.settings.listen, lines, keys, context.language, preferences, preferences.choices.listen_speed)
        reader = PlainReader(lists, outlook(context, library, folds=True), lines, portal, keys, aloud)
        fetching.exchanges = exchange_marks(context, library, console)
        reader.run(library.headline(library.find(story)) if story is not None else None)
        lists.note_visit()
        fetching.end()
        exchange_marks(context, library, console)
    return 0


@dataclass
class BackgroundRefresh:
    """Asks the portal behind what is being read."""

    context: CommandContext
    console: Console
    exchanges: bool = True
    """Whether marks are exchanged with other machines after a refresh: no if that failed as the session began."""
    _thread: threading.Thread | None = None
    _came: SimpleQueue[str | Exception] = field(default_factory=SimpleQueue)

    def begin(self) -> bool:
        """Ask, unless that is under way; False where nothing may be asked."""
        if self.context.offline:
            return False
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._fetch, name="refresh", daemon=True)
            self._thread.start()
        return True

    def news(self, wait_s: float) -> str:
        """Return what came of it since last asked, after waiting so long for its end; raises what is a bug in it."""
        if self._thread is not None and wait_s:
            self._thread.join(wait_s)
        said: list[str] = []
        while not self._came.empty():
            came = self._came.get()
            if isinstance(came, Exception):
                raise came
            said.append(came)
        return " · ".join(said)

    def end(self) -> None:
        """Wait for what is being saved, not for what is being asked."""
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def _fetch(self) -> None:
        try:
            self._came.put(log.run_loop(self._followed()))
        except BPostError as error:
            log.fault(error)
            self._came.put(self.context.language.reason(error.message))
        except Exception as error:  # noqa: BLE001 - a bug; it ends the reader, as everywhere
            self._came.put(error)

    async def _followed(self) -> str:
        from bpost_tui.refresh import RefreshResult, SavedBatch
        from bpost_tui.refresh.library_refresh import refresh_papers

        finished = RefreshResult(0, 0, 0)
        new: list[int] = []
        keep = age(self.context.settings.keep)
        plans = [each._replace(plan=each.plan._replace(keep=keep)) for each in plans_of(self.context.stand, self.context.settings)]
        with self.context.library(self.console, self._came.put) as library:
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
    program = context.settings.open.get(kind_of(link), ())
    opening = launch(program_command(program, link)) if program else open_in_browser(link, environ)
    return opening_line(opening, link, link, context.language, program)
