"""Values of searches: hits, problems in a query, saved searches. Pure."""

from __future__ import annotations

from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_COUNTED_HITS = 1000
"""Maximum number of hits counted for a query.

This count takes 1 ms. A count of 200,000 hits would take longer than the search for the best hits.
"""


class QueryProblem(NamedTuple):
    """Part of a query that can't be understood, with the message for the reader."""

    offset: int
    """Offset of the part in the query, in characters."""
    message: str
    """Message id of the explanation; its `{what}` is replaced by `text`."""
    text: str
    """Words of the query that can't be understood."""
    fallback: str
    """Message id of the sentence that says which search is done instead."""


class Hit(NamedTuple):
    """Story found by a query, or a saved passage of a story. Ranges are (start, end) in characters, in order, without overlap."""

    headline: Headline
    title_ranges: tuple[tuple[int, int], ...]
    """Parts of the title that match the query, or of `passage` if it isn't empty, as (start, end) in characters."""
    snippet: str
    """Piece of the story's text on one line, with `…` where text was cut off; empty if the story has no text.

    If only the story's author, categories or tags match, it is a piece of their names instead.
    """
    snippet_ranges: tuple[tuple[int, int], ...]
    """Parts of the snippet that match the query, as (start, end) in characters."""
    passage: str = ""
    """Passage that the list shows instead of the headline; then `title_ranges` are ranges of this passage. Empty for other hits."""


class SavedSearch(NamedTuple):
    """Query that the reader saved under a name."""

    name: str
    query: str


def clean_search(search: SavedSearch) -> SavedSearch:
    """Return a saved search that comes from a file, with name and query sanitized."""
    return SavedSearch(clean_line(search.name, MAX_NAME_CHARS), clean_line(search.query, MAX_QUERY_CHARS))
