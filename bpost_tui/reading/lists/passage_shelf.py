"""The shelf of passages as a list of the screen's: its rows are the stories of passages, under numbers of their own.

A passage's row has its number, negative: a story may have several, or be no longer here, and is shown from what is kept of it then.
Everything may block on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.errors import NotFound
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.reading.wording import note_line
from bpost_tui.store.library import Library
from bpost_tui.store.results import Hit

if TYPE_CHECKING:
    from bpost_tui.model.kept_passages import KeptPassage, Selector
    from bpost_tui.store.search.in_passages import PassageQuery


class ShelfRows(NamedTuple):
    """A part of the shelf: a row for each passage, and what stands in it."""

    rows: tuple[Headline, ...]
    hits: dict[int, Hit]
    total: int
    """How many rows there are in all."""


class PassageShelf:
    """Reads the shelf, and changes it."""

    def __init__(self, library: Library, language: Language, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._language = language
        self._clock = clock
        self._known: dict[int, KeptPassage] = {}
        """Those that were read, by number: one that is deleted stays on the screen until one leaves it."""

    def count(self) -> int:
        """Return how many passages are kept."""
        return self._library.passages.count()

    def read(self, query: str, limit: int) -> ShelfRows:
        """Return the first rows of the passages that a query finds, the last kept first; of all without one."""
        from bpost_tui.store.search.in_passages import PassageQuery  # 10 ms, with the search

        found = self._library.passages.search(query, now=self._clock())
        asked = PassageQuery.parsed(query, self._clock())
        hits = {-passage.id: self._hit(passage, asked) for passage in found[:limit]}
        return ShelfRows(tuple(hit.headline for hit in hits.values()), hits, len(found))

    def _hit(self, passage: KeptPassage, asked: PassageQuery) -> Hit:
        quoted = " ".join(passage.selector.exact.split())
        line = " · ".join(part for part in (note_line(passage.note, self._language), passage.title) if part)
        return Hit(self._headline(passage), asked.marks(quoted), line, asked.marks(line), quoted)

    def number(self, story_id: int) -> int | None:
        """Return the number of a story; that of a passage's row, as far as it is here."""
        return story_id if story_id >= 0 else self._passage(story_id).story

    def numbers(self, ids: Iterable[int]) -> list[int]:
        """Return the numbers of those of some stories that are here."""
        return [number for number in map(self.number, ids) if number is not None]

    def story(self, story_id: int) -> SavedStory:
        """Return the story of a passage's row under that number, or what is kept of it, or raise NotFound."""
        passage = self._passage(story_id)
        saved = self._library.story(passage.story) if passage.story is not None else _made_up(passage, self._language)
        return saved._replace(headline=saved.headline._replace(id=story_id))

    def _headline(self, passage: KeptPassage) -> Headline:
        row = self._library.headline(passage.story) if passage.story is not None else _made_up(passage, self._language).headline
        return row._replace(id=-passage.id)

    def _passage(self, story_id: int) -> KeptPassage:
        passage = self._library.passages.numbered(-story_id) or self._known.get(-story_id)
        if passage is None:
            raise NotFound(Reason("this passage isn't saved"))
        self._known[passage.id] = passage
        return passage

    # ── changing it ─────────────────────────────────────────────────────────

    def made(self, story_id: int, selector: Selector) -> KeptPassage | None:
        """Return a passage of a story that isn't kept yet (`id` is 0), or the one that is; None where the story isn't here."""
        number = self.number(story_id)
        return None if number is None else self._library.passages.made(number, selector, now=self._clock())

    def put(self, key: str, passage: KeptPassage | None) -> None:
        """Have a passage as it is given; None deletes it."""
        if passage is None:
            self._library.passages.delete(key, now=self._clock())
        else:
            self._library.passages.change(passage, now=self._clock())


def _made_up(passage: KeptPassage, language: Language) -> SavedStory:
    """Return what is kept of a story that is gone, as a story."""
    from bpost_tui.model.blocks import Paragraph, Quote, Span

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
        first_seen=passage.kept,
        paper=passage.paper,
    )
    return SavedStory(headline, (Paragraph((Span(gone),)), Quote(quoted)), passages=(passage,))
