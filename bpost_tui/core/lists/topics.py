"""Topics of a story: tags, author, and place, each a link to a search. Pure.

A topic's query is made of the words of its name alone, so nothing in a name is syntax. On a page, a topic is a link whose value
identifies a topic of the story that is shown; the value itself is never parsed.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from bpost_tui.i18n import message
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.datelines import dateline_place
from bpost_tui.model.story import SavedStory
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

Kind = Literal["tag", "author", "place"]
TopicUse = Literal["open", "keep", "mute"]
"""Uses of a topic: open its stories, keep its query as a saved search, or mute it. Repeating the latter two reverts them."""
KIND_NAMES: Final = {"tag": message("Tag"), "author": message("Author"), "place": message("Place")}
MUTED_AS: Final = {"tag": "tags", "author": "authors", "place": "words"}
"""Kind → table of `[mute]` in the config for rules about it."""
_MOST_TAGS = 12
_QUOTES = lazy_pattern('["“”„]+')


class Topic(NamedTuple):
    """Topic of a story."""

    kind: Kind
    name: str
    """Name, as the paper writes it."""

    @property
    def link(self) -> str:
        """Link of the topic on the story's page; never equal to an address of a paper (`urls.clean_link`)."""
        return f"topic:{self.kind}:{self.name}"

    @property
    def query(self) -> str:
        """Query for stories with this topic: the name's words in their field; a place's words anywhere, in any form."""
        from bpost_tui.bengali.normalise import words  # 5 ms, with the first search

        if self.kind != "place":
            return f'{self.kind}:"{_QUOTES.sub(" ", self.name).strip()}"'
        return " ".join(word for word in words(self.name) if word != "or")


def topics_of(saved: SavedStory) -> tuple[Topic, ...]:
    """Return the topics of a story in the order of its page, each name once, since papers tag with the place as well."""
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
    """Return the topic of a story that a link on its page denotes; None if the link is an address."""
    return next((topic for topic in topics_of(saved) if topic.link == link), None) if saved is not None else None
