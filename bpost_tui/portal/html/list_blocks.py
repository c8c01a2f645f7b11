"""A list's items → its blocks: parts of the list, and in their places what can't be text of an item, such as code. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bpost_tui.limits import MAX_ITEMS
from bpost_tui.model.blocks import Block, Heading, ListBlock, Paragraph, Quote, Spans, texts_of
from bpost_tui.portal.html.block_assembly import join_lines


def list_blocks(entries: Iterable[Sequence[Block]], *, ordered: bool = False, before: tuple[int, ...] = ()) -> Iterator[Block]:
    """Yield a list by the blocks of each item.

    Args:
        entries: The blocks; nested lists among them are a level deeper, and of one that is all quoted the quotation is the text.
        ordered: Whether the items have numbers.
        before: How many of them come before the first one, where it doesn't begin at 1.
    """
    part: list[tuple[int, Spans]] = []
    for entry in entries:
        has_text = False
        texts = (Quote,) if all(isinstance(block, Quote) for block in entry) else (Paragraph, Heading)
        for is_text, blocks in groupby(entry, key=lambda block: isinstance(block, texts)):
            if is_text and not has_text:
                part.append((0, join_lines(spans for block in blocks for spans in texts_of(block))))
                has_text = True
                continue
            for block in blocks:
                if isinstance(block, ListBlock):
                    part += ((depth + 1, spans) for depth, spans in block.items)
                    continue
                if part:
                    whole = ListBlock(tuple(part[:MAX_ITEMS]), ordered, before)
                    yield whole
                    part, before = [], whole.after
                yield block
    if part:
        yield ListBlock(tuple(part[:MAX_ITEMS]), ordered, before)
