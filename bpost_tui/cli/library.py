"""Verb `library`: prints statistics, checks files, frees space, removes old stories."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.command_context import CommandContext, clock
from bpost_tui.cli.shared.progress_bar import ProgressBar
from bpost_tui.console import Console
from bpost_tui.core.json_api import format_time, to_json_text
from bpost_tui.errors import StoreError, UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.model.durations import parse_age, time_before
from bpost_tui.model.library_results import LibraryStats

if TYPE_CHECKING:
    from bpost_tui.mark_sync.folder_peer import FolderSyncStatus
    from bpost_tui.store.library import Library

_VERIFY_NICENESS = 5
"""Niceness (low priority) of the process of `bpost library verify`, which computes for minutes.

On a busy machine, other processes of bpost are then served first. The niceness isn't higher, because a repair may follow, and marks
can't be saved until it ends.
"""


def library_(context: CommandContext, console: Console) -> int:
    """Run the task of `bpost library` that the arguments name, and return the exit status.

    The status is 5 if `verify` finds damage, even if it then repairs the damage.
    """
    return {"stats": _stats, "verify": _verify, "compact": _compact, "prune": _prune}[context.options.task](context, console)


def _stats(context: CommandContext, console: Console) -> int:
    with context.library(console) as library:
        stats, refreshed = library.maintenance.stats(), library.last_refresh()
        machines = _folder_status(context, library)
    if context.options.json:
        figures = {name: format_time(value) if isinstance(value, datetime) else value for name, value in stats._asdict().items()}
        shared = {} if machines is None else {"sync_folder": {**machines._asdict(), "folder": str(machines.folder)}}
        console.write_result(to_json_text({**figures, "refreshed": format_time(refreshed) if refreshed else None, **shared}))
    else:
        lines = (
            *_lines(stats, refreshed, context.language),
            *_machine_lines(machines, context.language),
        )
        console.write_result("\n".join(lines))
    return 0


def _folder_status(context: CommandContext, library: Library) -> FolderSyncStatus | None:
    """Return the state of syncing with the folder through which machines exchange marks; None if the config names no folder."""
    if not context.settings.sync_folder:
        return None
    from bpost_tui.mark_sync.folder_peer import folder_sync_status  # 5 ms

    return folder_sync_status(library, Path(context.settings.sync_folder))


def _machine_lines(machines: FolderSyncStatus | None, language: Language) -> Iterator[str]:
    if machines is None:
        return
    yield f"{language.text('Sync folder')}: {machines.folder}"
    yield f"{language.text('Other machines')}: {', '.join(machines.machines) or language.text('none')}"
    if machines.waiting:
        yield language.text("Some of your marks aren't in the sync folder yet")
    yield from (f"  · {language.reason(problem)}" for problem in machines.problems)


def _lines(stats: LibraryStats, refreshed: datetime | None, language: Language) -> Iterator[str]:
    text, number = language.text, language.number
    dates = [language.date(each) for each in (stats.oldest, stats.newest) if each]
    rows = (
        (text("Stories"), f"{number(stats.stories)} ({text('{n} complete', n=stats.full)})"),
        (text("Published"), " – ".join(dict.fromkeys(dates))),
        (text("Categories with stories"), number(stats.categories)),
        (text("Unread"), number(stats.unread)),
        (text("Starred"), number(stats.starred)),
        (text("Read later"), number(stats.later)),
        (text("Groups of the same news"), number(stats.groups)),
        (text("Earlier versions"), number(stats.revisions)),
        (text("Withdrawn by the portal"), number(stats.withdrawn)),
        (text("Stories with marks"), number(stats.marked)),
        (text("Last fetched"), language.age(refreshed, clock()) if refreshed else text("never")),
        *((name, format_size(n_bytes, language)) for name, n_bytes in stats.sizes.items()),
    )
    yield from (f"{label}: {value}" for label, value in rows if value)


def _verify(context: CommandContext, console: Console) -> int:
    os.nice(_VERIFY_NICENESS)
    with context.library(console) as library:
        problems = library.maintenance.verify()
        stats = library.maintenance.stats()
        checked = {"stories": stats.stories, "groups": stats.groups, "marked": stats.marked}
        if context.options.json:
            console.write_result(to_json_text({"sound": not problems, "problems": list(problems), "checked": checked}))
        else:
            line = message(
                "Checked: {stories} stories with their texts and lists, the marks of {marked} stories, {groups} groups of the same "
                "news, and the search index"
            )
            text, reason = context.language.text, context.language.reason
            console.write_result("\n".join((text(line, **checked), *map(reason, problems or (text("No problems found"),)))))
        if problems:
            library.maintenance.repair()
    return StoreError.exit_code if problems else 0


def _compact(context: CommandContext, console: Console) -> int:
    with context.library(console) as library:
        before = sum(library.maintenance.stats().sizes.values())
        with ProgressBar(console, context.language) as progress:
            library.maintenance.compact(progress.update)
        after = sum(library.maintenance.stats().sizes.values())
    if context.options.json:
        console.write_result(to_json_text({"before_bytes": before, "after_bytes": after}))
    else:
        console.write_result(f"{format_size(before, context.language)} → {format_size(after, context.language)}")
    return 0


def _prune(context: CommandContext, console: Console) -> int:
    older = context.options.older_than or parse_age(context.settings.keep)
    if older is None:
        raise UsageError(message("prune needs an age"), hint=message("Use --older-than 2y, or set `keep` in the config."))
    before, dry = time_before(clock(), older), context.options.dry_run
    with context.library(console) as library:
        count = library.maintenance.count_prunable(before)
        if not dry:
            with ProgressBar(console, context.language) as progress:
                count = library.maintenance.prune(before, lambda done: progress.update_stories(done, max(done, count)))
    if context.options.json:
        console.write_result(
            to_json_text({"pruned": 0 if dry else count, "prunable": count if dry else 0, "before": format_time(before)})
        )
        return 0
    language = context.language
    if dry:
        removed = language.plural("{n} story would be removed", "{n} stories would be removed", count)
    else:
        removed = language.plural("{n} story removed", "{n} stories removed", count)
    condition = language.text("published before {date}, neither starred nor in Read later or a list", date=language.date(before))
    console.write_result(f"{removed}: {condition}")
    return 0


def format_size(n_bytes: int, language: Language) -> str:
    """Return a number of bytes in megabytes, or in kilobytes if it is below 10 MB, as text."""
    return f"{language.number(n_bytes >> 20)} MB" if n_bytes >= 10 << 20 else f"{language.number(-(-n_bytes // 1024))} kB"
