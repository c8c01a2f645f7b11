"""Templates of links: the rows in the list of a story's links, and a story's topics shown as links."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.core.lists.topics import KIND_NAMES, Kind, Topic
from bpost_tui.i18n import Language
from bpost_tui.model.story_links import StoryLink, display_host
from bpost_tui.typesetting.typeset.items import Item, Para, Run, Runs, Size


def link_row(number: int, link: StoryLink, language: Language) -> tuple[Item, ...]:
    """Return a row for the list of links: the link's number and words, and on the next line the address (host and path)."""
    words = Run(link.text or language.text("(no text)"), "headline", bold=True)
    where = (Run(display_host(link.address), "link"), Run(link.path, "meta"))
    return (
        Para((words,), Size.LIST, indent=2.0, marker=_marker(number, language), max_lines=1),
        Para(where, Size.SMALL, indent=2.4, max_lines=1, before=0.2),
    )


def topic_row(number: int, topic: Topic, language: Language, keys: str) -> tuple[Item, ...]:
    """Return a row for a topic in the list of links: number and name, and on the next line its kind and `keys`.

    `keys` names the keys that act on the topic under the cursor; it is empty in other rows.
    """
    what = (Run(language.text(KIND_NAMES[topic.kind]), "headline"), Run(f"  {keys}", "meta"))
    return (
        Para((Run(topic.name, "headline", bold=True),), Size.LIST, indent=2.0, marker=_marker(number, language), max_lines=1),
        Para(what, Size.SMALL, indent=2.4, max_lines=1, before=0.2),
    )


def _marker(number: int, language: Language) -> Runs:
    return (Run(f"{language.number(number)}.", "meta"),)


def linked(runs: Runs, topics: Sequence[Topic], kind: Kind) -> Runs:
    """Return `runs` (pieces of text in one style), with the name of a topic as a link in the colour of the text around it.

    The topic is the first of `topics` whose kind is `kind`. If its name isn't in `runs`, they are returned unchanged.
    """
    topic = next((topic for topic in topics if topic.kind == kind), None)
    at = next((at for at, run in enumerate(runs) if topic is not None and run.link is None and topic.name in run.text), None)
    if topic is None or at is None:
        return runs
    before, _, after = runs[at].text.partition(topic.name)
    parts = (runs[at]._replace(text=before), runs[at]._replace(text=topic.name, link=topic.link), runs[at]._replace(text=after))
    return (*runs[:at], *(part for part in parts if part.text), *runs[at + 1 :])


def more_on(topics: Sequence[Topic], language: Language) -> Para:
    """Return the line "More on …" below a story. Each of the `topics` (tags, author, place; at least one) is a link."""
    runs = [Run(language.text("More on"), "meta"), Run("  ")]
    for topic in topics:
        runs += [Run(topic.name, "link", underline=True, link=topic.link), Run(" · ", "faded")]
    return Para(tuple(runs[:-1]), Size.SMALL, before=1.0)
