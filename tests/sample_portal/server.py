"""The sample portal as a server on the loopback address."""

from __future__ import annotations

from datetime import datetime

from bpost_tui.demo.sample_edition import load_edition
from tests.sample_portal.site import SampleSite
from tests.scripted_portal import Answer, PortalServer, Seen


class SamplePortal(PortalServer):
    """Context manager that serves the sample edition from a free port of 127.0.0.1.

    Args:
        now: Aware time for the stories' ages.
        summary: Whether feeds have only summaries.
        rest: Whether `/wp-json` answers; otherwise it refuses with 401, as with security plugins.
        page_size: Number of stories on a page of a feed.
    """

    def __init__(self, now: datetime, *, summary: bool = False, rest: bool = True, page_size: int = 10) -> None:
        super().__init__()
        self._site = SampleSite(load_edition(now), self.address, now, summary=summary, rest=rest, page_size=page_size)

    def answer(self, seen: Seen) -> Answer:
        """Return WordPress's answer to a request."""
        return answer_of(self._site, seen)


def answer_of(site: SampleSite, seen: Seen) -> Answer:
    """Return a site's answer to a request."""
    reply = site.answer(seen.path, {name.title(): value for name, value in seen.headers.items()})
    return Answer(reply.status, dict(reply.headers), reply.body)
