"""Reloads of the list between keys of a random walk, on the test screen and in real terminals: news, marks by other processes."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from PIL import Image

from bpost_tui.model.marks import MarkName
from bpost_tui.store.library import Library
from tests.scripted_portal import PortalServer, item, rss
from tools.grouping_quality import rows

STORIES, AT_ONCE = 40, 3
"""Number of stories of a new portal, and number that it publishes at once later."""
_MARKS: tuple[MarkName, ...] = ("read", "starred", "later")
_MINUTE = timedelta(minutes=1)
_WAITING = (";", "a", "H", "&", "F", "j", "J", "n", "enter", "m", "s", "space", "f", "%")
"""Keys that wait for a story on its way, ask for another, or change the list or its papers."""
_RELOAD_SHARE = 0.2
"""Share of the keys that are followed by a reload of the list."""
_PHOTO = "/wp-content/uploads/{number}.png"
_WORDS = ("নদীর জল বাড়ছে", "মেদিনীপুর", "স্কুলে ছুটি", "হাসপাতালে নতুন শয্যা", "ফুটবল", "বৃষ্টি", "রেল", "পুরসভা", "খড়গপুর আইআইটি")


class News:
    """Portal that publishes new stories on demand: short and long ones, every third with pictures.

    Args:
        since: Date of the first story, and a minute later for each further story; None for stories without dates.
    """

    def __init__(self, server: PortalServer, dice: random.Random, since: datetime | None = None) -> None:
        self._server = server
        self._dice = dice
        self._since = since
        self._items: list[str] = []
        self.publish(STORIES)

    def publish(self, count: int = AT_ONCE) -> None:
        """Publish `count` more stories."""
        for number in range(len(self._items), len(self._items) + count):
            self._items.append(self._story(number))
        self._server.serve("/feed", rss(*reversed(self._items[-100:])))

    def _story(self, number: int) -> str:
        words = [self._dice.choice(_WORDS) for _ in range(self._dice.randint(1, 9))]
        paragraphs = [f"<p>{' '.join(self._dice.choices(_WORDS, k=self._dice.randint(2, 60)))}।</p>" for _ in range(len(words))]
        if number % 3 == 0:
            path = _PHOTO.format(number=number)
            out = io.BytesIO()
            Image.new("RGB", (80, 40), (number * 37 % 256, number * 91 % 256, 90)).save(out, "PNG")
            self._server.serve(path, out.getvalue(), content_type="image/png")
            paragraphs.insert(1, f'<figure><img src="{self._server.address}{path}" width="80" height="40"></figure>')
        date = "" if self._since is None else f"<pubDate>{format_datetime(self._since + timedelta(minutes=number))}</pubDate>"
        link = f"{self._server.address}/{number}/"
        return item(" ".join(words), guid=f"g{number}", link=link, text="".join(paragraphs), more=date)


def serve_other_papers(server: PortalServer, now: datetime) -> tuple[str, ...]:
    """Serve the feeds of two more papers, which report the same events, and return their addresses."""
    addresses = []
    for paper in range(2):
        items = [
            item(
                escape(account["title"]),
                guid=f"paper {paper}, {number}",
                link=f"{server.address}/paper-{paper}/{number}/",
                text=f"<p>{escape(account['text'])}</p>",
                more=f"<category>{account['cluster']}</category><pubDate>{format_datetime(now - number * _MINUTE)}</pubDate>",
            )
            for number, account in enumerate(rows()[:STORIES])
            if number % 2 == paper
        ]
        server.serve(f"/paper-{paper}.xml", rss(*items))
        addresses.append(f"{server.address}/paper-{paper}.xml")
    return tuple(addresses)


@dataclass(frozen=True, slots=True)
class ListReload:
    """Reload of the list, and keys around it that wait for a story or ask for another."""

    kind: str
    """`refresh`, `marks` (by another process), or `reload`: of the list alone."""
    before: Sequence[str]
    after: Sequence[str]


def draw_reload(dice: random.Random) -> ListReload | None:
    """Return the reload that follows a key of the walk, or None: most keys have none."""
    if dice.random() >= _RELOAD_SHARE:
        return None
    kind, keys = dice.choice(("refresh", "marks", "reload")), dice.choices(_WAITING, k=dice.randint(1, 2))
    at = dice.randint(0, len(keys))
    return ListReload(kind, keys[:at], keys[at:])


def mark_elsewhere(library: Library, numbers: Sequence[int], dice: random.Random, now: datetime) -> None:
    """Mark a few of the stories with these numbers, or remove a mark, as another process does."""
    some, mark = dice.sample(numbers, min(len(numbers), dice.randint(1, 3))), dice.choice(_MARKS)
    library.set_mark(mark, some, dice.random() < 0.6, now=now)
