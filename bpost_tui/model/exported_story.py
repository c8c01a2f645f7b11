"""Stories on their way out of a library, and into another one. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bpost_tui.model.marks import StoryMarks
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Revision, SavedStory, Story


class ExportedStory(NamedTuple):
    """Story with everything that the library has of it, to be exported."""

    saved: SavedStory
    marks: StoryMarks
    revisions: tuple[Revision, ...] = ()


class ImportedStory(NamedTuple):
    """Story that another library exported, to be imported."""

    story: Story
    marks: StoryMarks
    revisions: tuple[Revision, ...] = ()
    updated: datetime | None = None
    withdrawn: datetime | None = None
    paper: Paper | None = None
    """Paper of the story, or None if the file doesn't name it."""


class ImportResult(NamedTuple):
    """Numbers of stories that an import changed."""

    new: int = 0
    updated: int = 0
    marked: int = 0
