"""Edition: the stories of an export with all that the library has about them, and lines that all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

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
from bpost_tui.urls import MAX_LINK_CHARS


class EditionSection(NamedTuple):
    """Stories of an edition under one name."""

    name: str
    """Name; empty if the edition has no sections."""
    stories: Iterable[ExportedStory]
    """Stories; can be iterated once."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Stories of an export, with titles, names and pictures."""

    portal: str
    """Address of the first paper."""
    title: str
    """Name of the paper, or the words for all papers."""
    made: datetime
    language: Language
    sections: Iterable[EditionSection]
    """Sections; can be iterated once."""
    searches: tuple[SavedSearch, ...] = ()
    passages: tuple[Passage, ...] = ()
    """All passages of the reader; their stories may be deleted."""
    lists: tuple[OwnList, ...] = ()
    """Reader's own lists."""
    picture: Callable[[str], StoredPicture | None] = lambda address: None
    """Function that returns the saved picture of an address, or None if there is none."""
    papers: tuple[Paper, ...] = ()
    """Papers that the stories may be of."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Paper's key → its name."""
    same_news_papers: Mapping[int, str] = field(default_factory=dict)
    """Number of a story → line about other papers that have the same news."""

    @property
    def stories(self) -> Iterator[ExportedStory]:
        """Stories of all sections, one after another."""
        return (story for section in self.sections for story in section.stories)

    def headline(self, row: Headline) -> str:
        """Return a story's headline, never empty."""
        return row.title or self.language.text("(no headline)")

    def byline(self, row: Headline) -> str:
        """Return the line under a headline: paper if there are several, categories, credits, date, marks."""
        paper = self.names.get(row.paper, row.paper) if len(self.papers) > 1 else ""
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
    """Return a story with its texts and addresses sanitized again: the library may have been tampered with."""
    revisions = tuple(
        Revision(replaced, clean_field("title", title), clean_blocks(blocks)) for replaced, title, blocks in story.revisions
    )
    return ExportedStory(clean_saved(story.saved), story.marks, revisions)


def sanitize_paper(paper: Paper) -> Paper:
    """Return a paper with its names sanitized again."""
    key, name = (clean_line(text, MAX_NAME_CHARS) for text in (paper.key, paper.name))
    return Paper(key, clean_line(paper.address, MAX_LINK_CHARS), name)
