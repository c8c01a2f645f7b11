"""Backwards by a feed's pages: new posts push stories on to later pages, so that a page read again is all that costs."""

from __future__ import annotations

from datetime import datetime

from bpost_tui.model.story import FeedPage
from bpost_tui.store.results import BackfillCursor, BackfillState
from bpost_tui.sync.backfill_steps import Way
from bpost_tui.sync.events import Failed


async def read_pages(way: Way, cursor: BackfillCursor | None) -> None:
    """Read on from a walk's last page, or from the first.

    Raises:
        PortalError: The portal can't be reached, or asks to be left alone.
        ContentError: What came can't be read.
    """
    run = way.run
    number = (cursor.page or 1) if cursor else 1
    meets = cursor is None
    way.done = number - 1
    while True:
        address = run.portal.feed_address(way.category, number)
        way.tell(address, _left(way, cursor, number), stories=False)
        async with way.asking():
            page = await run.portal.feed_page(way.category, number, None, way.known)
        run.answered = True
        if not meets and cursor is not None and number > 1 and _is_older(page, cursor.oldest):
            number -= 1  # stories were taken off the portal: what followed has moved up
            continue
        meets = True
        for warning in page.warnings:
            run.fail(Failed(address, warning))
        way.new += await run.save(await run.complete(await run.portal.enrich(page.stories)))
        way.done = number
        cursor = _following(way, cursor, page, number)
        if cursor is None:
            return
        await way.keep(cursor)
        if cursor.state is not BackfillState.IN_PROGRESS:
            return
        number += 1


def _following(way: Way, cursor: BackfillCursor | None, page: FeedPage, number: int) -> BackfillCursor | None:
    """Return how far one has come with a page; None where the feed has nothing at all."""
    dates = _dates(page)
    if cursor is None and not dates:
        return None if page.end else BackfillCursor(now := way.run.clock(), now, page=number)
    newest = cursor.newest if cursor else max(dates)
    oldest = min([*dates, *([cursor.oldest] if cursor else [])])
    if page.end or not page.stories:
        return BackfillCursor(newest, oldest, (), number - 1, BackfillState.EXHAUSTED)
    arrived = way.is_done or (way.floor is not None and oldest < way.floor)
    return BackfillCursor(newest, oldest, (), number, BackfillState.REACHED if arrived else BackfillState.IN_PROGRESS)


def _is_older(page: FeedPage, date: datetime) -> bool:
    """Whether a page lies wholly behind a moment, or behind the feed's end."""
    return max(_dates(page), default=date) < date or page.end


def _left(way: Way, cursor: BackfillCursor | None, number: int) -> int | None:
    """Return how many pages are still to be read: by what there was the last time, or by how much of the time is covered."""
    if way.pages_known is not None and way.pages_known >= number:
        return way.pages_known - number + 1
    if way.floor is None or cursor is None or cursor.newest <= way.floor or cursor.oldest >= cursor.newest:
        return None
    covered = (cursor.newest - cursor.oldest) / (cursor.newest - way.floor)
    return max(1, round(way.done / covered) - way.done)


def _dates(page: FeedPage) -> list[datetime]:
    return [story.published for story in page.stories if story.published]
