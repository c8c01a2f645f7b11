"""Stories of several papers about the same event (accounts of the same news): compares them, and removes a story from its group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, Revision, SavedStory
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.lists.listings import Listings
    from bpost_tui.grouping.score import ScoreExplanation


class CountCorrection(NamedTuple):
    """Correction that a paper made in a story: a changed headline, or a changed figure, such as the number of deaths."""

    what: str
    """Key of the quantity whose figure was corrected, such as "dead" (number of deaths); empty if the headline was corrected."""
    before: int | str
    after: int | str
    at: datetime
    """Time when the corrected version of the story was saved."""


class NewsAccount(NamedTuple):
    """One paper's story about news that several papers report."""

    row: Headline
    why: ScoreExplanation | None = None
    """Explanation of the story's similarity to the group's main story (its representative); None for the main story itself."""
    corrections: tuple[CountCorrection, ...] = ()
    """Corrections that the paper made to its story, the earliest first."""


class NewsGroup(NamedTuple):
    """Stories of several papers about one event."""

    accounts: tuple[NewsAccount, ...]
    """Stories of the group. The first is the representative, which lists show for the whole group."""
    differing_counts: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]]
    """Figures that differ between the papers.

    Maps the key of each quantity, such as "dead" (number of deaths), to pairs: a figure, and the keys of the papers with it.
    """


def news_group(listings: Listings, story: int) -> NewsGroup:
    """Return all papers' stories about the same news as the story with the id `story`, and the numbers that differ between papers.

    The group has only this story if no other story is about the same news.
    """
    from bpost_tui.grouping.quantities import contradictions, quantities_of_story  # imported late: rarely needed

    library = listings.library
    saved = [library.story(number) for number in library.story_groups.members(story)]
    main, *others = (each.headline for each in saved)
    explanations = [None, *(library.group_builder.explain(row.id, main.id) for row in others)]
    accounts = tuple(
        NewsAccount(each.headline, why, _changes(listings, each)) for each, why in zip(saved, explanations, strict=True)
    )
    differ = contradictions([quantities_of_story(each.headline.title, each.blocks or each.headline.excerpt) for each in saved])
    papers = [each.headline.paper for each in saved]
    by_paper = {
        what: tuple((value, tuple(dict.fromkeys(papers[at] for at in having))) for value, having in values)
        for what, values in differ.items()
    }
    return NewsGroup(accounts, by_paper)


def _changes(listings: Listings, story: SavedStory) -> tuple[CountCorrection, ...]:
    """Return the paper's corrections of numbers and headline in each new version of a story, the earliest first."""
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
    """Return the story that follows `row` in its group of the same news, or None if the group has no other story.

    After the last story of the group, its first story follows.
    """
    accounts = listings.library.story_groups.members(row.id)
    following = accounts[(accounts.index(row.id) + 1) % len(accounts)]
    return None if following == row.id else listings.library.headline(following)


class UngroupChange(NamedTuple):
    """Change that removes a story from its group (stories about the same news)."""

    story: int
    others: tuple[int, ...] = ()
    """Ids of the other stories in the group; empty before `apply`."""

    def apply(self, listings: Listings) -> UngroupChange | None:
        """Remove the story from its group for good.

        Return the change with the ids of the group's other stories, or None if the group had no other.
        """
        others = listings.library.group_builder.separate(self.story, now=listings.clock())
        return self._replace(others=others) if others else None

    def undo(self, listings: Listings) -> None:
        """Put the story back into its group of stories about the same news."""
        listings.library.group_builder.undo_separation(self.story, self.others, now=listings.clock())

    def done_message(self, language: Language) -> str:
        """Return the message, in `language`, to show after the change was made."""
        return language.text("Ungrouped: it is now listed on its own")

    def undone_message(self, language: Language) -> str:
        """Return the message to show after the change was undone."""
        return language.text("Undone: grouped again")
