"""`refresh`: fetch what is new, with a bar while it lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.console import Console
from bpost_tui.cli.context import Context, clock
from bpost_tui.errors import ContentError, UsageError
from bpost_tui.i18n import Language
from bpost_tui.model.durations import age
from bpost_tui.reading.json_output import as_json

if TYPE_CHECKING:
    from bpost_tui.store.library import Library
    from bpost_tui.sync import Failed, Finished, Progress, SyncEvent


def refresh_(context: Context, console: Console) -> int:
    """Fetch, and print what came of it."""
    finished = asyncio.run(_refresh(context, console))
    if context.options.json:
        errors = [{"address": failure.address, "reason": failure.reason} for failure in finished.errors]
        counts = {name: getattr(finished, name) for name in ("fetched", "new", "updated", "withdrawn")}
        told = {**counts, "errors": errors}
        console.result(as_json(told))
        return _status(finished)
    # the same hint once, however many addresses it helps with
    for hint in dict.fromkeys(failure.error.hint for failure in finished.errors if failure.error and failure.error.hint):
        console.note(context.language.reason(hint))
    if finished.fetched or not _status(finished):
        console.result(_summary(finished, context.language))
    return _status(finished)


async def _refresh(context: Context, console: Console) -> Finished:
    from bpost_tui.portal.portal import Portal  # 63 ms, httpx
    from bpost_tui.sync import Back, Plan, refresh

    options = context.options
    back = Back(options.since) if options.since or options.pages is None else None
    plan = Plan(tuple(options.category), options.pages or 1, options.full, back, age(context.settings.keep))
    with context.library(console) as library:
        async with Portal(context.settings.portal, offline=context.offline) as portal:
            came: list[int] = []
            finished = await follow(refresh(portal, library, plan, clock=clock), context, console, came)
        if came and not back:
            tell_hook(context, console, library, came)
    return finished


def tell_hook(context: Context, console: Console, library: Library, stories: Sequence[int]) -> None:
    """Tell the reader's own program of new stories, where there is one; that it fails is a line, and no failure of the refresh."""
    command = context.settings.hooks.get("new_stories", ())
    if not command:
        return
    from bpost_tui.reading.external_commands import run_hook

    try:
        run_hook(command, [library.headline(story) for story in stories])
    except UsageError as error:
        console.note(f"hooks.new_stories: {context.language.reason(error.message)}")


async def follow(events: AsyncGenerator[SyncEvent], context: Context, console: Console, came: list[int] | None = None) -> Finished:
    """Tell a refresh's events as they come, and return the last; `came` gets the numbers of new stories."""
    from bpost_tui.sync import Failed, Finished, Progress, Stored

    finished = Finished(0, 0, 0)
    async for event in events:
        match event:
            case Progress():
                console.progress(event.done, event.steps, _step(event, context.language))
            case Failed():
                console.clear_progress()
                console.note(failure(event, context.language))
            case Stored() if came is not None:
                came += event.new
            case Finished():
                finished = event
    console.clear_progress()
    return finished


def _step(step: Progress, language: Language) -> str:
    """Return what is being done: how far one is on the way back, or which address is being asked."""
    if not step.back:
        return step.address
    told = language.progress(step.done, step.steps, stories=step.stories)
    return told if step.left_s is None else f"{told} · {language.time_left(step.left_s)}"


def failure(failure: Failed, language: Language) -> str:
    """Return what went wrong in one line, with its address."""
    reason = language.reason(failure.reason)
    return reason if failure.address in reason else f"{failure.address}: {reason}"


def _status(finished: Finished) -> int:
    """Return that of the first address of which nothing came; what was read in part is no success either, though it is saved."""
    failed = next((failure.error for failure in finished.errors if failure.error), None)
    if failed:
        return failed.exit_code
    return ContentError.exit_code if finished.errors else 0


def _summary(finished: Finished, language: Language) -> str:
    parts = [language.plural("{n} new story", "{n} new stories", finished.new) if finished.new else language.text("Nothing new")]
    parts += [language.text("{n} updated", n=finished.updated)] if finished.updated else []
    parts += [language.text("{n} withdrawn on the portal", n=finished.withdrawn)] if finished.withdrawn else []
    return ", ".join(parts)
