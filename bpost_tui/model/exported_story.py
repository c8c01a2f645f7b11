"""Stories as they are exported from a library and imported into another library. Pure."""

from __future__ import annotations

from datetime import datetime

from bpost_tui.model.marks import StoryMarks
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Revision, SavedStory, Story
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class ExportedStory(NamedTuple):
    """Story to be exported, with everything that the library knows about it."""

    saved: SavedStory
    marks: StoryMarks
    revisions: tuple[Revision, ...] = ()
    version_read: datetime | None = None
    """Time that identifies the revision (earlier wording) that the reader read; None if it is the present wording, or unknown."""


class ImportedStory(NamedTuple):
    """Story to be imported, which another library has exported."""

    story: Story
    marks: StoryMarks
    revisions: tuple[Revision, ...] = ()
    updated: datetime | None = None
    withdrawn: datetime | None = None
    paper: Paper | None = None
    """Paper of the story, or None if the imported file doesn't name the paper."""
    version_read: datetime | None = None
    """Time that identifies the revision (earlier wording) that the other library's reader read; None if the file gives none."""


class ImportResult(NamedTuple):
    """Numbers of the stories that an import added, updated and marked."""

    new: int = 0
    updated: int = 0
    marked: int = 0
