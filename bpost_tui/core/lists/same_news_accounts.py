"""Accounts of the same news beside each other, with what they share and where they differ; and one of them ungrouped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, Revision, SavedStory

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings
    from bpost_tui.grouping.score import ScoreExplanation


class CountCorrection(NamedTuple):
    """What a paper said otherwise before."""

    what: str
    """What is counted (grouping/quantities.py), empty for the headline."""
    before: int | str
    after: int | str
    at: datetime
    """When the later wording was saved."""


class NewsAccount(NamedTuple):
    """An account of some news."""

    row: Headline
    why: ScoreExplanation | None = None
    """How alike it is with the one that leads; None for that one."""
    corrections: tuple[CountCorrection, ...] = ()
    """What its paper said before, the earliest first."""


class NewsGroup(NamedTuple):
    """What several papers tell of one event."""

    accounts: tuple[NewsAccount, ...]
    """The one that leads first."""
    differing_counts: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]]
    """What they count differently: each number, with the keys of the papers that have it."""


def news_group(listings: Listings, story: int) -> NewsGroup:
    """Return the accounts of a story's news, and where they differ."""
    from bpost_tui.grouping.quantities import contradictions, quantities_of_story  # only where somebody asks

    library = listings.library
    saved = [library.story(number) for number in library.story_groups.members(story)]
    leader, *others = (each.headline for each in saved)
    whys = [None, *(library.group_builder.explain(row.id, leader.id) for row in others)]
    accounts = tuple(NewsAccount(each.headline, why, _changes(listings, each)) for each, why in zip(saved, whys, strict=True))
    differ = contradictions([quantities_of_story(each.headline.title, each.blocks or each.headline.excerpt) for each in saved])
    papers = [each.headline.paper for each in saved]
    by_paper = {
        what: tuple((value, tuple(dict.fromkeys(papers[at] for at in having))) for value, having in values)
        for what, values in differ.items()
    }
    return NewsGroup(accounts, by_paper)


def _changes(listings: Listings, story: SavedStory) -> tuple[CountCorrection, ...]:
    """Return what a story's paper counted otherwise before, or in another headline."""
    from bpost_tui.grouping.quantities import changed_quantities, quantities_of_story

    earlier = tuple(reversed(listings.library.revisions(story.headline.id)))
    found: list[CountCorrection] = []
    for one, other in pairwise((*earlier, Revision(story.headline.published, story.headline.title, story.blocks))):
        before, after = (quantities_of_story(each.title, each.blocks) for each in (one, other))
        if one.title.split() != other.title.split():
            found.append(CountCorrection("", one.title, other.title, one.replaced))
        found += [CountCorrection(what, *numbers, one.replaced) for what, numbers in changed_quantities(before, after).items()]
    return tuple(found)


def next_account(listings: Listings, row: Headline) -> Headline | None:
    """Return the account after a story's in its news, after the last one the first; None where there are no others."""
    accounts = listings.library.story_groups.members(row.id)
    following = accounts[(accounts.index(row.id) + 1) % len(accounts)]
    return None if following == row.id else listings.library.headline(following)


class UngroupChange(NamedTuple):
    """A story taken from the accounts of other papers."""

    story: int
    others: tuple[int, ...] = ()
    """Those that it was with."""

    def apply(self, listings: Listings) -> UngroupChange | None:
        """Take it from them for good; what it did names them."""
        others = listings.library.group_builder.separate(self.story, now=listings.clock())
        return self._replace(others=others) if others else None

    def undo(self, listings: Listings) -> None:
        """Put it back with them."""
        listings.library.group_builder.undo_separation(self.story, self.others, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return what was done."""
        return language.text("Ungrouped: it is now listed on its own")

    def undone_message(self, language: Language) -> str:
        """Return what was taken back."""
        return language.text("Undone: grouped again")
