"""Stories that are starred on a server of feeds and missing in the library: fetched from the server by its API.

Its functions block. The server's texts are as foreign as a paper's feed, so a parser process reads them: as a feed in the format
JSON Feed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bpost_tui.clock import from_us
from bpost_tui.mark_sync.greader_api import STARRED, item_link, member
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import Fields, text_or_empty, value_or_none

if TYPE_CHECKING:
    from bpost_tui.mark_sync.greader_api import GreaderApi
    from bpost_tui.mark_sync.greader_peer import GreaderPeer
    from bpost_tui.portal.parse_results import ParsedFeed

FeedReader = Callable[[str, bytes], "ParsedFeed"]
"""Function that returns the stories of a feed, given its address and its content. It raises ContentError if the content is no
feed."""


class FetchedStars(NamedTuple):
    """Result of fetching the stories that are starred on the server of feeds."""

    saved: int = 0
    """Number of stories saved."""
    of_other_feeds: int = 0
    """Number of starred items that were left out because their feeds aren't papers of the library."""


def fetch_starred(peer: GreaderPeer, api: GreaderApi, read_feed: FeedReader, now: datetime) -> FetchedStars:
    """Save the starred stories of the server that the library lacks, and return how many were saved and how many were left out.

    Stories of feeds that aren't papers of the library are left out. The others are saved without the star, which the next sync of
    marks sets. The guid of a story is its link, because the API gives no other. If the paper's own feed sends the same story later,
    it is found by this link and isn't saved twice.

    Args:
        peer: The server, to find the papers of its feeds.
        api: Connection to the server.
        read_feed: Function that returns the stories of a feed, given its address and its content.
        now: Time of the save.

    Raises:
        PortalError: The server can't be reached, or refuses.
        ContentError: The server's texts can't be read.
        StoreError: The library can't be written.
    """
    library, saved, of_other_feeds = peer.library, 0, 0
    papers = {each.paper.key: each.paper for each in library.papers()}
    stream_papers = {stream: papers[key] for stream, key in peer.stream_papers(api).items() if key in papers}
    known = {each.item.id for each in library.greader_items.compare_marks() if each.is_saved}
    for rows in api.item_contents(api.all_item_ids(STARRED) - known):
        streams: dict[str, list[Fields]] = defaultdict(list)
        for row in rows:
            streams[text_or_empty(member(row.get("origin"), "streamId"))].append(row)
        for stream, items in streams.items():
            if (paper := stream_papers.get(stream)) is None:
                of_other_feeds += len(items)
                continue
            stories = [story for story in read_feed(paper.address, _json_feed(items)).stories if story.link]
            saved += len(library.for_paper(paper).save(stories, now=now).new)
    return FetchedStars(saved, of_other_feeds)


def _json_feed(items: Sequence[Fields]) -> bytes:
    """Return items (stories with their texts) from the server of feeds as a feed in the format JSON Feed 1.1."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [*map(_feed_item, items)]}).encode("ascii")


def _feed_item(item: Fields) -> dict[str, Any]:
    texts = (text_or_empty(member(item.get(name), "content")) for name in ("content", "summary"))
    published = from_us((value_or_none(item.get("published"), int) or 0) * 1_000_000)
    link = item_link(item)
    return {
        "id": link,
        "url": link,
        "title": text_or_empty(item.get("title")),
        "content_html": max(texts, key=len),
        "authors": [{"name": text_or_empty(item.get("author"))}],
        "date_published": published.isoformat(),
    }
