"""Saved passages as values: the quotation, the note, and all that is needed to show both after the story was deleted. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bpost_tui.digests import blake2b
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_SAVED_GUID_CHARS, MAX_TITLE_CHARS, clean_line, clean_text
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import clean_link

MAX_QUOTED_CHARS: Final = 4000
"""Maximum length of a passage in characters; to keep a longer text, the reader can star the story. A passage
must fit in a line of a marks file, the file that carries marks to other machines (`mark_changes.marks_file.MAX_LINE_BYTES`).
"""
MAX_CONTEXT_CHARS: Final = 1500
"""Maximum length in characters of the text kept before or after a passage. It has room for the 60 words that may be kept if the
story has the passage twice, with the same words around it.
"""
MAX_NOTE_CHARS: Final = 1000
_KEY_BYTES = 8


class QuoteSelector(NamedTuple):
    """Quotation with the words before and after it, which are needed to find its place in the story again."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    is_repeated: bool = False
    """Whether the story also had the same words elsewhere. Then only the surrounding words show which place is meant."""


class Passage(NamedTuple):
    """Passage (stretch of a story's text) that the reader saved, with a note and the data needed to show both without the story."""

    key: str
    """Key of 16 hexadecimal digits, made from story and quotation, so that a passage saved twice or on two machines exists once."""
    selector: QuoteSelector
    guid: str
    paper: str
    """Key of the story's paper."""
    paper_name: str
    title: str
    """Headline of the story."""
    link: str | None
    published: datetime
    """Time when the story was published."""
    note: str
    kept_at: datetime
    changed_at: datetime
    """Time when the passage was saved or its note was last changed."""
    id: int = 0
    """Id of the passage in the library; 0 before the passage is saved."""
    story: int | None = None
    """Id of the passage's story in this library; None if the story isn't in it."""


def passage_key(guid: str, selector: QuoteSelector) -> str:
    """Return the key of the passage that `selector` quotes from the story with the guid `guid`."""
    parts = "\0".join((guid, selector.exact, selector.prefix, selector.suffix))
    return blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).hexdigest()


def clean_passage(passage: Passage) -> Passage:
    """Return a passage from a file or another machine, with every string sanitized, and the key computed from these strings.

    Raises:
        ContentError: The passage has no quotation or names no story.
    """
    selector = QuoteSelector(
        clean_text(passage.selector.exact, MAX_QUOTED_CHARS).strip(),
        clean_text(passage.selector.prefix, MAX_CONTEXT_CHARS),
        clean_text(passage.selector.suffix, MAX_CONTEXT_CHARS),
        passage.selector.is_repeated,
    )
    guid, paper = clean_line(passage.guid, MAX_SAVED_GUID_CHARS), clean_line(passage.paper, MAX_SAVED_GUID_CHARS)
    if not guid or not selector.exact:
        raise ContentError(Reason("a passage has no words, or no story"))
    return Passage(  # not `_replace`: it would let a new field through unchanged
        key=passage_key(guid, selector),
        selector=selector,
        guid=guid,
        paper=paper,
        paper_name=clean_line(passage.paper_name, MAX_NAME_CHARS),
        title=clean_line(passage.title, MAX_TITLE_CHARS),
        link=clean_link(passage.link) if passage.link else None,
        published=passage.published,
        note=clean_line(passage.note, MAX_NOTE_CHARS),
        kept_at=passage.kept_at,
        changed_at=passage.changed_at,
        id=passage.id,
        story=passage.story,
    )
