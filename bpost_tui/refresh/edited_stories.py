"""Update of saved stories that were edited on the portal since the last refresh.

The edits are read from WordPress's JSON API (wp-json), by its parameter `modified_after`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.model.story import PostsPage, Story
from bpost_tui.refresh.refresh_job import RefreshJob

MAX_PAGES = 10
"""Maximum number of pages of edited stories that a refresh reads. The next refresh continues after them."""
PAGE_STORIES = 100
"""Number of edited stories in a page."""
_EVENT = "edits"
_CLOCK_MARGIN = timedelta(hours=1)
"""Time subtracted from this machine's time before it is saved as the time of the last refresh.

This machine's clock may be ahead of the portal's. The margin is used only if no time by the portal's clock, such as a story's last
change, is known.
"""
_SECOND = timedelta(seconds=1)


async def fetch_edited_stories(job: RefreshJob) -> None:
    """Update the saved stories that were edited on the portal since the last refresh, and save the time for the next refresh.

    If WordPress's API can't be read, no time is saved, so that the next refresh requests the same edits again. If there are more
    edits than a refresh reads, the time of the last edit that was read is saved.
    """
    since, read_to = job.past_event_time(_EVENT), None
    if since is not None:
        try:
            answered, read_to = await _update_oldest_first(job, since)
        except (PortalError, ContentError):
            return
        if not answered:
            return
    until = read_to or job.last_change or (job.clock() - _CLOCK_MARGIN)
    if since is None or until > since:
        await job.writes.write(partial(job.library.fetch_log.set_event_time, _EVENT, min(until, job.clock())))


async def _update_oldest_first(job: RefreshJob, since: datetime) -> tuple[bool, datetime | None]:
    """Update saved stories that were edited on the portal after `since`, page by page, the oldest edit first.

    Return (whether WordPress's API answers, time of the last edit read). The time is None unless edits are left for the next
    refresh, which continues after this time.
    """
    read_to = since
    for page in range(1, MAX_PAGES + 1):
        posts = await _page(job, page, since, oldest_first=True)
        if posts is None:
            return False, None
        changed = _changed(posts, since)
        if page == 1 and len(changed) < len(posts.stories):  # WordPress before 5.7 ignores `modified_after`
            return await _update_newest_first(job, since), None
        await _update(job, changed)
        if posts.end or not changed:
            return True, None
        read_to = max(read_to, *(story.modified for story in changed if story.modified))
    return True, max(read_to, since + _SECOND)  # later than `since`, even if all edits have one time


async def _update_newest_first(job: RefreshJob, since: datetime) -> bool:
    """Update saved stories that were edited on the portal after `since`, the newest edit first.

    Return whether WordPress's API answers.
    """
    for page in range(1, MAX_PAGES + 1):
        posts = await _page(job, page, since, oldest_first=False)
        if posts is None:
            return False
        changed = _changed(posts, since)
        await _update(job, changed)
        if posts.end or len(changed) < len(posts.stories):
            break
    return True


async def _page(job: RefreshJob, page: int, since: datetime, *, oldest_first: bool) -> PostsPage | None:
    after = since - _SECOND  # `modified_after` is exclusive
    return await job.portal.api.posts_page(size=PAGE_STORIES, page=page, modified_after=after, oldest_first=oldest_first)


def _changed(posts: PostsPage, since: datetime) -> list[Story]:
    return [story for story in posts.stories if story.modified and story.modified >= since]


async def _update(job: RefreshJob, changed: Sequence[Story]) -> None:
    outdated = job.library.fetch_log.outdated(changed)
    if outdated:
        await job.save(outdated)
