"""What came while the reader was elsewhere: told to the desktop, where it is of a kind the reader asked for."""

from __future__ import annotations

from textual import work
from textual.message import Message

from bpost_tui.sync import Finished, Plan, Stored, SyncEvent
from bpost_tui.ui.reader.touring import TourScreen


class NoticeScreen(TourScreen):
    """The reader's screen, refreshed now and then by itself."""

    _is_by_itself = False
    _came: tuple[int, ...] = ()

    class Noted(Message):
        """Stories have come that the reader wants to hear of."""

        def __init__(self, title: str, body: str) -> None:
            super().__init__()
            self.title = title
            self.body = body

    def action_refresh(self) -> None:
        """Ask the portal, as the reader wants it."""
        self._is_by_itself = False
        super().action_refresh()

    def refresh_by_itself(self) -> None:
        """Ask the portal because it is time to."""
        super().action_refresh()
        self._is_by_itself, self._came = True, ()

    def _tell(self, event: SyncEvent, plan: Plan) -> None:
        super()._tell(event, plan)
        if not self._is_by_itself or plan.back:
            return
        if isinstance(event, Stored):
            self._came += event.new
        elif isinstance(event, Finished) and self._came and self._setup.notify:
            self._note_came(self._came)
            self._came = ()

    @work(thread=True, group="notice", exit_on_error=False)
    def _note_came(self, ids: tuple[int, ...]) -> None:
        """Find what of it is wanted, and tell."""
        rows = self._listings.noted(ids, self._setup.notify)
        if rows:
            more = len(rows) - 1
            first = rows[0].title
            body = self._language.plural("{title} · and {n} more", "{title} · and {n} more", more, title=first) if more else first
            self.post_message(self.Noted(self._language.text("The Bengal Post"), body))
