"""Topics of a story: tags, author, and place, each a link to a search. Pure.

A topic's query is made of the words of its name alone, so no character of a name acts as query syntax. On a page, a topic is a
link. When the reader follows it, its address is only compared with the addresses of the shown story's topics, never parsed.
"""

from __future__ import annotations

from typing import Final, Literal

from bpost_tui.i18n import message
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.datelines import dateline_place
from bpost_tui.model.story import SavedStory
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple

Kind = Literal["tag", "author", "place"]
TopicUse = Literal["open", "keep", "mute"]
"""Uses of a topic: open its stories, save its query as a search ("keep"), or mute it.

A second "keep" or "mute" reverts the first.
"""
KIND_NAMES: Final = {"tag": message("Tag"), "author": message("Author"), "place": message("Place")}
MUTED_AS: Final = {"tag": "tags", "author": "authors", "place": "words"}
"""Maps the kind of a topic to the key under `[mute]` in the config that lists the muted topics of this kind."""
_MOST_TAGS = 12
_QUOTES = lazy_pattern('["“”„]+')


class Topic(NamedTuple):
    """Topic of a story: a tag, the author, or the place."""

    kind: Kind
    name: str
    """Name of the topic, spelled as in the paper."""

    @property
    def link(self) -> str:
        """Link to the topic on the story's page. It has a scheme of its own, so it can't be mistaken for a page's address."""
        return f"topic:{self.kind}:{self.name}"

    @property
    def query(self) -> str:
        """Query that finds stories with this topic.

        The words of a tag are searched among tags, the words of an author among authors. The words of a place are searched
        everywhere, in any grammatical form.
        """
        from bpost_tui.bengali.normalise import words  # imported late: 5 ms, with the first search

        if self.kind != "place":
            return f'{self.kind}:"{_QUOTES.sub(" ", self.name).strip()}"'
        return " ".join(word for word in words(self.name) if word != "or")


def topics_of(saved: SavedStory) -> tuple[Topic, ...]:
    """Return the topics of a story in the order of its page. A name appears only once, because papers also use places as tags."""
    row = saved.headline
    tags = [Topic("tag", name) for name in (row.tag, *saved.tags)][: _MOST_TAGS + 1]
    place = dateline_place(plain_text(saved.blocks[:1]))
    found = (*tags[:1], Topic("author", row.author), Topic("place", place), *tags[1:])
    names: dict[str, Topic] = {}
    for topic in found:
        if any(map(str.isalnum, topic.name)):
            names.setdefault(topic.name.casefold(), topic)
    return tuple(names.values())


def topic_at(link: str, saved: SavedStory | None) -> Topic | None:
    """Return the topic of a story that a link on its page leads to; None if the link is a web address, or `saved` is None."""
    return next((topic for topic in topics_of(saved) if topic.link == link), None) if saved is not None else None
