"""Verb `refresh`: fetches new stories, with a progress bar."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.cli.shared.command_context import CommandContext, clock, listings, mutes, papers, sync_local_marks
from bpost_tui.config import PortalSetting
from bpost_tui.console import Console
from bpost_tui.core.after_refresh import after_refresh
from bpost_tui.core.json_api import to_json_text
from bpost_tui.core.session_config import steps_after
from bpost_tui.errors import ContentError, NotFoundError
from bpost_tui.i18n import Language
from bpost_tui.model.durations import parse_age
from bpost_tui.model.paper import paper_at

if TYPE_CHECKING:
    from bpost_tui.refresh import FetchFailure, PaperPlan, RefreshPlan, RefreshProgress, RefreshResult
    from bpost_tui.store.library import Library


def refresh_(context: CommandContext, console: Console) -> int:
    """Fetch new stories, print a summary, and return the exit status."""
    return log.run_loop(_refresh(context, console))[1]


def _print_result(result: RefreshResult, context: CommandContext, console: Console) -> None:
    if context.options.json:
        errors = [{"address": failure.address, "reason": failure.reason, "paper": failure.paper} for failure in result.errors]
        counts = {name: getattr(result, name) for name in ("fetched", "new", "updated", "withdrawn")}
        console.write_result(to_json_text({**counts, "errors": errors}))
        return
    # each hint once, even if several addresses have it
    for hint in dict.fromkeys(failure.error.hint for failure in result.errors if failure.error and failure.error.hint):
        console.write_note(context.language.reason(hint))
    if result.fetched or not _status(result):
        console.write_result(_summary(result, context.language))


async def _refresh(context: CommandContext, console: Console) -> tuple[RefreshResult, int]:
    options, report = context.options, partial(_print_result, context=context, console=console)
    with context.library(console) as library:
        return await refresh_library(library, context, console, pages=options.pages, notifies=options.notify, report=report)


def _plans(plan: RefreshPlan, settings: Sequence[PortalSetting], library: Library) -> list[PaperPlan]:
    """Return a plan for each paper in `settings`: a copy of `plan` with the categories to fetch from the paper.

    If `plan` names no categories, the copies have each paper's categories in the config. Otherwise, they have those named
    categories that the library knows of the paper; a paper without any of them gets no plan. If there is only one paper, it gets
    `plan` unchanged, and so does the first paper if no paper has any of the categories.
    """
    from bpost_tui.refresh import PaperPlan

    every = [PaperPlan(paper_at(each.address, each.name), plan, each.kind, text_selector=each.text) for each in settings]
    if not plan.categories:
        return [each._replace(plan=plan._replace(categories=named.categories)) for each, named in zip(every, settings, strict=True)]
    if len(every) == 1:
        return every
    plans = []
    for each in every:
        known = {count.category.slug for count in library.for_paper(each.paper).categories()}
        if slugs := tuple(slug for slug in plan.categories if slug in known):
            plans.append(each._replace(plan=plan._replace(categories=slugs)))
    return plans or every[:1]


def _notify(context: CommandContext, console: Console, library: Library, stories: Sequence[int]) -> None:
    """Show a desktop notification of the new `stories` (ids), or print that this machine has no notifications."""
    from bpost_tui.core.new_story_notices import new_story_notice
    from bpost_tui.desktop import notification_command, run_notification_command

    read = listings(context, library)
    if not (body := new_story_notice(read, mutes(context, library), stories, context.settings.notify or None)):
        return
    command = notification_command(papers(context, library).title(), body, os.environ)
    if command is None:
        console.write_note(context.language.text("No desktop notifications here: they need a display and `notify-send`"))
    else:
        run_notification_command(command)


async def refresh_library(
    library: Library,
    context: CommandContext,
    console: Console,
    *,
    pages: int | None = 1,
    notifies: bool = False,
    report: Callable[[RefreshResult], object] = lambda _: None,
) -> tuple[RefreshResult, int]:
    """Refresh the papers, sync marks, run the reader's hook (a command in the config), and notify the reader if `notifies`.

    Progress and all failures are printed. Return the result of the refresh and the exit status, which is 4 if nothing but a
    sync of marks failed.

    Args:
        library: Library to save into.
        context: Context of the verb. Its options name the categories to read (those in the config if they name none), the date of
            the oldest stories to read, and whether to fetch full texts.
        console: Console to print to.
        pages: Number of pages to read of each feed, or None to read all old stories.
        notifies: Whether to show a desktop notification of new stories.
        report: Function that reports the result. It is called after the sync, the hook and the notification, but before the stories
            are indexed and grouped.
    """
    from bpost_tui.refresh import BackfillRequest, FetchFailure, RefreshPlan, RefreshProgress, RefreshResult, SavedBatch
    from bpost_tui.refresh.library_refresh import refresh_papers

    options = context.options
    back = BackfillRequest(options.since) if options.since or pages is None else None
    plan = RefreshPlan(tuple(options.category), pages or 1, options.full, back, parse_age(context.settings.keep))
    is_synced = sync_local_marks(context, library, console)  # first, or stories starred elsewhere would be removed
    plans = _plans(plan, context.settings.papers, library)
    new: list[int] = []
    result = RefreshResult(0, 0, 0)
    async with aclosing(refresh_papers(plans, library, offline=context.offline, clock=clock)) as events:
        async for event in events:
            match event:
                case RefreshProgress():
                    console.progress(event.done, event.steps, _step(event, context.language))
                case FetchFailure():
                    print_failure(event, context, console)
                case SavedBatch():
                    new += event.new
                case RefreshResult():
                    console.clear_progress()
                    result = event
                    steps = steps_after(context.session_config(), library, result, local=is_synced, hook=plan.backfill is None)
                    if notifies:
                        steps = steps._replace(notify=partial(_notify, context, console, library))
                    failures = after_refresh(library, new, steps)
                    for error in (*failures.syncs, *failures.hook):
                        console.write_note(context.language.reason(error))
                    is_synced = is_synced and not failures.syncs
                    report(result)
    console.clear_progress()
    return result, _status(result) or (0 if is_synced else ContentError.exit_code)


def _step(step: RefreshProgress, language: Language) -> str:
    """Return the current step as text: the progress of a backfill (fetching older stories), or the requested address."""
    if not step.is_backfill:
        return step.address
    progress = language.progress(step.done, step.steps, stories=step.counts_stories)
    return progress if step.remaining_s is None else f"{progress} · {language.time_left(step.remaining_s)}"


def print_failure(failed: FetchFailure, context: CommandContext, console: Console) -> None:
    """Print `failed`, a failure of a refresh, as one line.

    The requested address is added, unless the reason contains it, or nothing exists at that address.
    """
    reason = context.language.reason(failed.reason)
    named = failed.address in reason or isinstance(failed.error, NotFoundError)
    console.clear_progress()
    console.write_note(reason if named else f"{failed.address}: {reason}")


def _status(result: RefreshResult) -> int:
    """Return the exit status for the result of a refresh: the first error's, or 4 if a response was read only partly, else 0."""
    if result.error:
        return result.error.exit_code
    return ContentError.exit_code if result.errors else 0


def _summary(result: RefreshResult, language: Language) -> str:
    parts = [language.plural("{n} new story", "{n} new stories", result.new) if result.new else language.text("Nothing new")]
    parts += [language.text("{n} updated", n=result.updated)] if result.updated else []
    parts += [language.text("{n} withdrawn by the portal", n=result.withdrawn)] if result.withdrawn else []
    return ", ".join(parts)
