"""Normalised words of a story, read once and used both for the search index and for finding the same news. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bpost_tui.bengali.normalise import words
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.datelines import dateline, place_tag, without_tag
from bpost_tui.model.story import Story
from bpost_tui.typesetting.text.named_tuple import NamedTuple

LEAD_WORDS = 130
"""Number of words at the beginning of a text that are compared to find other stories about the same news. The first paragraphs
report the news; the rest is background.
"""
# byline without a day before the news: নিজস্ব সংবাদদাতা, খড়্গপুর:
_BYLINE = re.compile(r"[^।!?\n:]{0,80}(?:প্রতিবেদন|প্রতিবেদক|সংবাদদাতা|প্রতিনিধি|ব্যুরো|ডেস্ক)[^।!?\n:]{0,60}:")


class StoryWords(NamedTuple):
    """Words of a story, in reading order."""

    title: list[str]
    """Words of the whole headline, including its place tag."""
    heading: list[str]
    """Words of the headline without its place tag."""
    text: list[str]
    """Words of the whole text."""
    lead: list[str]
    """First words of the text, without a dateline or byline at its beginning."""


@lru_cache(maxsize=4)
def words_of(story: Story) -> StoryWords:
    """Return the words of a story."""
    title, text = story.title, plain_text(story.blocks) or story.excerpt
    titled, read, start = words(title), words(text), text.lstrip()
    found = _BYLINE.match(start)
    # a place in Bengali counts as a word of the headline
    before = len(words(title[: len(title) - len(without_tag(title))])) if place_tag(title).isascii() else 0
    first = len(words(dateline(start) or (found[0] if found else "")))
    return StoryWords(titled, titled[before:], read, read[first : first + LEAD_WORDS])
