"""Accounts of the same news beside each other, with what they share; and one of them taken apart. Blocks on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline

if TYPE_CHECKING:
    from bpost_tui.reading.listing import Listings
    from bpost_tui.same_news.likeness import Likeness


class Told(NamedTuple):
    """An account of some news."""

    row: Headline
    like: Headline | None = None
    """The account that it was found to be like; None for the one that leads."""
    likeness: Likeness | None = None
    """What both share."""


def told(listings: Listings, story: int) -> tuple[Told, ...]:
    """Return the accounts of a story's news, the one that leads first."""
    library = listings.library
    rows = [library.headline(number) for number in library.accounts.of(story)]
    others = [rows[:at] + rows[at + 1 :] for at in range(len(rows))]
    return tuple(Told(row, *(_most_like(listings, row, others[at]) if at else ())) for at, row in enumerate(rows))


def next_account(listings: Listings, row: Headline) -> Headline | None:
    """Return the account after a story's in its news, after the last one the first; None where there are no others."""
    accounts = listings.library.accounts.of(row.id)
    following = accounts[(accounts.index(row.id) + 1) % len(accounts)]
    return None if following == row.id else listings.library.headline(following)


def _most_like(listings: Listings, row: Headline, others: Sequence[Headline]) -> tuple[Headline, Likeness]:
    """Return the account that leads, where the story is like that, else the one that it is most like, and how."""
    why = listings.library.same_news.why
    found = [(other, why(other.id, row.id)) for other in others]
    return found[0] if found[0][1].is_same_news else max(found, key=lambda pair: (pair[1].is_same_news, pair[1].score))


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
