"""Verb `fetch`: fetches the offline pack, which is everything needed to read without a network."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.cli.library import format_size
from bpost_tui.cli.refresh import print_failure, refresh_library
from bpost_tui.cli.shared.command_context import CommandContext, clock
from bpost_tui.cli.shared.story_table import all_rows, note_query
from bpost_tui.console import Console
from bpost_tui.core.json_api import to_json_text
from bpost_tui.core.lists.subscriptions import paper_plans
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language, message
from bpost_tui.model.story import Headline, ListFilter

if TYPE_CHECKING:
    from bpost_tui.refresh import RefreshResult
    from bpost_tui.refresh.offline_pack import PackResult, PackStep
    from bpost_tui.store.library import Library

_USUAL_AGE = timedelta(days=7)
"""Maximum age of the stories whose texts and pictures are fetched, unless the options give another age."""


def fetch_(context: CommandContext, console: Console) -> int:
    """Fetch new stories, then the missing texts and pictures of the selected stories, and print a summary.

    Return the exit status of the refresh that fetched new stories, or of the first error while texts and pictures were fetched; 0
    if there was none. Raises NotFoundError if the options select no stories, unless an error while new stories were fetched may be
    the reason.
    """
    finished, status, packed = log.run_loop(_fetch(context, console))
    error = finished.error or packed.error
    if context.options.json:
        counts = {name: getattr(packed, name) for name in ("stories", "texts", "pictures", "sent_bytes", "missing", "left_out")}
        console.write_result(to_json_text({"new": finished.new, **counts, "complete": error is None}))
    else:
        if error is not None and error.hint:
            console.write_note(context.language.reason(error.hint))
        if packed.stories:
            console.write_result(_summary(finished, packed, context))
    if error is None and not packed.stories:
        raise NotFoundError(message("Nothing found"))
    return status or (packed.error.exit_code if packed.error is not None else 0)


async def _fetch(context: CommandContext, console: Console) -> tuple[RefreshResult, int, PackResult]:
    from bpost_tui.picture_store import PictureStore
    from bpost_tui.refresh import FetchFailure
    from bpost_tui.refresh.offline_pack import PackEstimate, PackResult, PackStep, fetch_offline_pack
    from bpost_tui.refresh.portal_pool import PortalPool

    options = context.options
    since = options.since or (None if options.category or options.query else clock() - _USUAL_AGE)
    with context.library(console) as library:
        store = PictureStore(
            context.folder, max_bytes=context.settings.pictures_mb << 20, marked=lambda: library.maintenance.marked_pictures()
        )
        finished, status = await refresh_library(library, context, console)
        note_query(context, console, library, options.query)
        stories = _chosen_ids(library, context, since)
        packed = PackResult(len(stories))
        if not stories:
            return finished, status, packed
        plans = paper_plans(context.subscriptions, context.settings)
        async with PortalPool(plans, library, offline=context.offline, clock=clock) as portals:
            async for event in fetch_offline_pack(
                portals, library, store, stories, texts=options.full, pictures=options.images, clock=clock
            ):
                match event:
                    case PackEstimate(count, texts, pictures, about_bytes):
                        if texts or pictures:
                            console.write_note(_estimated(count, texts, pictures, about_bytes, context.language))
                    case PackStep():
                        console.progress(event.done, event.steps, _step(event, context.language))
                    case FetchFailure():
                        print_failure(event, context, console)
                    case PackResult():
                        packed = event
        console.clear_progress()
        return finished, status, packed


def _chosen_ids(library: Library, context: CommandContext, since: datetime | None) -> list[int]:
    """Return the ids of the stories that the options select, published at `since` or later, or at any time if `since` is None.

    Each id is returned once, the newest first. Exception: if the options name several categories and no query, the stories of one
    category come after all stories of the category before it.
    """
    slugs, query = context.options.category, context.options.query

    def is_new(row: Headline) -> bool:
        return since is None or row.published >= since

    if query:
        found = filter(is_new, map(library.headline, library.search.story_ids(query, now=clock())))
        rows = (row for row in found if not slugs or any(category.slug in slugs for category in row.categories))
    else:
        filters = [ListFilter(category=slug) for slug in slugs] or [ListFilter()]
        rows = (row for each in filters for row in takewhile(is_new, all_rows(library, each)))
    return list(dict.fromkeys(row.id for row in rows))


def _estimated(stories: int, texts: int, pictures: int, about_bytes: int, language: Language) -> str:
    parts = [language.plural("{n} story", "{n} stories", stories)]
    parts += [language.plural("{n} text to fetch", "{n} texts to fetch", texts)] if texts else []
    if pictures:
        count = language.plural("{n} picture to fetch", "{n} pictures to fetch", pictures)
        parts.append(f"{count} ({language.text('about {size}', size=format_size(about_bytes, language))})")
    return " · ".join(parts)


def _step(step: PackStep, language: Language) -> str:
    count = language.text("{n} of {all}", n=step.done + 1, all=step.steps)
    return " · ".join(
        part for part in (count, format_size(step.sent_bytes, language) if step.sent_bytes else "", step.address) if part
    )


def _summary(finished: RefreshResult, packed: PackResult, context: CommandContext) -> str:
    """Return a summary of a refresh (`finished`) and of the offline pack fetched after it (`packed`).

    The summary has the numbers of stories, of fetched texts and pictures, and of pictures that couldn't be fetched or saved.
    """
    language, text = context.language, context.language.text
    parts = [language.plural("{n} story", "{n} stories", packed.stories)]
    parts += [text("{n} new", n=finished.new)] if finished.new else []
    parts += [language.plural("{n} text fetched", "{n} texts fetched", packed.texts)] if packed.texts else []
    if packed.pictures:
        count = language.plural("{n} picture fetched", "{n} pictures fetched", packed.pictures)
        parts.append(f"{count} ({format_size(packed.sent_bytes, language)})")
    parts += [language.plural("{n} picture not available", "{n} pictures not available", packed.missing)] if packed.missing else []
    lines = [", ".join(parts)]
    if packed.left_out:
        room = text("The space for pictures is full (pictures_mb = {mb})", mb=context.settings.pictures_mb)
        lines.append(f"{room}: {language.plural('{n} picture not saved', '{n} pictures not saved', packed.left_out)}")
    if packed.error is not None:
        lines.append(text("Incomplete: run the same command again to continue"))
    return "\n".join(lines)
