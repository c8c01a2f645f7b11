"""Accounts of the same news: compares them, and removes a story from a group."""

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
    """Correction by a paper: a count or headline that differs from its earlier version."""

    what: str
    """Counted thing (grouping/quantities.py); empty for the headline."""
    before: int | str
    after: int | str
    at: datetime
    """Time when the later version was saved."""


class NewsAccount(NamedTuple):
    """Account of some news: one paper's story about it."""

    row: Headline
    why: ScoreExplanation | None = None
    """Score of its similarity to the group's representative; None for the representative itself."""
    corrections: tuple[CountCorrection, ...] = ()
    """Corrections of the paper, the earliest first."""


class NewsGroup(NamedTuple):
    """Accounts of one event by several papers."""

    accounts: tuple[NewsAccount, ...]
    """Accounts, the group's representative first."""
    differing_counts: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]]
    """Counts that differ: counted thing → each number, with the keys of the papers that have it."""


def news_group(listings: Listings, story: int) -> NewsGroup:
    """Return the accounts of a story's news, and their differences."""
    from bpost_tui.grouping.quantities import contradictions, quantities_of_story  # only needed here, for a reader who asks

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
    """Return the corrections of counts and headline between a story's versions."""
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
    """Return the account after `row` in its news, the first after the last; None if there are no others."""
    accounts = listings.library.story_groups.members(row.id)
    following = accounts[(accounts.index(row.id) + 1) % len(accounts)]
    return None if following == row.id else listings.library.headline(following)


class UngroupChange(NamedTuple):
    """Change that removes a story from its group."""

    story: int
    others: tuple[int, ...] = ()
    """Stories that were in the group with it."""

    def apply(self, listings: Listings) -> UngroupChange | None:
        """Remove the story from the group for good; return the change with the group's other stories, or None if there are none."""
        others = listings.library.group_builder.separate(self.story, now=listings.clock())
        return self._replace(others=others) if others else None

    def undo(self, listings: Listings) -> None:
        """Put the story back into the group."""
        listings.library.group_builder.undo_separation(self.story, self.others, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return the message after the change."""
        return language.text("Ungrouped: it is now listed on its own")

    def undone_message(self, language: Language) -> str:
        """Return the message after undoing it."""
        return language.text("Undone: grouped again")
