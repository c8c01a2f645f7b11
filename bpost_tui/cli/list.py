"""Verbs `categories`, `list`, `search` and `unread`: print saved stories, categories and unread counts, a line each.

In terminals that can show pixels, headlines are typeset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.command_context import CommandContext, clock, listings, mutes, outlook, papers
from bpost_tui.cli.shared.story_table import (
    chosen_filter,
    chosen_filters,
    chosen_rows,
    column,
    newest,
    note_query,
    note_search,
    note_unfollowed,
    paper_labels,
    require_category,
    snippet_pieces,
    story_lines,
)
from bpost_tui.console import Console
from bpost_tui.core.json_api import category_to_json, headline_to_json, hit_to_json, json_array_lines
from bpost_tui.core.lists.list_source import AllNewsSource
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language, message
from bpost_tui.model.story import CategoryCount, Headline, ListFilter
from bpost_tui.typesetting.text.graphemes import truncate_words

if TYPE_CHECKING:
    from bpost_tui.model.search_values import Hit
    from bpost_tui.store.library import Library
    from bpost_tui.store.search.story_search import SearchResult

_INDENT = "    "


def list_(context: CommandContext, console: Console) -> int:
    """Print saved stories, newest first, filtered by the options; return the exit status, 0.

    Raises NotFoundError if an option names a category, list or group that doesn't exist, and if a query finds nothing.
    """
    options = context.options
    if options.query is not None and options.since is None:
        return _list_search_results(context, console)
    with context.library(console) as library:
        note_query(context, console, library, options.query)
        rows = _rows(context, library)
        paper_list = papers(context, library)
        if not rows:
            require_category(library, options.category)
        empty = not rows and library.count(ListFilter()) == 0
    if empty and not options.json:
        console.write_note(
            context.language.text("Nothing is saved yet. `bpost refresh` fetches the news, `bpost demo` opens the sample edition.")
        )
    if options.json:
        _write_json(console, (headline_to_json(row, paper_list.all_names()) for row in rows))
    else:
        _print_rows(context, console, rows, paper_labels(rows, paper_list))
        note_unfollowed(rows, paper_list, console)
    return _ended(rows) if options.query else 0


def categories_(context: CommandContext, console: Console) -> int:
    """Print the categories with their numbers of unread and saved stories; return the exit status, 0."""
    with context.library(console) as library:
        counts = library.categories()
        paper_list = papers(context, library)
    if context.options.json:
        _write_json(console, (category_to_json(count, paper_list.names()) for count in counts))
        return 0
    for line in _category_lines(counts, context.language, paper_list):
        console.write_result(line)
    return 0


def unread_(context: CommandContext, console: Console) -> int:
    """Print the number of unread stories; return the exit status, 0. With several papers, also print the number for each."""
    language, is_number = context.language, context.options.count
    with context.library(console) as library:
        shows_muted = context.options.muted or not context.has_mutes(library)
        counts = () if shows_muted else listings(context, library).categories(outlook(context, library)).rows
        unread = counts[0].unread if counts else library.unread_count()
        paper_list = papers(context, library)
    console.write_result(str(unread) if is_number else language.plural("{n} unread story", "{n} unread stories", unread))
    if paper_list.are_several and not is_number:
        without_muted = {row.paper: row.unread for row in counts if isinstance(row.source, AllNewsSource)}
        of_each = [language.number(without_muted.get(count.paper.key, count.unread)) for count in paper_list.all]
        for new, name in zip(column(of_each, right=True), paper_list.names().values(), strict=True):
            console.write_result(f"{new}  {name}")
    return 0


def search_(context: CommandContext, console: Console) -> int:
    """Print the stories that a query finds, the best match first, each with a snippet of its text; return the exit status, 0.

    Raises NotFoundError if it finds none.
    """
    options = context.options
    result, paper_list = _result(context, console, " ".join(options.query), is_list=False)
    rows = [each.headline for each in result.hits]
    if options.json:
        _write_json(console, (hit_to_json(each, paper_list.all_names()) for each in result.hits))
    elif not _print_in_type(context, console, rows, paper_labels(rows, paper_list), result.hits):
        lines = story_lines(rows, context.language, console.cells, paper_labels(rows, paper_list))
        for line, each in zip(lines, result.hits, strict=True):
            console.write_result(line)
            if each.snippet:
                snippet = _INDENT + "".join(f"[{piece}]" if is_match else piece for piece, is_match in snippet_pieces(each))
                console.write_result(snippet if console.cells is None else truncate_words(snippet, console.cells))
    if not options.json:
        note_unfollowed(rows, paper_list, console)
    return _ended(result.hits)


def _list_search_results(context: CommandContext, console: Console) -> int:
    """Print the stories that a query finds, newest first, filtered by the other options of `list`; return the exit status, 0.

    Raises NotFoundError if it finds none.
    """
    options = context.options
    result, paper_list = _result(context, console, options.query, is_list=True)
    rows = [each.headline for each in result.hits]
    if options.json:
        _write_json(console, (headline_to_json(row, paper_list.all_names()) for row in rows))
    else:
        _print_rows(context, console, rows, paper_labels(rows, paper_list))
        note_unfollowed(rows, paper_list, console)
    return _ended(result.hits)


def _write_json(console: Console, values: Iterable[object]) -> None:
    for lines in json_array_lines(values):
        console.write_result(lines)


def _result(context: CommandContext, console: Console, query: str, *, is_list: bool) -> tuple[SearchResult, PaperList]:
    """Return the stories that `query` finds, and the session's papers. Print notes on how the query was understood.

    If `is_list`, the stories are sorted by date, and only the stories that the options of `list` select are searched.
    """
    with context.library(console) as library:
        within = chosen_filter(context, library) if is_list else ListFilter()
        result = library.search.find(query, limit=context.options.limit, now=clock(), by_date=is_list, within=within)
        paper_list = papers(context, library)
        if not result.hits:
            require_category(library, within.category)
    note_search(context, console, result)
    return result, paper_list


def _ended(found: Sequence[Hit | Headline]) -> int:
    if not found:
        raise NotFoundError(message("Nothing found"))
    return 0


def _rows(context: CommandContext, library: Library) -> Sequence[Headline]:
    limit, since = context.options.limit, context.options.since
    if since is not None:
        return chosen_rows(context, library, since)[:limit]
    filters = chosen_filters(library, chosen_filter(context, library))
    if context.options.muted or not context.has_mutes(library):
        lists = [library.headlines(each, limit=limit) for each in filters]
    else:
        listed, muted = listings(context, library), mutes(context, library)
        lists = [listed.headlines(muted, each, limit) for each in filters]
    return tuple(newest(lists))[:limit]


def _category_lines(counts: Sequence[CategoryCount], language: Language, paper_list: PaperList) -> list[str]:
    """Return a line for each category in `counts`. If there are several papers, each line ends with the paper's name."""
    unread = column([language.number(count.unread) for count in counts], right=True)
    total = column([language.number(count.total) for count in counts], right=True)
    slugs = column([count.category.slug for count in counts])
    names = [count.category.name for count in counts]
    if paper_list.are_several:
        names = [f"{name}  {paper_list.name(count.paper)}" for name, count in zip(column(names), counts, strict=True)]
    return [f"{new} / {all_}  {slug}  {name}" for new, all_, slug, name in zip(unread, total, slugs, names, strict=True)]


def _print_rows(context: CommandContext, console: Console, rows: Sequence[Headline], papers: Mapping[str, str]) -> None:
    """Print headlines: typeset if the terminal can show pixels and the reader hasn't chosen plain text, otherwise as lines of text.

    `papers` maps papers' keys to names to print with the headlines.
    """
    if not _print_in_type(context, console, rows, papers):
        for line in story_lines(rows, context.language, console.cells, papers):
            console.write_result(line)
    if console.cells and rows:
        console.write_note(context.language.text("Use these numbers: `bpost show {id}`, `bpost read {id}`", id=str(rows[0].id)))


def _print_in_type(
    context: CommandContext, console: Console, rows: Sequence[Headline], papers: Mapping[str, str], hits: Sequence[Hit] = ()
) -> bool:
    """Print headlines typeset, each with its snippet if `hits` are given. `papers` maps papers' keys to names to print with them.

    Print nothing and return False if this terminal can't show pixels, or if the reader chose plain text.
    """
    if console.cells and not context.plain:
        from bpost_tui.cli.shared.typeset_output import rows_in_type  # 25 ms, and only for a terminal

        if (lines := rows_in_type(context, rows, papers, hits, console.cells)) is not None:
            for line in lines:
                console.picture(line)
            return True
    return False
