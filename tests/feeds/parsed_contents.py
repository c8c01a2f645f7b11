"""Contents of a feed in bpost's stories."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from bpost_tui.model.blocks import Embed, Image, ListBlock, Preformatted, Span, text_of, texts_of
from bpost_tui.model.story import Story
from tests.feeds.expected_contents import Count, address, words

_APART = Span("")


def count(stories: Iterable[Story]) -> Count:
    """Return the contents of `stories`."""
    counted = Count()
    for story in stories:
        counted.items += 1
        _add_story(story, counted)
    return counted


def _add_story(story: Story, counted: Count) -> None:
    links: set[str] = set()
    for block in story.blocks:
        texts = [block.caption] if isinstance(block, Image) else list(texts_of(block))
        spans = [span for text in texts for span in (*text, _APART)]
        counted.words.update(word for text in texts for word in words(text_of(text)))
        lines = [line for text in texts for line in text_of(text).split("\n")]
        counted.paragraphs.update(key for line in lines if (key := " ".join(words(line)[:4])))
        links |= {address(link, "") for link, _ in groupby(spans, key=lambda span: span.link) if link}
        match block:
            case Preformatted():
                counted.code_lines.update(key for line in block.text.split("\n") if (key := " ".join(words(line))))
            case ListBlock(items):
                counted.list_items.update(key for _, each in items if (key := " ".join(words(text_of(each))[:4])))
            case Image():
                counted.pictures.update([address(block.src, "")])
                counted.alts.update(words(f"{block.alt} {text_of(block.caption)}"))
            case Embed():
                counted.embeds.update([(block.address != "" and "embed") or ""])
                links.add(address(block.address, ""))
    counted.links.update(links)
    counted.media.update({address(block.address, "") for block in story.blocks if isinstance(block, Embed)})
    counted.media.update([address(story.image or "", "")] if story.image else [])
    counted.media.update(address(block.src, "") for block in story.blocks if isinstance(block, Image))
    counted.authors.update(set(words(story.author)))
    counted.categories.update({word for name in (*(each.name for each in story.categories), *story.tags) for word in words(name)})
    counted.titles.update(words(story.title))
