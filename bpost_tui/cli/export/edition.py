"""Edition: the stories of an export with all that the library has about each, and functions that all export formats use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bpost_tui.core.wording import shown_title, unfollowed_name
from bpost_tui.i18n import Language
from bpost_tui.model.exported_story import ExportedStory
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.paper import Paper
from bpost_tui.model.passage import Passage
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_blocks, clean_line
from bpost_tui.model.search_values import SavedSearch
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Headline, Revision
from bpost_tui.model.story_fields import clean_field, clean_saved
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import MAX_LINK_CHARS


class EditionSection(NamedTuple):
    """Part of an edition: stories under a common heading."""

    name: str
    """Heading of the section; empty if the edition isn't divided into sections."""
    stories: Iterable[ExportedStory]
    """Stories of the section; can be iterated only once."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Contents of an export: stories in sections, papers, passages, lists and pictures."""

    portal: str
    """Address of the portal (website) of the first of the reader's papers."""
    title: str
    """Name of the paper, or words for "all papers" if there are several."""
    made: datetime
    language: Language
    sections: Iterable[EditionSection]
    """Sections; can be iterated only once."""
    searches: tuple[SavedSearch, ...] = ()
    passages: tuple[Passage, ...] = ()
    """All passages that the reader has saved; the story of a passage may be gone from the library."""
    lists: tuple[OwnList, ...] = ()
    """Reader's own lists."""
    picture: Callable[[str], StoredPicture | None] = lambda address: None
    """Function that returns the saved picture for an address; None if that picture isn't saved."""
    papers: tuple[Paper, ...] = ()
    """Papers that the stories may be from."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Maps papers' keys to their names."""
    unfollowed: frozenset[str] = frozenset()
    """Keys of the papers that the reader no longer follows."""
    same_news_papers: Mapping[int, str] = field(default_factory=dict)
    """Maps the id of a story to a line that names the other papers with the same news."""

    @property
    def stories(self) -> Iterator[ExportedStory]:
        """Stories of all sections, one after another."""
        return (story for section in self.sections for story in section.stories)

    def headline(self, row: Headline) -> str:
        """Return a story's headline, or the words "(no headline)" in the reader's language if it has none."""
        return shown_title(row.title, self.language)

    def byline(self, row: Headline) -> str:
        """Return the line below a headline.

        The line has the paper (if there are several), categories, credits, date, marks (starred, read later), and a note of the
        other papers with the same news.
        """
        paper = self.names.get(row.paper, row.paper) if len(self.papers) > 1 else ""
        if row.paper in self.unfollowed:
            paper = unfollowed_name(paper, self.language)
        date = f"{self.language.date(row.published)}, {self.language.clock(row.published)}"
        marks = [self.language.text("Starred")] if row.starred else []
        marks += [self.language.text("Read later")] if row.later else []
        return " · ".join(
            filter(
                None,
                (
                    paper,
                    ", ".join(category.name for category in row.categories),
                    *row.credits,
                    date,
                    *marks,
                    self.same_news_papers.get(row.id),
                ),
            )
        )


def sanitize_story(story: ExportedStory) -> ExportedStory:
    """Return a story with its texts and addresses sanitized again, because the library file may have been tampered with."""
    revisions = tuple(
        Revision(replaced, clean_field("title", title), clean_blocks(blocks)) for replaced, title, blocks in story.revisions
    )
    return ExportedStory(clean_saved(story.saved), story.marks, revisions)


def sanitize_paper(paper: Paper) -> Paper:
    """Return a paper with its names sanitized again, because the library file may have been tampered with."""
    key, name = (clean_line(text, MAX_NAME_CHARS) for text in (paper.key, paper.name))
    return Paper(key, clean_line(paper.address, MAX_LINK_CHARS), name)
