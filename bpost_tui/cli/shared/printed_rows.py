"""Lists of stories as they are printed: in real type where the terminal takes it, else in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.story_lists import story_lines
from bpost_tui.model.story import Headline

if TYPE_CHECKING:
    from bpost_tui.cli.shared.console import Console
    from bpost_tui.cli.shared.context import Context
    from bpost_tui.store.results import Hit


def print_rows(context: Context, console: Console, rows: Sequence[Headline], papers: Mapping[str, str]) -> None:
    """Print headlines, in real type where `show` would be drawn in it, with the names of their papers where there are any."""
    if not print_in_type(context, console, rows, papers):
        for line in story_lines(rows, context.language, console.cells, papers):
            console.result(line)
    if console.cells and rows:
        console.note(
            context.language.text("The numbers are the stories' own: `bpost show {id}`, `bpost read {id}`", id=str(rows[0].id))
        )


def print_in_type(
    context: Context, console: Console, rows: Sequence[Headline], papers: Mapping[str, str], hits: Sequence[Hit] = ()
) -> bool:
    """Print headlines, and below them what a search found, in real type; return False where `show` wouldn't be drawn in it."""
    if console.cells and not context.plain:
        from bpost_tui.cli.shared.show_in_type import rows_in_type  # 25 ms, and only for a terminal

        if (lines := rows_in_type(context, rows, papers, hits, console.cells)) is not None:
            for line in lines:
                console.picture(line)
            return True
    return False
