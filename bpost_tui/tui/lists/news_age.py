"""Messages about the age of the news, and about the number of new stories."""

from __future__ import annotations

from asyncio import to_thread
from datetime import datetime

from bpost_tui.core.lists.listings import Listings
from bpost_tui.tui.shared.status_bars import StatusBars


class NewsAge:
    """Shows how old the news is, or how many stories have come since the reader's last visit."""

    def __init__(self, listings: Listings, status: StatusBars, *, offline: bool) -> None:
        self._listings = listings
        self._status = status
        self._offline = offline
        self.since: datetime | None = None
        """Time of the reader's last visit; stories that came after it count as new.

        None after the session's first refresh, so that later refreshes show only the number of stories that they bring.
        """

    async def show_age(self, last_visit: datetime | None) -> None:
        """Show how many stories have come since `last_visit`. If there are none, or for None, show the age of the news."""
        self.since = last_visit
        if not await self.show_new_count():
            status = await to_thread(lambda: self._listings.age_message(offline=self._offline))
            self._status.show_refresh_message(status, waits_for_activity=True)

    async def show_new_count(self) -> bool:
        """Show how many stories have come since the last visit, if any; return whether there are any."""
        since, language = self.since, self._listings.language
        new = await to_thread(self._listings.new_since, since) if since is not None else 0
        if since is not None and new:
            line, short = language.new_since(new, since, self._listings.clock()), language.text("{n} new", n=new)
            self._status.show_refresh_message(f"● {line}", short=f"● {short}", is_accented=True, waits_for_activity=True)
        return bool(new)
