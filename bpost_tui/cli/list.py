"""`categories`, `list` and `unread`: what the library holds, in lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.console import Console
from bpost_tui.cli.shared.context import Context, listings, mutes, outlook, papers
from bpost_tui.cli.shared.printed_rows import print_rows
from bpost_tui.cli.shared.story_lists import chosen_filter, chosen_filters, chosen_rows, column, mixed, newest, require_category
from bpost_tui.i18n import Language
from bpost_tui.model.story import CategoryCount, Headline, ListFilter
from bpost_tui.reading.lists.papers import Papers
from bpost_tui.reading.lists.source import AllNews
from bpost_tui.reading.passing_on.json_output import as_json, category, headline

if TYPE_CHECKING:
    from bpost_tui.store.library import Library


def list_(context: Context, console: Console) -> int:
    """Print saved stories, newest first."""
    options = context.options
    if options.query is not None and options.since is None:
        from bpost_tui.cli.search import list_found

        return list_found(context, console)
    with context.library(console) as library:
        rows = _rows(context, library)
        read = papers(context, library)
        if not rows:
            require_category(library, options.category)
        empty = not rows and library.count(ListFilter()) == 0
    if options.json:
        console.result(as_json([headline(row, read.names()) for row in rows]))
        return 0
    if empty:
        console.note(
            context.language.text("Nothing is saved yet. `bpost refresh` fetches the news, `bpost demo` opens the sample edition.")
        )
    print_rows(context, console, rows, mixed(rows, read))
    return 0


def categories_(context: Context, console: Console) -> int:
    """Print the categories with how many of their stories are unread and saved."""
    with context.library(console) as library:
        counts = library.categories()
        read = papers(context, library)
    if context.options.json:
        console.result(as_json([category(count, read.names()) for count in counts]))
        return 0
    for line in _category_lines(counts, context.language, read):
        console.result(line)
    return 0


def unread_(context: Context, console: Console) -> int:
    """Print how many stories are unread; of several papers, in each of them, too."""
    language, is_number = context.language, context.options.count
    with context.library(console) as library:
        shows_muted = context.options.muted or not context.mutes(library)
        counts = () if shows_muted else listings(context, library).categories(outlook(context, library)).rows
        unread = counts[0].unread if counts else library.unread_count()
        read = papers(context, library)
    console.result(str(unread) if is_number else language.plural("{n} unread story", "{n} unread stories", unread))
    if read.are_several and not is_number:
        audible = {row.paper: row.unread for row in counts if isinstance(row.source, AllNews)}
        of_each = [language.number(audible.get(count.paper.key, count.unread)) for count in read.all]
        for new, name in zip(column(of_each, right=True), read.names().values(), strict=True):
            console.result(f"{new}  {name}")
    return 0


def _rows(context: Context, library: Library) -> Sequence[Headline]:
    limit, since = context.options.limit, context.options.since
    if since is not None:
        return chosen_rows(context, library, since)[:limit]
    filters = chosen_filters(library, chosen_filter(context, library))
    if context.options.muted or not context.mutes(library):
        lists = [library.headlines(each, limit=limit) for each in filters]
    else:
        read, muted = listings(context, library), mutes(context, library)
        lists = [read.headlines(muted, each, limit) for each in filters]
    return tuple(newest(lists))[:limit]


def _category_lines(counts: Sequence[CategoryCount], language: Language, read: Papers) -> list[str]:
    """Return a line for each category; where there are several papers, with the paper's name at its end."""
    unread = column([language.number(count.unread) for count in counts], right=True)
    total = column([language.number(count.total) for count in counts], right=True)
    slugs = column([count.category.slug for count in counts])
    names = [count.category.name for count in counts]
    if read.are_several:
        names = [f"{name}  {read.name(count.paper)}" for name, count in zip(column(names), counts, strict=True)]
    return [f"{new} / {all_}  {slug}  {name}" for new, all_, slug, name in zip(unread, total, slugs, names, strict=True)]
