"""What is exported: stories with all that the library stores of them, and the lines that all formats have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bpost_tui.i18n import Language
from bpost_tui.model.paper import Paper
from bpost_tui.model.passage import Passage
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_blocks, clean_line
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Headline, Revision
from bpost_tui.model.story_fields import clean_field, clean_saved
from bpost_tui.store.results import ExportedStory, OwnList, SavedSearch
from bpost_tui.urls import MAX_LINK_CHARS


class EditionSection(NamedTuple):
    """A part of an edition."""

    name: str
    """Empty where the edition has no parts."""
    stories: Iterable[ExportedStory]
    """Can be iterated once."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The stories of an export, and what is said of them."""

    portal: str
    """The first paper's address."""
    title: str
    """The paper's name, or the word for all where there are several."""
    made: datetime
    language: Language
    sections: Iterable[EditionSection]
    """Can be iterated once."""
    searches: tuple[SavedSearch, ...] = ()
    passages: tuple[Passage, ...] = ()
    """All that are kept: their stories may be gone."""
    lists: tuple[OwnList, ...] = ()
    """The reader's own."""
    picture: Callable[[str], StoredPicture | None] = lambda address: None
    """Returns the saved picture of an address; None where there is none."""
    papers: tuple[Paper, ...] = ()
    """Whose stories these may be."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The papers' names by their keys."""
    same_news_papers: Mapping[int, str] = field(default_factory=dict)
    """What a line says of other papers that have the same news, by the number of the story."""

    @property
    def stories(self) -> Iterator[ExportedStory]:
        """The stories of all sections, one after another."""
        return (story for section in self.sections for story in section.stories)

    def headline(self, row: Headline) -> str:
        """Return a story's headline, never empty."""
        return row.title or self.language.text("(no headline)")

    def byline(self, row: Headline) -> str:
        """Return the line under a headline: its paper where there are several, categories, who made it, date, marks."""
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
    """Return a story whose texts and addresses have passed the gate again: a library may have been tampered with."""
    revisions = tuple(
        Revision(replaced, clean_field("title", title), clean_blocks(blocks)) for replaced, title, blocks in story.revisions
    )
    return ExportedStory(clean_saved(story.saved), story.marks, revisions)


def sanitize_paper(paper: Paper) -> Paper:
    """Return a paper whose names have passed the gate again."""
    key, name = (clean_line(text, MAX_NAME_CHARS) for text in (paper.key, paper.name))
    return Paper(key, clean_line(paper.address, MAX_LINK_CHARS), name)
