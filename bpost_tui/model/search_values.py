"""Values of searches: hits, problems in a query, saved searches. Pure."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import Headline

MAX_COUNTED_HITS = 1000
"""Greatest number of hits that is counted for a query, which takes 1 ms. Counting 200,000 takes longer than finding the best."""


class QueryProblem(NamedTuple):
    """Part of a query that can't be understood."""

    offset: int
    """Offset of that part in the query, in characters."""
    message: str
    """Message id, with `{what}` for the query's own words."""
    text: str
    """The query's own words."""
    fallback: str
    """Message id for the search that is done instead."""


class Hit(NamedTuple):
    """Story that a query found, or a passage of one; ranges are (start, end) in characters, in order, without overlap."""

    headline: Headline
    title_ranges: tuple[tuple[int, int], ...]
    """Ranges of the title that match."""
    snippet: str
    """Piece of the text on one line, with `…` at a cut; empty if the story has no text."""
    snippet_ranges: tuple[tuple[int, int], ...]
    """Ranges of the snippet that match."""
    passage: str = ""
    """Passage that the row shows in place of the headline; then `title_ranges` are its ranges."""


class SavedSearch(NamedTuple):
    """Query that the reader saved under a name."""

    name: str
    query: str


def clean_search(search: SavedSearch) -> SavedSearch:
    """Return a saved search that comes from a file, with name and query sanitized."""
    return SavedSearch(clean_line(search.name, MAX_NAME_CHARS), clean_line(search.query, MAX_QUERY_CHARS))
