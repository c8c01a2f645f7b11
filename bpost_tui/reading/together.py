"""Accounts of the same news beside each other, with what they share; and one of them taken apart. Blocks on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline

if TYPE_CHECKING:
    from bpost_tui.reading.listing import Listings
    from bpost_tui.same_news.score import Why


class Told(NamedTuple):
    """An account of some news."""

    row: Headline
    why: Why | None = None
    """How alike it is with the one that leads; None for that one."""


def told(listings: Listings, story: int) -> tuple[Told, ...]:
    """Return the accounts of a story's news, the one that leads first."""
    library = listings.library
    leader, *others = map(library.headline, library.accounts.of(story))
    return Told(leader), *(Told(row, library.same_news.why(row.id, leader.id)) for row in others)


def next_account(listings: Listings, row: Headline) -> Headline | None:
    """Return the account after a story's in its news, after the last one the first; None where there are no others."""
    accounts = listings.library.accounts.of(row.id)
    following = accounts[(accounts.index(row.id) + 1) % len(accounts)]
    return None if following == row.id else listings.library.headline(following)


class Apart(NamedTuple):
    """A story taken from the accounts of other papers."""

    story: int
    others: tuple[int, ...] = ()
    """Those that it was with."""

    def do(self, listings: Listings) -> Apart | None:
        """Take it from them for good; what it did names them."""
        others = listings.library.same_news.take_apart(self.story, now=listings.clock())
        return self._replace(others=others) if others else None

    def undo(self, listings: Listings) -> None:
        """Put it back with them."""
        listings.library.same_news.put_together(self.story, self.others, now=listings.clock())

    def done_text(self, language: Language) -> str:
        """Return what was done."""
        return language.text("Ungrouped: it is now listed on its own")

    def undone_text(self, language: Language) -> str:
        """Return what was taken back."""
        return language.text("Undone: grouped again")
