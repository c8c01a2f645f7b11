"""`categories`, `list` and `unread`: what the library holds, in lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.console import Console
from bpost_tui.cli.context import Context, listings
from bpost_tui.cli.story_lists import chosen_filter, column, print_rows, require_category
from bpost_tui.i18n import Language
from bpost_tui.model.story import CategoryCount, Headline, ListFilter
from bpost_tui.reading.json_output import as_json, category, headline

if TYPE_CHECKING:
    from bpost_tui.store.library import Library


def list_(context: Context, console: Console) -> int:
    """Print saved stories, newest first."""
    options = context.options
    if options.query is not None:
        from bpost_tui.cli.search import list_found

        return list_found(context, console)
    list_filter = chosen_filter(options)
    with context.library(console) as library:
        rows = _rows(context, library, list_filter)
        if not rows:
            require_category(library, list_filter.category)
        empty = not rows and library.is_empty()
    if options.json:
        console.result(as_json([headline(row) for row in rows]))
        return 0
    if empty:
        console.note(
            context.language.text("Nothing is saved yet. `bpost refresh` fetches the news, `bpost demo` opens the sample edition.")
        )
    print_rows(context, console, rows)
    return 0


def categories_(context: Context, console: Console) -> int:
    """Print the categories with how many of their stories are unread and saved."""
    with context.library(console) as library:
        counts = library.categories()
    if context.options.json:
        console.result(as_json([category(count) for count in counts]))
        return 0
    for line in _category_lines(counts, context.language):
        console.result(line)
    return 0


def unread_(context: Context, console: Console) -> int:
    """Print how many stories are unread."""
    with context.library(console) as library:
        shows_muted = context.options.muted or not context.settings.mute
        count = library.unread_count() if shows_muted else listings(context, library).categories()[0].unread
    line = context.language.plural("{n} unread story", "{n} unread stories", count)
    console.result(str(count) if context.options.count else line)
    return 0


def _rows(context: Context, library: Library, list_filter: ListFilter) -> Sequence[Headline]:
    limit = context.options.limit
    if context.options.muted or not context.settings.mute:
        return library.headlines(list_filter, limit=limit)
    return listings(context, library).headlines(list_filter, limit)


def _category_lines(counts: Sequence[CategoryCount], language: Language) -> list[str]:
    unread = column([language.number(count.unread) for count in counts], right=True)
    total = column([language.number(count.total) for count in counts], right=True)
    slugs = column([count.category.slug for count in counts])
    return [
        f"{new} / {all_}  {slug}  {count.category.name}"
        for new, all_, slug, count in zip(unread, total, slugs, counts, strict=True)
    ]
