"""What was changed on the portal since it was last asked: `modified_after` of wp-json, where that answers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.sync.refresh_job import Run

_NOTE = "edits"
_MAX_PAGES = 10
_MARGIN = timedelta(hours=1)
"""How far portals' clocks may differ from ours, for the first time: after that only theirs is looked at."""
_SECOND = timedelta(seconds=1)


async def read_edits(run: Run) -> None:
    """Bring saved stories up to date that were changed since the last time; others are none of this question's business.

    Where wp-json can't be read now, nothing is noted, so that the next refresh asks for the same and what came meanwhile.
    """
    since = await asyncio.to_thread(run.library.noted, _NOTE)
    if since is not None:
        try:
            for page in range(1, _MAX_PAGES + 1):
                posts = await run.portal.api.posts_page(page=page, modified_after=since - _SECOND)
                if posts is None:
                    return
                changed = [story for story in posts.stories if story.modified and story.modified >= since]
                outdated = await asyncio.to_thread(run.library.outdated, changed)
                if outdated:
                    await run.save(outdated)
                if (
                    posts.end or not changed or len(changed) < len(posts.stories)
                ):  # a WordPress before 5.7 doesn't know `modified_after`
                    break
        except (PortalError, ContentError):
            return
    latest = run.last_change or (run.clock() - _MARGIN)
    if since is None or latest > since:
        await asyncio.to_thread(run.library.note, _NOTE, min(latest, run.clock()))
