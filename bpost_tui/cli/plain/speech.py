"""Stories as spoken lines: what the screen shows by position and symbols is put into words."""

from __future__ import annotations

from datetime import datetime

from bpost_tui.i18n import Language
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.reading.wording import aged, fate

_ENDS = (".", "!", "?", "।", "…")


def story_line(row: Headline, language: Language, now: datetime) -> str:
    """Return a story in one line, its marks as words."""
    text = language.text
    marks = ((text("unread"), not row.read), (text("starred"), row.starred), (text("to read later"), row.later))
    said = ", ".join(word for word, is_on in marks if is_on)
    return _sentences(row.title or text("(no headline)"), aged(row, language, now).replace(" · ", ", "), said)


def dateline(saved: SavedStory, language: Language) -> str:
    """Return where a story stands, who wrote it, when it came, and how long it takes to read."""
    row = saved.headline
    minutes = language.reading_minutes(len(plain_text(saved.blocks).split()))
    where = ", ".join(category.name for category in row.categories)
    return _sentences(where, row.author, language.date(row.published), *fate(row, language), minutes)


def paragraphs(saved: SavedStory) -> tuple[str, ...]:
    """Return a story's text in the pieces it is said in."""
    return tuple(part for part in (plain_text(saved.blocks) or saved.headline.excerpt).split("\n\n") if part)


def _sentences(*parts: str) -> str:
    """Join sentences with full stops, one at the end of each that has no sign of its own."""
    *firsts, last = [part for part in parts if part] or [""]
    return "".join(f"{part} " if part.endswith(_ENDS) else f"{part}. " for part in firsts) + last
