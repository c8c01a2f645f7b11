"""A card: a story's headline as a picture to pass on, with the paper, the day and the address."""

from __future__ import annotations

from bpost_tui.i18n import Language
from bpost_tui.model.datelines import dateline, without_tag
from bpost_tui.model.links import shown_host
from bpost_tui.model.story import SavedStory
from bpost_tui.typeset.items import Item, Para, Rule, Run, Size

_MOST_LINES = 6
_EXCERPT_LINES = 3


def card(saved: SavedStory, language: Language, *, paper: str) -> tuple[Item, ...]:
    """The paper, the headline, the first lines, the day and where the story stands."""
    row = saved.headline
    excerpt = row.excerpt.removeprefix(dateline(row.excerpt)).strip()
    where = " · ".join(part for part in (row.tag, language.date(row.published), shown_host(row.link or "")) if part)
    return (
        Para((Run(paper, "accent", bold=True),), Size.BODY),
        Para(
            (Run(without_tag(row.title) or language.text("(no headline)"), "headline"),),
            Size.HEADLINE,
            before=0.4,
            max_lines=_MOST_LINES,
        ),
        *([Para((Run(excerpt, "text"),), Size.SMALL, before=0.6, max_lines=_EXCERPT_LINES)] if excerpt else []),
        Rule(before=0.8),
        Para((Run(where, "meta"),), Size.SMALL, before=0.4),
    )
