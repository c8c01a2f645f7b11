"""Passages (quotations that a reader keeps) for tests."""

from __future__ import annotations

from datetime import datetime

from bpost_tui.model.passage import Passage, QuoteSelector
from bpost_tui.store.library import Library


def keep_passage(library: Library, story: int, selector: QuoteSelector, note: str = "", *, now: datetime) -> Passage:
    """Save the passage that `selector` quotes from a story, with a note; a passage that was saved before isn't changed."""
    passage = library.passages.find_or_build(story, selector, now=now)
    if not passage.id:
        library.passages.save(passage._replace(note=note), now=now)
    return library.passages.get(passage.key) or passage
