"""Detection of the terminal and its capabilities: a pure function of its replies and the environment.

The obvious way is the environment: TERM, or a table by TERM_PROGRAM. It fails: TERM is `xterm-256color` in most terminals.
Variables are inherited by terminals started in another one and lost over ssh, and inside a multiplexer they name the wrong program.
So the terminal's own answer to XTVERSION counts first, and the environment only if there is none. Inside tmux, tmux is asked about
the terminal around it. A name alone isn't enough either: a terminal may accept kitty's query but show no placeholders, or report
sixel although a multiplexer drops it. So a render mode needs a row in `terminals` with the first version that has it, and the reply
that confirms it, if such a reply exists (`graphics_support`). Without pictures, text is drawn in block characters (a mosaic), or
shown in the terminal's own characters (cells) if the window is too small. Pictures are never guessed: a terminal without a row gets
sixel only if it reports sixel and the size of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode, WindowSize
from bpost_tui.typesetting.terminal.graphics_support import GUESSED_CELL_PX, GraphicsSupport, OuterTerminal
from bpost_tui.typesetting.terminal.queries import SAMPLES
from bpost_tui.typesetting.terminal.replies import Replies
from bpost_tui.typesetting.terminal.sgr import environment_paper
from bpost_tui.typesetting.terminal.terminals import (
    Terminal,
    Version,
    find_terminal,
    is_since,
    multiplexer,
    terminal_in_environment,
)
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.phrase import Phrase
from bpost_tui.typesetting.typeset.mosaic_dots import dot_sizes, em_across

TextSetting = Literal["auto", "pixels", "mosaic", "cells"]
"""Render mode (way to show text) that the reader wants, by its name in the config; "auto" is the best that the terminal has."""

_COMFORTABLE_SIZE = (18, 6)
"""Minimum size of a window for drawing all text in block characters, as (letters in a line, lines of body text).

In a smaller window, short words such as names of categories and keys are shown in the terminal's own characters.
"""
_MIN_SIZE = (8, 3)
"""Minimum size of a window for drawing text in block characters (a mosaic), as (letters in a line, lines of body text).

A smaller window can't show a headline.
"""

_MONOCHROME = lazy_pattern(r"vt(?:52|100|102|131|132|220|320|340|420)(?:-.*)?|.+-(?:m|mono)")
"""Pattern of the values of TERM that name terminals without colours, according to ncurses' terminfo."""


def detect(
    replies: Replies,
    env: Mapping[str, str],
    requested: TextSetting = "auto",
    *,
    window: WindowSize | None = None,
    outer: OuterTerminal | None = None,
) -> Capabilities:
    """Return the terminal's capabilities, in the best render mode that it can draw and the reader wants.

    Args:
        replies: Replies of the terminal; empty if it couldn't be queried.
        env: Environment variables.
        requested: Render mode that the reader chose.
        window: Size of the window, or None if there is no window.
        outer: Terminal around tmux; None if the app doesn't run in tmux, or tmux didn't answer.
    """
    around = multiplexer(env)
    if around == "tmux" and outer is not None:
        name, version = identify(Replies(version=outer.version or None), {**env, "TERM": outer.name})
    else:
        name, version = identify(replies, env)
    terminal = find_terminal(name)
    known_px = _cell_px(replies, window)
    cell_w_px, cell_h_px = known_px or GUESSED_CELL_PX
    graphics = GraphicsSupport(terminal, version, replies, around, outer or OuterTerminal(), known_px)
    mosaic = _mosaic(terminal, version)
    mode, why = _render_mode(name, replies, env, requested, graphics, window)
    room = _text_size(mosaic, window, (cell_w_px, cell_h_px)) if window is not None and window.cols else None
    reads_in_cells = not around and is_since(terminal.shapes, version)
    cramped: Phrase | None = None
    if mode is RenderMode.MOSAIC and requested == "auto" and room is not None and terminal.has_bengali:
        cramped = _too_small_reason(room, _COMFORTABLE_SIZE if reads_in_cells else _MIN_SIZE)
    return Capabilities(
        name=name,
        version=version,
        render_mode=RenderMode.CELLS if cramped else mode,
        why=Phrase("{why}; {more}", why=why, more=cramped) if cramped else why,
        cell_w_px=cell_w_px,
        cell_h_px=cell_h_px,
        truecolour=terminal.truecolour and (bool(name) or env.get("COLORTERM", "") in ("truecolor", "24bit")),
        mosaic=mosaic,
        samples=replies.samples,
        multiplexer=around,
        reports_focus=outer is None or outer.reports_focus,
        pictures_blocked=graphics.is_known_to_show_pictures() and graphics.blocked_reason() is not None and graphics.best() is None,
        background=replies.background or environment_paper(env),
        foreground=replies.foreground,
        palette=replies.palette,
        colourless=bool(env.get("NO_COLOR") or _MONOCHROME.fullmatch(env.get("TERM", ""))),
        is_remote="SSH_CONNECTION" in env,
        is_too_small_for_mosaic=bool(cramped),
        is_small_for_mosaic=room is not None and not _fits(_COMFORTABLE_SIZE, room),
        is_cell_size_known=known_px is not None,
    )


def identify(replies: Replies, env: Mapping[str, str]) -> tuple[str, Version]:
    """Return the terminal's name in lower case, and its version; the name is "" if neither replies nor environment show it.

    `kitty(0.41.1)` is ("kitty", (0, 41, 1)), `VTE(8001)` is ("vte", (0, 80, 1)).
    """
    if replies.version is not None:
        match = re.match(r"\s*([A-Za-z][A-Za-z.\d]*)[ (]*v?(\d+(?:\.\d+)*)?", replies.version)
        if match:
            name = match[1].lower()
            numbers = tuple(map(int, match[2].split("."))) if match[2] else ()
            return name, (0, *divmod(numbers[0], 100)) if name == "vte" and numbers else numbers
    terminal = terminal_in_environment(env)
    return terminal.name if terminal is not None else "", ()


def _mosaic(terminal: Terminal, version: Version) -> Mosaic:
    """Return the finest set of block characters that this version of the terminal is known to draw without gaps."""
    known_to_join = (
        (Mosaic.OCTANT, terminal.octants),
        (Mosaic.SEXTANT, terminal.sextants),
        (Mosaic.QUARTER, terminal.quarters),
        (Mosaic.HALF, terminal.half_blocks),
    )
    return next((mosaic for mosaic, since in known_to_join if is_since(since, version)), Mosaic.QUADRANT)


def _render_mode(
    name: str,
    replies: Replies,
    env: Mapping[str, str],
    requested: TextSetting,
    graphics: GraphicsSupport,
    window: WindowSize | None,
) -> tuple[RenderMode, str]:
    """Return the best render mode that the terminal supports and the reader wants, and the reason for it.

    `name` is the name of the terminal, and `graphics` its support for pictures. If `window` is None, there is no window, and the
    mode is `cells` (plain text). The size of the window doesn't matter here.
    """
    if window is None or env.get("TERM", "dumb") == "dumb":
        return RenderMode.CELLS, Phrase("there is no terminal that can show more")
    if not _is_utf8(replies, env):
        return RenderMode.CELLS, Phrase("the terminal or the locale isn't UTF-8")
    if requested == "cells":
        return RenderMode.CELLS, Phrase("your choice")
    if requested == "mosaic":
        return RenderMode.MOSAIC, Phrase("your choice")
    best = graphics.best()
    if best is not None:
        return best
    if blocked_reason := graphics.blocked_reason():
        return RenderMode.MOSAIC, blocked_reason
    shown = name or Phrase("the terminal")
    if requested == "pixels":
        return RenderMode.MOSAIC, Phrase("pixels were chosen, but {name} can't show pictures", name=shown)
    return RenderMode.MOSAIC, Phrase("{name} can't show pictures", name=shown)


def _text_size(mosaic: Mosaic, window: WindowSize, cell_px: tuple[int, int]) -> tuple[int, int]:
    """Return how much body text fits into the window if it is drawn in the blocks of `mosaic`, as (letters in a line, lines).

    `cell_px` is the width and height of a cell in pixels.
    """
    sizes = dot_sizes(mosaic.across, mosaic.down)
    dots_per_em = em_across(sizes.em, (cell_px[1] / mosaic.down) / (cell_px[0] / mosaic.across))
    return int(window.cols * mosaic.across / dots_per_em), window.rows * mosaic.down // sizes.pitch


def _fits(least: tuple[int, int], room: tuple[int, int]) -> bool:
    return all(needed <= there for needed, there in zip(least, room, strict=True))


def _too_small_reason(room: tuple[int, int], least: tuple[int, int]) -> Phrase | None:
    """Return the reason why a window is too small for text in block characters (a mosaic), or None if it is large enough.

    `room` is the size of the window for this text, and `least` the minimum size, both as (letters in a line, lines).
    """
    if _fits(least, room):
        return None
    ems, lines = room
    return Phrase("in mosaic, the window has room for only {lines} lines of {ems} letters", lines=lines, ems=ems)


def _cell_px(replies: Replies, window: WindowSize | None) -> tuple[int, int] | None:
    """Return the width and height of a cell in pixels, from the terminal's `replies` or `window`; None if unknown or implausible.

    The reply to `CSI 16 t` is exact; sizes computed from other sources may include the window's margins.
    """
    window = window or WindowSize()
    if replies.cell_px is not None:
        return replies.cell_px if window.can_have(replies.cell_px) else None
    width_px, height_px = replies.area_px or (0, 0)
    return window.cell_px or window._replace(width_px=width_px, height_px=height_px).cell_px


def _is_utf8(replies: Replies, env: Mapping[str, str]) -> bool:
    if replies.samples:
        return max(replies.samples) <= 2 * max(map(len, SAMPLES))  # read as Latin-1, each letter would take three cells
    locale = next((env[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if env.get(key)), "")
    return "utf-8" in locale.lower() or "utf8" in locale.lower()
