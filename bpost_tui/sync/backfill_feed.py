"""Backwards by a feed's pages: new posts push stories on to later pages, so that a page read again is all that costs."""

from __future__ import annotations

from datetime import datetime

from bpost_tui.model.story import FeedPage
from bpost_tui.store.results import Walk, WalkState
from bpost_tui.sync.backfill_steps import Way
from bpost_tui.sync.events import Failed


async def read_pages(way: Way, walk: Walk | None) -> None:
    """Read on from a walk's last page, or from the first.

    Raises:
        PortalError: The portal can't be reached, or asks to be left alone.
        ContentError: What came can't be read.
    """
    run = way.run
    number = (walk.page or 1) if walk else 1
    meets = walk is None
    way.done = number - 1
    while True:
        address = run.portal.feed_address(way.category, number)
        way.tell(address, _left(way, walk, number), stories=False)
        async with way.asking():
            page = await run.portal.feed_page(way.category, number, None, way.known)
        run.answered = True
        if not meets and walk is not None and number > 1 and _is_older(page, walk.oldest):
            number -= 1  # stories were taken off the portal: what followed has moved up
            continue
        meets = True
        for warning in page.warnings:
            run.fail(Failed(address, warning))
        way.new += await run.save(await run.complete(await run.portal.enrich(page.stories)))
        way.done = number
        walk = _following(way, walk, page, number)
        if walk is None:
            return
        await way.keep(walk)
        if walk.state is not WalkState.UNDER_WAY:
            return
        number += 1


def _following(way: Way, walk: Walk | None, page: FeedPage, number: int) -> Walk | None:
    """Return how far one has come with a page; None where the feed has nothing at all."""
    dates = _dates(page)
    if walk is None and not dates:
        return None if page.end else Walk(now := way.run.clock(), now, page=number)
    newest = walk.newest if walk else max(dates)
    oldest = min([*dates, *([walk.oldest] if walk else [])])
    if page.end or not page.stories:
        return Walk(newest, oldest, (), number - 1, WalkState.ENDED)
    arrived = way.is_done or (way.floor is not None and oldest < way.floor)
    return Walk(newest, oldest, (), number, WalkState.ARRIVED if arrived else WalkState.UNDER_WAY)


def _is_older(page: FeedPage, date: datetime) -> bool:
    """Whether a page lies wholly behind a moment, or behind the feed's end."""
    return max(_dates(page), default=date) < date or page.end


def _left(way: Way, walk: Walk | None, number: int) -> int | None:
    """Return how many pages are still to be read: by what there was the last time, or by how much of the time is covered."""
    if way.pages_known is not None and way.pages_known >= number:
        return way.pages_known - number + 1
    if way.floor is None or walk is None or walk.newest <= way.floor or walk.oldest >= walk.newest:
        return None
    covered = (walk.newest - walk.oldest) / (walk.newest - way.floor)
    return max(1, round(way.done / covered) - way.done)


def _dates(page: FeedPage) -> list[datetime]:
    return [story.published for story in page.stories if story.published]
