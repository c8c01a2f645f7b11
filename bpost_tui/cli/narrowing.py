"""The options by which `list` and `export` choose stories, as a shelf or as words of the query language."""

from __future__ import annotations

from argparse import Namespace

from ..news.model import Shelf


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
