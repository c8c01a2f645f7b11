"""What is exported: stories with all that the library stores of them, and the lines that all formats have in common."""

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
    """The stories of an export, and what is said of them."""

    portal: str
    """The portal's address."""
    made: datetime
    language: Language
    stories: Iterable[ExportedStory]
    """Can be iterated once."""
    searches: tuple[SavedSearch, ...] = ()

    @property
    def title(self) -> str:
        """The title: the portal's host."""
        return urlsplit(self.portal).netloc.removeprefix("www.")

    def headline(self, row: Headline) -> str:
        """Return a story's headline, never empty."""
        return row.title or self.language.text("(no headline)")

    def byline(self, row: Headline) -> str:
        """Return the line under a headline: categories, author, date, marks."""
        date = f"{self.language.date(row.published)}, {self.language.clock(row.published)}"
        marks = [self.language.text("Starred")] if row.starred else []
        marks += [self.language.text("Read later")] if row.later else []
        return " · ".join(filter(None, (", ".join(category.name for category in row.categories), row.author, date, *marks)))
