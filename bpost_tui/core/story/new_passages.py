"""Passages of a story that are new since the reader read it, marked in the margin of its page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bpost_tui.bengali.normalise import words
from bpost_tui.core.story.selection import PageWords
from bpost_tui.edits.page_lines import is_page_line
from bpost_tui.model.blocks import Blocks, text_of, texts_of
from bpost_tui.model.passage_anchoring import quotable_texts
from bpost_tui.model.story import SavedStory
from bpost_tui.model.text_diff import DiffKind, paragraph_changes
from bpost_tui.typesetting.typeset.items import Item, Para

_BAR = "mark"
_CACHED = 4


def with_new_passages(items: Sequence[Item], saved: SavedStory) -> tuple[Item, ...]:
    """Return `items`, a story's page, with a bar beside each paragraph that has new words.

    Words are new if the version of the story that the reader read doesn't have them.
    """
    new = _new_items(items, saved)
    return tuple(item._replace(bar=_BAR) if at in new and isinstance(item, Para) else item for at, item in enumerate(items))


def first_new_item(items: Sequence[Item], saved: SavedStory) -> int:
    """Return the index of the first item (paragraph, heading …) of a story's page with new words.

    Return 0 if no item has new words. Also return 0 if the first paragraph of the story's text has new words, so that the page is
    shown from its top, with the headline. Lines that the web page adds to the story, such as counters, don't count as its first
    paragraph.
    """
    first, left_out = min(_new_items(items, saved), default=0), page_lines(saved.blocks)
    texts = zip(PageWords(items, saved.blocks).items, _lines(saved.blocks), strict=False)
    return 0 if first == next((at for at, line in texts if line not in left_out), 0) else first


def _new_items(items: Sequence[Item], saved: SavedStory) -> frozenset[int]:
    if saved.version_read is None:
        return frozenset()
    new = new_paragraphs(_lines(saved.version_read.blocks), _lines(saved.blocks), page_lines(saved.blocks))
    return frozenset(item for at, item in enumerate(PageWords(items, saved.blocks).items) if at in new)


def _lines(blocks: Blocks) -> tuple[str, ...]:
    """Return the paragraphs and other texts of a story that a reader can quote, each with single spaces between words."""
    return tuple(" ".join(text.split()) for text in quotable_texts(blocks) if text.strip())


def page_lines(blocks: Blocks) -> frozenset[str]:
    """Return the lines of a story's text that were only part of its web page (counters, ages, links to other stories).

    Each line has single spaces between words.
    """
    texts = (spans for block in blocks for spans in texts_of(block))
    return frozenset(" ".join(text_of(spans).split()) for spans in texts if is_page_line(spans))


@lru_cache(maxsize=_CACHED)
def new_paragraphs(before: tuple[str, ...], after: tuple[str, ...], left_out: frozenset[str]) -> frozenset[int]:
    """Return the indices of the paragraphs in `after` with new words, which the paragraph's earlier version in `before` lacks.

    A paragraph without an earlier version has only new words. A word isn't new if it differs only in a letter's spelling variant,
    in punctuation, or in the script of its digits. Paragraphs that were only moved, and the lines in `left_out`, are omitted.
    """
    known, found, at = {tuple(words(line)) for line in before}, set[int](), -1
    for parts in paragraph_changes("\n\n".join(before), "\n\n".join(after)):
        old, new = (
            words(" ".join(part.text for part in parts if part.kind is not kind)) for kind in (DiffKind.ADDED, DiffKind.REMOVED)
        )
        at += any(part.kind is not DiffKind.REMOVED for part in parts)
        is_new = any(part.kind is DiffKind.ADDED for part in parts) and old != new
        if is_new and tuple(new) not in known and " ".join(after[at].split()) not in left_out:
            found.add(at)
    return frozenset(found)
