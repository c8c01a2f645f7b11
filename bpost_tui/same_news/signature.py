"""A story's signature: what of it is compared with other stories. Pure, linear in the text, of which the beginning counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from bpost_tui.bengali.letters import composed
from bpost_tui.bengali.normalise import words
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.datelines import dateline, place_tag, without_tag
from bpost_tui.model.story import Story
from bpost_tui.same_news.common_words import bits, is_rare, per_thousand
from bpost_tui.same_news.days import Days, day_in_india, days_of
from bpost_tui.same_news.figures import Figure, figures_of
from bpost_tui.same_news.keys import key_of
from bpost_tui.same_news.places import Places, places_of
from bpost_tui.same_news.stages import stages_of

LEAD_CHARS = 700
"""How much of the text is compared: its first paragraphs say what has happened, the rest what happened before."""
_MOST_TITLE_CHARS = 400
_MOST_READ_CHARS = 2000
"""Read of a text, dateline included."""
_MOST_LOOKED_AT_CHARS = 400
_SHORT = 2
"""Words of so many characters are no names."""
_TELLING_BITS = 0.5
"""Words that tell less than this aren't kept."""
# what a paper writes before its news without a day: নিজস্ব সংবাদদাতা, খড়্গপুর:
_BYLINE = re.compile(r"[^।!?\n:]{0,80}(?:প্রতিবেদন|প্রতিবেদক|সংবাদদাতা|প্রতিনিধি|ব্যুরো|ডেস্ক)[^।!?\n:]{0,60}:")
_PLACE = re.compile(r"[^।!?\n:\d]{2,30}:")
_NAME = r"[^\W\d_][^\s\d(),।:;]*"
_AGED = re.compile(rf"((?:{_NAME} ){{0,2}}{_NAME}) ?\((?:[০-৯0-9]{{1,3}})\)")
_NAMED = re.compile(rf"(?:মৃতের|মৃতার|ধৃতের|মৃত যুবকের|মৃত ব্যক্তির|অভিযুক্তের) নাম,? ((?:{_NAME} ?){{1,3}})")


class Signature:
    """What of a story is compared; words are keys (keys.py). What takes long to make is made when it is first asked for."""

    def __init__(self, title: str, text: str, published: datetime) -> None:
        title, text = title[:_MOST_TITLE_CHARS], text[:_MOST_READ_CHARS].lstrip()
        self.published = published
        self._tag = place_tag(title)
        self._headline = without_tag(title)
        self._before = dateline(text) or _byline(text)
        self._lead = text[len(self._before) :][:LEAD_CHARS]
        self._title_words, self._lead_words = words(self._headline), words(self._lead)
        self._title_keys = frozenset(map(key_of, self._title_words))
        self._words = {key_of(word): word for word in reversed(self._title_words + self._lead_words)}

    @cached_property
    def headline(self) -> frozenset[str]:
        """The words of the headline that tell something."""
        return frozenset(key for key in self._title_keys if _is_word(key) and bits(key) > _TELLING_BITS)

    @cached_property
    def written(self) -> Mapping[str, str]:
        """The words of headline and lead → as they may be shown."""
        return {key: composed(word) for key, word in self._words.items() if _is_word(key)}

    @cached_property
    def places(self) -> Places:
        """Of the headline, the dateline and the lead."""
        return places_of(words(self._before) + self._title_words + self._lead_words, words(self._tag))

    @cached_property
    def headline_places(self) -> Places:
        """Of the headline alone."""
        return places_of(self._title_words)

    @cached_property
    def figures(self) -> frozenset[Figure]:
        """The numbers of headline and lead."""
        return figures_of(f"{self._headline}. {self._lead}")

    @cached_property
    def headline_figures(self) -> frozenset[Figure]:
        """The numbers of the headline alone."""
        return figures_of(self._headline)

    @cached_property
    def days(self) -> Days:
        """The days that are named."""
        return days_of(f"{self._lead} {self._headline}", day_in_india(self.published))

    @cached_property
    def names(self) -> frozenset[str]:
        """Words of the names of people whom the event has befallen."""
        return _names(self._lead)

    @cached_property
    def headline_stages(self) -> frozenset[str]:
        """How far the event has come, by the headline."""
        return stages_of(self._title_keys)

    @cached_property
    def stages(self) -> frozenset[str]:
        """How far the event has come, by headline and lead."""
        return stages_of(self._words)


def _is_word(key: str) -> bool:
    return len(key) > 1 and not key.isdigit()


def signature_of(story: Story, published: datetime) -> Signature:
    """Return a story's signature; `published` counts where the story has no date of its own."""
    return sign(story.title, plain_text(story.blocks) or story.excerpt, story.published or published)


def rarest_words(story: Story, most: int) -> dict[str, str]:
    """Return a story's rarest words, by their keys, normalised: what other accounts of its news are looked for by.

    Those of the headline come before equally rare ones of the lead. It takes a tenth of the time that the signature takes.
    """
    text = (plain_text(story.blocks) or story.excerpt)[:_MOST_READ_CHARS].lstrip()
    lead = text[len(dateline(text) or _byline(text)) :][:_MOST_LOOKED_AT_CHARS]
    found: dict[str, str] = {}
    rare = 0
    for word in words(without_tag(story.title[:_MOST_TITLE_CHARS])) + words(lead):
        if len(word) > _SHORT and not word[0].isdigit() and (key := key_of(word)) not in found:
            found[key] = word
            rare += is_rare(key)
            if rare == most:  # to make the keys of all words takes longer than all else here
                break
    return {key: found[key] for key in sorted(found, key=per_thousand)[:most]}


def sign(title: str, text: str, published: datetime) -> Signature:
    """Return the signature of a headline and a text."""
    return Signature(title, text, published)


def _byline(text: str) -> str:
    """Return what stands before the news: a paper's own name for who reports, or the place alone (ডেবরা:)."""
    if found := _BYLINE.match(text):
        return found[0]
    found = _PLACE.match(text)
    return found[0] if found and places_of(words(found[0])).near else ""


def _names(lead: str) -> frozenset[str]:
    found = [match[1] for pattern in (_AGED, _NAMED) for match in pattern.finditer(lead)]
    return frozenset(key for name in found for word in words(name) if bits(key := key_of(word)) > _TELLING_BITS * 8)
