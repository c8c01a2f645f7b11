"""Kept passages on a story's page: where each stands now, and the quotation of what is selected. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bpost_tui.model.blocks import Blocks
from bpost_tui.model.kept_passages import MAX_QUOTED_CHARS, KeptPassage, Selector
from bpost_tui.model.passages import Kind, PassageText, quotable_text
from bpost_tui.reading.story.selection import PageWords
from bpost_tui.reading.templates import Found
from bpost_tui.typeset.items import Item

_WORD = re.compile(r"\S+")


class Placed(NamedTuple):
    """A passage on a page."""

    passage: KeptPassage
    kind: Kind
    item: int
    """Below which its note is set: where it ends, or the text, if it is gone."""
    stretches: tuple[Found, ...] = ()
    """Where it stands, by items, without the notes that are set below them; empty where it is gone."""


def placed(passages: Sequence[KeptPassage], items: Sequence[Item], blocks: Blocks) -> tuple[Placed, ...]:
    """Return where passages of a story stand on its page, from its top; what is gone comes last."""
    text, words = quotable_text(blocks), PageWords(items, blocks)
    quoted, spans = PassageText(text), _word_spans(text)
    found: list[Placed] = []
    for passage in passages:
        kind, start, end = quoted.find(passage.selector)
        inside = [number for number, (begins, ends) in enumerate(spans) if begins < end and ends > start]
        if kind is Kind.GONE or not inside or inside[-1] >= len(words.words):
            found.append(Placed(passage, Kind.GONE, words.words[-1].item if words.words else len(items) - 1))
        else:
            stretches = words.stretches(inside[0], inside[-1])
            found.append(Placed(passage, kind, stretches[-1].item, stretches))
    last = Found(len(items), 0, 0)
    return tuple(sorted(found, key=lambda each: each.stretches[0] if each.stretches else last))


def quotation(blocks: Blocks, first: int, last: int) -> Selector | None:
    """Return the selector of a story's words, by their numbers on its page (`selection.PageWords`); None if it quotes none."""
    text = quotable_text(blocks)
    spans = _word_spans(text)
    if not first <= last < len(spans):
        return None
    return PassageText(text).quote(spans[first][0], spans[last][1])


def is_too_long(selector: Selector) -> bool:
    """Whether a quotation is longer than a passage may be."""
    return len(selector.exact) > MAX_QUOTED_CHARS


def _word_spans(text: str) -> list[tuple[int, int]]:
    """Return from where to where each word stands; those of a page have the same numbers, however it is spaced."""
    return [word.span() for word in _WORD.finditer(text)]
