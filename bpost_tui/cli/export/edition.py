"""What is exported: stories with all that is kept of them, and what every format says above and below a story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline
from bpost_tui.store.results import ExportedStory, SavedSearch


@dataclass(frozen=True, slots=True)
class Edition:
    """An export."""

    portal: str
    """The portal's address."""
    made: datetime
    language: Language
    stories: Iterable[ExportedStory]
    """To be walked once."""
    searches: tuple[SavedSearch, ...] = ()

    @property
    def title(self) -> str:
        """What to call it: the portal's host."""
        return urlsplit(self.portal).netloc.removeprefix("www.")

    def headline(self, row: Headline) -> str:
        """Return a story's headline, never empty."""
        return row.title or self.language.text("(no headline)")

    def byline(self, row: Headline) -> str:
        """Return what stands under a headline."""
        date = f"{self.language.date(row.published)}, {self.language.clock(row.published)}"
        marks = [self.language.text("Starred")] if row.starred else []
        marks += [self.language.text("Read later")] if row.later else []
        return " · ".join(filter(None, (", ".join(category.name for category in row.categories), row.author, date, *marks)))
