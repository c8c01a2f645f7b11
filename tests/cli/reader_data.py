"""Data that a reader keeps, put into the library of a test."""

from __future__ import annotations

from datetime import UTC, datetime

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.passage import Passage
from bpost_tui.model.passage_anchoring import PassageText, quotable_text
from bpost_tui.model.story import ListFilter, to_story
from bpost_tui.store.library import Library
from tests import kept_passages
from tests.cli.bpost_process import Bpost


def keep_passage(bpost: Bpost, note: str) -> Passage:
    """Keep the first words of a story, with a note."""
    with Library(next(bpost.data.iterdir())) as library:
        selector = PassageText(quotable_text(library.story(1).blocks)).quote(0, 60)
        assert selector is not None
        return kept_passages.keep_passage(library, 1, selector, note, now=datetime.now(UTC))


def edit_read_story(bpost: Bpost) -> None:
    """Read the newest story, and give it another text, as its paper would."""
    with Library(next(bpost.data.iterdir())) as library:
        (row,) = library.headlines(ListFilter(), limit=1)
        now = datetime.now(UTC)
        library.reading_log.record_opened(row.id, now=now)
        library.set_mark("read", [row.id], True, now=now)
        text = tuple(Paragraph((Span(f"{now:%H:%M:%S.%f} word{n} " * 9),)) for n in range(9))
        paper = next(count.paper for count in library.papers() if count.paper.key == row.paper)
        edited = to_story(library.story(row.id))._replace(title=f"Edited {now:%H:%M:%S.%f}", blocks=text, full=True)
        library.for_paper(paper).save([edited], now=now)
