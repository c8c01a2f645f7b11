"""Backwards by wp-json: what was published before the oldest story read so far, so that new posts shift nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.model.story import PostsPage, Story
from bpost_tui.store.results import BackfillCursor, BackfillState
from bpost_tui.sync.backfill_steps import Way
from bpost_tui.sync.events import Failed

SIZES = (100, 20)
"""Stories asked for at once: fewer, where the portal can't make so many, or they are more than can be read."""
_MAX_EXCLUDED = 400
_SECOND = timedelta(seconds=1)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


async def read_posts(way: Way, cursor: BackfillCursor | None) -> bool:
    """Read on from a cursor, or from the newest story; False where wp-json doesn't answer, or not as it is asked.

    Raises:
        PortalError: The portal can't be reached, or asks to be left alone.
        ContentError: What came can't be read.
    """
    sizes = list(SIZES)
    left: int | None = None
    before: Sequence[Story] = ()
    while True:
        way.tell(way.run.portal.feed_address(way.category, 1), left, stories=True)
        async with way.asking():
            page = await _page(way, cursor, sizes)
        if page is None:
            return False
        way.run.answered = True
        following = _following(way, cursor, page)
        if following is None:
            return False
        for warning in page.warnings:
            way.run.fail(Failed(page.address, warning))
        way.new += await way.run.save(page.stories)
        way.done += len(page.stories)
        await _withdraw(way, cursor, page, before)
        cursor, before = following, page.stories
        if way.is_done and cursor.state is BackfillState.IN_PROGRESS:
            cursor = BackfillCursor(cursor.newest, cursor.oldest, cursor.at_oldest, None, BackfillState.REACHED)
        await way.keep(cursor)
        if cursor.state is not BackfillState.IN_PROGRESS:
            return True
        left = None if page.total is None else max(0, page.total - len(page.stories))


async def _page(way: Way, cursor: BackfillCursor | None, sizes: list[int]) -> PostsPage | None:
    """Return the next page; where it can't be had, a smaller one."""
    while True:
        try:
            return await way.run.portal.api.posts_page(
                size=sizes[0],
                category=way.category,
                before=cursor.oldest + _SECOND if cursor else None,
                after=way.floor - _SECOND if way.floor else None,
                exclude=cursor.at_oldest[:_MAX_EXCLUDED] if cursor else (),
            )
        except (PortalError, ContentError) as error:
            if len(sizes) == 1 or (isinstance(error, PortalError) and error.retry_after_s is not None):
                raise
            sizes.pop(0)


def _following(way: Way, cursor: BackfillCursor | None, page: PostsPage) -> BackfillCursor | None:
    """Return how far one has come with a page; None where it isn't what was asked for.

    Raises:
        ContentError: No story on it has a date to go on from.
    """
    end = BackfillState.EXHAUSTED if way.floor is None else BackfillState.REACHED
    dated = [(story.published, number) for story, number in zip(page.stories, page.numbers, strict=True) if story.published]
    if not dated:
        if not page.end:
            raise ContentError(f"{page.address}: no story in it has a date", address=page.address)
        if cursor:
            return BackfillCursor(cursor.newest, cursor.oldest, cursor.at_oldest, None, end)
        now = way.run.clock()
        return BackfillCursor(now, now, (), None, end)
    oldest = min(when for when, _ in dated)
    at_oldest = {number for when, number in dated if when == oldest and number}
    if cursor and oldest >= cursor.oldest:
        if oldest > cursor.oldest:  # `before` isn't kept to
            return None
        if at_oldest.issubset(cursor.at_oldest) and not page.end:  # nor is `exclude`
            oldest, at_oldest = oldest - _SECOND, set()
        else:
            at_oldest.update(cursor.at_oldest)
    newest = cursor.newest if cursor else max(when for when, _ in dated)
    return BackfillCursor(newest, oldest, tuple(sorted(at_oldest)), None, end if page.end else BackfillState.IN_PROGRESS)


async def _withdraw(way: Way, cursor: BackfillCursor | None, page: PostsPage, before: Sequence[Story]) -> None:
    """Find out which saved stories of the time a whole page covers are on the portal no longer.

    Raises:
        PortalError: The portal can't be reached.
        ContentError: What came can't be read.
    """
    dates = [story.published for story in page.stories if story.published]
    witness = next((pair for pair in zip(page.stories, page.numbers, strict=True) if pair[1] and pair[0].link), None)
    if way.category is not None or page.warnings or witness is None:
        return
    oldest = (way.floor - _SECOND if way.floor else _FIRST) if page.end else min(dates, default=way.run.clock())
    newest = cursor.oldest + _SECOND if cursor else way.run.clock() + _DAY
    library = way.run.library
    suspects = await asyncio.to_thread(library.not_among, [*page.stories, *before], after=oldest, before=newest)
    if suspects:
        gone = await way.run.portal.api.gone(suspects, witness)
        await asyncio.to_thread(library.withdraw, gone, now=way.run.clock())
        way.run.withdrawn += len(gone)
