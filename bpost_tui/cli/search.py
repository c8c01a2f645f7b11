"""`search`, and `list` with a query: print the stories that a query finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.console import Console
from bpost_tui.cli.shared.context import Context, clock, papers
from bpost_tui.cli.shared.printed_rows import print_in_type, print_rows
from bpost_tui.cli.shared.story_lists import chosen_filter, mixed, require_category, snippet_pieces, story_lines
from bpost_tui.errors import NotFound
from bpost_tui.i18n import message
from bpost_tui.model.story import ListFilter
from bpost_tui.reading.passing_on.json_output import as_json, headline, hit
from bpost_tui.reading.wording import problem_line
from bpost_tui.type.text.graphemes import truncate

if TYPE_CHECKING:
    from bpost_tui.reading.lists.papers import Papers
    from bpost_tui.store.results import Hit
    from bpost_tui.store.search.execute import SearchResult

INDENT = "    "
OPEN, CLOSE = "[", "]"
"""What surrounds a match in plain text."""


def search_(context: Context, console: Console) -> int:
    """Print what a query finds, the best first, each with a snippet of its text."""
    options = context.options
    result, read = _result(context, console, " ".join(options.query), by_date=False)
    rows = [each.headline for each in result.hits]
    if options.json:
        console.result(as_json([hit(each, read.names()) for each in result.hits]))
    elif not print_in_type(context, console, rows, mixed(rows, read), result.hits):
        lines = story_lines(rows, context.language, console.cells, mixed(rows, read))
        for line, each in zip(lines, result.hits, strict=True):
            console.result(line)
            if each.snippet:
                console.result(_cut(f"{INDENT}{_marked(each)}", console.cells))
    return _ended(result.hits)


def list_found(context: Context, console: Console) -> int:
    """Print what a query finds, the newest first, filtered by the other options of `list`."""
    options = context.options
    result, read = _result(context, console, options.query, by_date=True, is_filtered=True)
    rows = [each.headline for each in result.hits]
    if options.json:
        console.result(as_json([headline(row, read.names()) for row in rows]))
    else:
        print_rows(context, console, rows, mixed(rows, read))
    return _ended(result.hits)


def _result(
    context: Context, console: Console, query: str, *, by_date: bool, is_filtered: bool = False
) -> tuple[SearchResult, Papers]:
    """Return what a query finds, and the papers that were searched."""
    with context.library(console) as library:
        within = chosen_filter(context, library) if is_filtered else ListFilter()
        result = library.search.find(query, limit=context.options.limit, now=clock(), by_date=by_date, within=within)
        read = papers(context, library)
        if not result.hits:
            require_category(library, within.category)
    if result.problem:
        console.note(problem_line(result.problem, context.language))
    if result.reading:
        console.note(context.language.text("Understood as: {reading}", reading=result.reading))
    return result, read


def _ended(hits: Sequence[Hit]) -> int:
    if not hits:
        raise NotFound(message("Nothing found"))
    return 0


def _marked(each: Hit) -> str:
    return "".join(f"{OPEN}{piece}{CLOSE}" if is_match else piece for piece, is_match in snippet_pieces(each))


def _cut(line: str, cells: int | None) -> str:
    return line if cells is None else truncate(line, cells)
