"""Choosing stories: the options that `list` and `export` share, as a shelf or as words of the query language, and whole shelves."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpost_tui.model.story import Headline, Shelf

if TYPE_CHECKING:
    from bpost_tui.store.library import Library

_AT_A_TIME = 500


def chosen_shelf(options: Namespace) -> Shelf:
    """Return the shelf that the options name together."""
    return Shelf(options.category, options.unread, options.starred, options.later)


def full_query(options: Namespace) -> str:
    """Return the query with the other options added in its own words, a line each; empty where there is no query."""
    if not options.query:
        return ""
    asked = [("is:unread", options.unread), ("is:starred", options.starred), ("is:later", options.later)]
    slug = [f'category:"{options.category}"'] if options.category else []
    return "\n".join([options.query, *slug, *(words for words, wanted in asked if wanted)])


def all_rows(library: Library, shelf: Shelf) -> Iterator[Headline]:
    """Yield every story of a shelf, newest first."""
    after = None
    while rows := library.headlines(shelf, limit=_AT_A_TIME, after=after):
        yield from rows
        after = (rows[-1].published, rows[-1].id)
