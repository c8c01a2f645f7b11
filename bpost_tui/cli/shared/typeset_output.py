"""Typeset output of `show`, `list`, `search` and `digest` in terminals that show pixels, and the setup of the pager (`type`).

It uses the typesetter and encoders of the screen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bpost_tui.cli.shared.command_context import CommandContext, clock
from bpost_tui.cli.shared.story_table import STARRED, UNMIXED, UNREAD, snippet_pieces
from bpost_tui.core.wording import age_line, change_line, shown_title
from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode, render_mode_for, terminal_name
from bpost_tui.typesetting.terminal.colours import TerminalColours
from bpost_tui.typesetting.terminal.probe import Probe
from bpost_tui.typesetting.terminal.tty import has_pending_keys
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import SurfaceTable

if TYPE_CHECKING:
    from bpost_tui.model.search_values import Hit
    from bpost_tui.typesetting.terminal.display import Display
    from bpost_tui.typesetting.typeset.items import Item, Palette
    from bpost_tui.typesetting.typeset.protocols import Typesetter

_MARGIN_CELLS = 1
_INDENT_EM = 4.5
"""Width in em of the space before a headline, which holds the story's id and marks."""
_BEFORE_EM = 0.3
_BEFORE_SECTION_EM = 0.8


def story_in_type(context: CommandContext, saved: SavedStory, paper: str, cells: int) -> Iterator[str] | None:
    """Return a story as typeset lines to print; None if this terminal can't show pixels, or if the reader chose plain text.

    `paper` is the name of the story's paper; `cells` is the width of the terminal.
    """

    def items() -> Sequence[Item]:
        from bpost_tui.core.templates import story  # with the typesetter, 60 ms

        return story(saved, context.language, paper=paper, indents=context.settings.paragraphs == "indent")

    return _in_type(context, items, min(cells - 2 * _MARGIN_CELLS, context.settings.text_width))


def rows_in_type(
    context: CommandContext, rows: Sequence[Headline], papers: Mapping[str, str], hits: Sequence[Hit], cells: int
) -> Iterator[str] | None:
    """Return typeset lines of headlines, for a terminal `cells` wide.

    If `hits` aren't empty, each headline has its search snippet below. Return None if there are no headlines, if this terminal
    can't show pixels, or if the reader chose plain text. `papers` maps papers' keys to names to show with the stories; it is empty
    if all stories are of one paper.
    """
    measure_cells = cells - 2 * _MARGIN_CELLS
    return _in_type(context, lambda: tuple(_rows(context.language, rows, hits, papers)), measure_cells) if rows else None


def digest_in_type(
    context: CommandContext,
    title: str,
    subtitle: str,
    sections: Sequence[tuple[str, Sequence[Hit]]],
    papers: Mapping[str, str],
    cells: int,
) -> Iterator[str] | None:
    """Return a digest as typeset lines for a terminal `cells` wide: title and subtitle, then each section's name and stories.

    `papers` maps papers' keys to names to show with the stories; empty for none. Return None if this terminal can't show pixels, or
    if the reader chose plain text.
    """

    def items() -> Iterator[Item]:
        from bpost_tui.typesetting.typeset.items import Para, Run, Size

        yield Para((Run(title, "headline"),), Size.HEADLINE)
        yield Para((Run(subtitle, "meta"),), Size.SMALL)
        for name, hits in sections:
            yield Para((Run(name, "accent"),), Size.SUBHEAD, before=_BEFORE_SECTION_EM)
            yield from _rows(context.language, [hit.headline for hit in hits], hits, papers)

    return _in_type(context, lambda: tuple(items()), cells - 2 * _MARGIN_CELLS)


def _rows(language: Language, rows: Sequence[Headline], hits: Sequence[Hit], papers: Mapping[str, str] = UNMIXED) -> Iterator[Item]:
    from bpost_tui.typesetting.typeset.items import Pair, Para, Run, Size

    now = clock()
    found = {hit.headline.id: hit for hit in hits}
    for row in rows:
        title = shown_title(row.title, language)
        marks = ("" if row.read else UNREAD) + (STARRED if row.starred else "")
        marker = (Run(str(row.id), "meta"), *((Run(f" {marks}", "accent"),) if marks else ()))
        paper_names = [papers.get(row.paper, row.paper)] if papers else []
        change = change_line(row, language)
        age = Run(f"{change} · " if change else "", "accent"), Run(" · ".join((*paper_names, age_line(row, language, now))), "meta")
        yield Pair((Run(title, bold=not row.read),), age, Size.LIST, indent=_INDENT_EM, marker=marker, before=_BEFORE_EM)
        if (hit := found.get(row.id)) and hit.snippet:
            runs = tuple(Run(text, "mark" if is_mark else "meta", underline=is_mark) for text, is_mark in snippet_pieces(hit))
            yield Para(runs, Size.SMALL, indent=_INDENT_EM, max_lines=1)


class TypeSetup(NamedTuple):
    """Typesetter, display and colours that suit this terminal."""

    capabilities: Capabilities
    display: Display
    surfaces: SurfaceTable
    setter: Typesetter
    inks: Palette


def type_setup(context: CommandContext) -> TypeSetup:
    """Probe the terminal, and return the typesetter, display and colours for it.

    In a terminal that is too small for the app's three panes in a mosaic (text drawn in block characters), the app doesn't use a
    mosaic. The pager does, because it has only one pane.
    """
    capabilities, _ = _probe_terminal(context, leaves_keys=False)
    if capabilities.is_too_small_for_mosaic:
        capabilities = capabilities._replace(render_mode=RenderMode.MOSAIC, is_too_small_for_mosaic=False)
    return _type_in(context, capabilities)


def _probe_terminal(context: CommandContext, *, leaves_keys: bool) -> tuple[Capabilities, RenderMode]:
    """Probe the terminal. Return its capabilities, and the render mode (how text is drawn) that the reader chose for it.

    If `leaves_keys`, keys typed during the probe stay in the terminal's input.
    """
    with Probe.start(os.environ, leaves_keys=leaves_keys) as probe:
        capabilities = probe.finish()
    chosen = context.preferences().values.render_mode(context.text, context.settings.text, terminal_name(capabilities, os.environ))
    return capabilities, render_mode_for(capabilities, chosen)


def _type_in(context: CommandContext, capabilities: Capabilities) -> TypeSetup:
    from bpost_tui.core.display_settings import configured_display
    from bpost_tui.core.themes import AUTO, COLOURLESS, Themes

    settings, surfaces = context.settings, SurfaceTable()
    display = configured_display(capabilities, surfaces, settings, context.preferences(), context.text)
    themes = Themes(context.folders.config / "themes")
    themes.set_terminal_colours(TerminalColours.of(capabilities), capabilities.background)
    inks = themes[COLOURLESS if capabilities.colourless else settings.theme if capabilities.background is None else AUTO].inks
    return TypeSetup(capabilities, display, surfaces, display.typesetter(), inks)


def _in_type(context: CommandContext, items: Callable[[], Sequence[Item]], measure_cells: int) -> Iterator[str] | None:
    """Return items as typeset lines of at most `measure_cells` cells; None if they can't be typeset.

    They can't if this terminal shows no pixels, or loses pictures when it scrolls; if pixels aren't chosen; if keys were typed
    ahead; or if no font is found. `items` is a function, so that items are made only if they are typeset.
    """
    # keys typed ahead come before the terminal's answers, and couldn't be given back to the shell
    if context.settings.text not in ("auto", "pixels") or has_pending_keys():
        return None
    capabilities, render_mode = _probe_terminal(context, leaves_keys=True)
    if render_mode in (RenderMode.MOSAIC, RenderMode.CELLS) or capabilities.known_terminal.loses_scrolled_pictures:
        return None
    _, display, surfaces, setter, inks = _type_in(context, capabilities)
    if display.font_problem is not None:
        return None
    galley = setter.galley(items(), measure_cells)

    # each row is written with two empty rows below it: so neither it nor the row its picture may reach into is the screen's last
    display.boundary.rows = galley.rows + 2
    display.boundary.translate("\x1b[1;1H")

    def lines() -> Iterator[str]:
        for row in range(galley.rows):
            band = galley.band(row, inks)
            tokens = surfaces.tokens(band.surface, row - band.first_row)
            yield display.boundary.translate(f"\n\n\x1b[2A{' ' * _MARGIN_CELLS}{tokens}\n")

    return lines()
