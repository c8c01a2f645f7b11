"""Lines in columns that stay aligned whatever script they are in."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.cli.context import clock
from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline
from bpost_tui.reading.wording import aged
from bpost_tui.text.graphemes import cell_width, truncate

UNREAD, STARRED = "●", "★"


def story_lines(rows: Sequence[Headline], language: Language, cells: int | None) -> list[str]:
    """Return a line for each story: number, marks, age, headline, cut to a terminal's width."""
    now = clock()
    numbers = column([str(row.id) for row in rows], right=True)
    ages = column([aged(row, language, now) for row in rows], right=True)
    marks = [(" " if row.read else UNREAD) + (STARRED if row.starred else " ") for row in rows]
    titles = [row.title or language.text("(no headline)") for row in rows]
    lines = [f"{number} {mark} {age}  {title}" for number, mark, age, title in zip(numbers, marks, ages, titles, strict=True)]
    return lines if cells is None else [truncate(line, cells) for line in lines]


def column(texts: Sequence[str], *, right: bool = False) -> list[str]:
    """Return texts filled up with spaces to the width of the widest."""
    width = max(map(cell_width, texts), default=0)
    fills = [" " * (width - cell_width(text)) for text in texts]
    return [fill + text if right else text + fill for text, fill in zip(texts, fills, strict=True)]
