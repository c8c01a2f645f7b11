"""Data that a reader keeps, put into the library of a test."""

from __future__ import annotations

from datetime import UTC, datetime

from bpost_tui.model.passage import Passage
from bpost_tui.model.passage_anchoring import PassageText, quotable_text
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost


def keep_passage(bpost: Bpost, note: str) -> Passage:
    """Keep the first words of a story, with a note."""
    with Library(next(bpost.data.iterdir())) as library:
        selector = PassageText(quotable_text(library.story(1).blocks)).quote(0, 60)
        assert selector is not None
        return library.passages.add(1, selector, note, now=datetime.now(UTC))
