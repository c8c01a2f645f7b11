"""Template of a story's card, a picture for sharing: paper, headline, first lines or a passage, day and address."""

from __future__ import annotations

from bpost_tui.core.wording import shown_title
from bpost_tui.i18n import Language
from bpost_tui.model.datelines import dateline, untagged_headline
from bpost_tui.model.story import SavedStory
from bpost_tui.model.story_links import display_host
from bpost_tui.typesetting.text.text_direction import join_with_dots
from bpost_tui.typesetting.typeset.items import Item, Para, Rule, Run, Size

_MOST_LINES = 6
_EXCERPT_LINES = 3
_PASSAGE_LINES = 24
_PASSAGE_INDENT_EM = 1.0


def card(saved: SavedStory, language: Language, *, paper: str, passage: str = "") -> tuple[Item, ...]:
    """Return the card's items: paper, headline, the story's first lines or a passage, and a line with tag, day and website.

    `paper` is the paper's name. If `passage` is empty, the card has the first lines.
    """
    row = saved.headline
    headline = untagged_headline(row.title)
    tag = "" if headline.startswith(row.tag) else row.tag
    where = join_with_dots(tag, language.date(row.published), display_host(row.link or ""))
    return (
        Para((Run(paper, "accent", bold=True),), Size.BODY),
        Para(
            (Run(shown_title(headline, language), "headline"),),
            Size.SUBHEAD if passage else Size.HEADLINE,
            before=0.4,
            max_lines=_MOST_LINES,
            is_prose=True,
        ),
        *(_quoted(passage) if passage else _opening(row.excerpt.removeprefix(dateline(row.excerpt)).strip())),
        Rule(before=0.8),
        Para((Run(where, "meta"),), Size.SMALL, before=0.4),
    )


def _opening(excerpt: str) -> tuple[Item, ...]:
    return (Para((Run(excerpt, "text"),), Size.SMALL, before=0.6, max_lines=_EXCERPT_LINES, is_prose=True),) if excerpt else ()


def _quoted(passage: str) -> tuple[Item, ...]:
    """Return the paragraphs of a quoted passage. Each has a vertical bar at its side."""
    paragraphs = [part for part in passage.split("\n") if part.strip()]
    return tuple(
        Para(
            (Run(part, "text"),),
            Size.BODY,
            indent=_PASSAGE_INDENT_EM,
            bar="accent",
            before=0.8,
            max_lines=_PASSAGE_LINES,
            is_prose=True,
        )
        for part in paragraphs
    )
