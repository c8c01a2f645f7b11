"""List of the passages (parts of stories) that the reader saved. Every method may block on the disk.

If the story of a passage is deleted, the passage itself is shown as a story.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.core.wording import note_line
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.blocks import Paragraph, Quote, Span
from bpost_tui.model.search_values import Hit
from bpost_tui.model.story import Headline, PassageKey, PassageRow, RowKey, SavedStory
from bpost_tui.store.library import Library
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.model.passage import Passage, QuoteSelector
    from bpost_tui.store.search.passage_search import PassageQuery


class PassageSlice(NamedTuple):
    """Loaded part of the list of passages: a row for each passage, with the text to show."""

    rows: tuple[PassageRow, ...]
    hits: dict[RowKey, Hit]
    total: int
    """Number of all passages that the query found, loaded or not."""


class PassageList:
    """List of the reader's saved passages: reads and changes the list."""

    def __init__(self, library: Library, language: Language, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._language = language
        self._clock = clock
        self._known: dict[str, Passage] = {}
        """Passages whose story was read, by key. A deleted passage may still be on the screen, so it is kept here."""

    def read(self, query: str, limit: int) -> PassageSlice:
        """Return the first `limit` of the passages that `query` finds, the last saved first. An empty query finds all passages."""
        from bpost_tui.store.search.passage_search import PassageQuery  # imported late: 10 ms, with the search

        found = self._library.passages.search(query, now=self._clock())
        parsed = PassageQuery.parse(query, self._clock())
        rows = tuple(PassageRow(passage, self._headline(passage)) for passage in found[:limit])
        return PassageSlice(rows, {row.key: self._hit(row, parsed) for row in rows}, len(found))

    def _hit(self, row: PassageRow, parsed: PassageQuery) -> Hit:
        passage, story = row
        quoted = " ".join(passage.selector.exact.split())
        line = " · ".join(part for part in (note_line(passage.note, self._language), passage.title) if part)
        return Hit(story, parsed.ranges(quoted), line, parsed.ranges(line), quoted)

    def story(self, key: PassageKey) -> SavedStory:
        """Return the story that contains a passage. If that story is deleted, return the passage in the form of a story.

        Raises NotFoundError if there is no such passage.
        """
        passage = self._library.passages.get(key) or self._known.get(key)
        if passage is None:
            raise NotFoundError(Reason("this passage isn't saved"))
        self._known[key] = passage
        saved = self._library.story(passage.story) if passage.story is not None else _story_from_passage(passage, self._language)
        return saved._replace(opened_at=key)

    def _headline(self, passage: Passage) -> Headline:
        return (
            self._library.headline(passage.story)
            if passage.story is not None
            else _story_from_passage(passage, self._language).headline
        )

    # ── changes ─────────────────────────────────────────────────────────────

    def new_passage(self, story_id: int, selector: QuoteSelector) -> Passage | None:
        """Return the passage that `selector` quotes from the story `story_id`; None if `story_id` is 0 (a deleted story).

        The passage's `id` is 0 if the reader hasn't saved the passage yet. Raises NotFoundError if the library lacks the story, or
        the story's text lacks the quotation.
        """
        return self._library.passages.find_or_build(story_id, selector, now=self._clock()) if story_id else None

    def save(self, key: str, passage: Passage | None) -> None:
        """Save `passage` under `key`. If `passage` is None, delete the saved passage with this key."""
        if passage is None:
            self._library.passages.delete(key, now=self._clock())
        else:
            self._library.passages.save(passage, now=self._clock())


def _story_from_passage(passage: Passage, language: Language) -> SavedStory:
    """Return a story that consists of a passage only, because the passage's own story is deleted."""
    gone = language.text("The story itself is no longer saved. This is what you keep of it:")
    quoted = tuple((Span(part),) for part in passage.selector.exact.split("\n\n"))
    headline = Headline(
        id=0,
        guid=passage.guid,
        title=passage.title,
        tag="",
        link=passage.link,
        author="" if passage.paper else passage.paper_name,
        published=passage.published,
        modified=None,
        excerpt="",
        categories=(),
        read=True,
        starred=False,
        later=False,
        full=True,
        first_seen=passage.kept_at,
        paper=passage.paper,
    )
    return SavedStory(headline, (Paragraph((Span(gone),)), Quote(quoted)), passages=(passage,))
