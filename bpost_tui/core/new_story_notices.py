"""Desktop notices of new stories: selects the stories, and writes the text."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.core.lists.list_slice import PAGE_ROWS
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.model.story import ListFilter

_SEARCH = "search:"
"""Prefix that marks a name in the config as the name of a saved search."""


def new_story_notice(listings: Listings, mutes: Mutes, ids: Sequence[int], wanted: Sequence[str] | None) -> str:
    """Return the text of a notice about new stories: the headline of the first, and the number of the others.

    `ids` are the ids of the new stories. `wanted` has slugs of categories, and names of saved searches with the prefix `search:`.
    The notice is only about new stories that are unread, and in such a category or found by such a search. If `wanted` is None,
    it is about all new stories. Muted stories are left out. The text is empty if no story is left.
    """

    def read() -> tuple[str, int]:
        story_ids = without_muted(listings, mutes, ids) if wanted is None else notable(listings, mutes, ids, wanted)
        return (listings.library.headline(story_ids[0]).title, len(story_ids) - 1) if story_ids else ("", 0)

    first, more = listings.library.read_together(read, searches=True)
    return listings.language.plural("{title} · and {n} more", "{title} · and {n} more", more, title=first) if more else first


def notable(listings: Listings, mutes: Mutes, ids: Sequence[int], wanted: Sequence[str]) -> tuple[int, ...]:
    """Return the `ids` whose story is unread, and is in a wanted category or found by a wanted saved search.

    `wanted` has slugs of categories, and names of saved searches with the prefix `search:`. Muted stories are left out.
    """
    library, unread = listings.library, ListFilter(unread=True)
    papers: list[str | None] = [count.paper.key for count in library.papers()]
    queries = {f"{_SEARCH}{search.name}": search.query for search in library.saved_searches.all()}
    found: set[int] = set()
    for name in wanted:
        if name in queries:
            found |= library.search.matching(queries[name], ids, now=listings.clock(), within=unread)
        elif not name.startswith(_SEARCH):
            for key in papers or [None]:
                found.update(library.story_ids(unread._replace(category=name, paper=key), limit=PAGE_ROWS))
    return without_muted(listings, mutes, [story_id for story_id in ids if story_id in found])


def without_muted(listings: Listings, mutes: Mutes, ids: Sequence[int]) -> tuple[int, ...]:
    """Return the `ids` whose story isn't muted by the present rules."""
    queries = mutes.reloaded(listings.library).queries
    muted = listings.library.mutes.find_muted(queries, ids) if ids and queries else ()
    return tuple(story_id for story_id in ids if story_id not in muted)
