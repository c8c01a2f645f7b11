"""Table of terminals, with a row for each. To add a terminal, add a row here and its recorded replies to the tests.

Rows hold only facts that were measured or are in the terminal's own documentation. The defaults of `Terminal` apply to terminals
without a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.text.phrase import Phrase

Version = tuple[int, ...]
"""Version number of a terminal, as a tuple of its parts; empty if it is unknown."""
Since = Version | None
"""First version of a terminal with a feature: an empty tuple if all versions have the feature, None if none is known to have it."""


class Terminal(NamedTuple):
    """Known properties of a terminal, or of a multiplexer around the app."""

    name: str
    """Name in the terminal's reply to XTVERSION, in lower case, or our own name for a terminal that doesn't reply."""

    # ── recognition ──
    environment_marks: tuple[str, ...] = ()
    """Environment variables that identify the terminal without XTVERSION, as name or `name=value`; only the part of TERM before a
    hyphen is compared.
    """
    variables: tuple[str, ...] = ()
    """Other environment variables that the terminal sets. Other terminals started in it inherit them, so they don't identify it."""
    multiplexes_by: str = ""
    """Environment variable that is set inside this multiplexer; empty if the terminal is no multiplexer."""
    misreads_graphics: bool = False
    """Whether the terminal mistakes kitty's graphics query for a window title."""
    passes_only_strings: bool = False
    """Whether the multiplexer passes device control strings (DCS) on, but prints operating system commands (OSC) as text."""
    answers_queries: bool | None = None
    """True if the terminal always replies to queries, so that the probe waits; False if it never does; None if that isn't known."""

    # ── pictures ──
    placeholders: Since = None
    """First version with kitty's Unicode placeholders (characters for cells of an image). Some terminals accept kitty's graphics
    query (`a=q`) but have no placeholders.
    """
    repeats_placeholders: Since = None
    """First version that repeats a placeholder (character for a cell of an image) correctly by REP (ECMA-48, 8.3.103)."""
    inline: Since = None
    """First version that shows inline pictures (OSC 1337)."""
    sixel: bool = False
    """Whether every tested version supports sixel; used only to report that a multiplexer blocks it."""
    exact_sixel: Since = None
    """First version that draws nothing below a sixel picture's stated height. In earlier versions, an incomplete band of six lines
    scrolls the last row.
    """
    scales_sixel: bool = False
    """Whether the terminal scales sixel pictures as if a cell were 10 × 20 px, as the VT340 did."""
    keeps_sixel_in_tmux: bool = False
    """Whether a sixel picture inside tmux stays on the screen whatever tmux draws there, even after the program ends."""
    passes_sixel: Since = None
    """First version of this multiplexer that passes sixel on, and reports in DA1 whether the terminal around it supports sixel."""
    loses_scrolled_pictures: bool = False
    """Whether pictures are lost when they scroll."""
    blends_linearly: bool = False
    """Whether the terminal blends pictures in linear light, not by sRGB values."""

    # ── block characters whose neighbours join: having them in a font doesn't mean that they do ──
    octants: Since = None
    sextants: Since = None
    quarters: Since = None
    """First version that draws quadrants and quarters of a cell itself, not by a font, so that there are no gaps between cells."""
    half_blocks: Since = None
    """First version whose half blocks have no gaps between cells; used only if no finer set of blocks is known to have no gaps."""

    # ── text ──
    truecolour: bool = True
    has_bengali: bool = True
    """Whether the terminal has a font with Bengali; without one, Bengali in cells is invisible."""
    shapes: Since = None
    """First version whose Bengali in cells can be read by OCR: vowel signs are in their places, and conjuncts are drawn as their
    letters.
    """
    overdraws: bool = False
    """Whether the terminal draws the next letter over a letter that is wider than its cells."""
    drops_marks: bool = False
    """Whether the next letter replaces a combining mark that has no cell of its own. A mark in its own cell is drawn."""
    keeps_logical_order: bool = False
    """Whether vowel signs that belong before their letter are drawn after it, in the order of the text."""
    tears_cells: bool = False
    """Whether a Bengali sign in a cell of its own moves the rest of its row. The mode `cells` isn't offered then."""
    counts_as_tmux: bool = False
    """Whether Bengali takes the same number of cells in this terminal as in tmux."""
    narrow_marks: str = ""
    """Pattern of marks that get a cell in tmux but not in this terminal. In it, `{spacing}` and `{nonspacing}` are replaced by all
    marks of these kinds (UAX #44).
    """
    draws_narrow_beside: bool = False
    """Whether the terminal draws marks that match `narrow_marks` in the place of the next letter."""
    shortens_conjuncts: bool = False
    """Whether a conjunct (joined consonants) takes at most two cells."""

    # ── the desktop ──
    has_title: bool = True
    """Whether the terminal's window has a title. A console without windows would print the sequence that sets it."""
    notification_protocol: Literal["", "OSC 9", "OSC 99"] = ""
    """Protocol for desktop notifications, or "" if there is none."""

    # ── advice in `doctor` ──
    advice: Phrase | None = None
    """Advice for readers with this terminal, given whether or not it shows pictures; None for no advice."""
    picture_advice: Phrase | None = None
    """Advice for readers with this terminal, given if it shows no pictures; None for no advice."""


_EACH_SPACING: Final = "[{spacing}]+"

TERMINALS: Final[Mapping[str, Terminal]] = {
    row.name: row
    for row in (
        Terminal(
            "kitty",
            variables=("KITTY_WINDOW_ID",),
            answers_queries=True,
            placeholders=(0, 28),
            repeats_placeholders=(0, 41),
            blends_linearly=True,  # since 0.28, its first version with placeholders
            octants=(0, 40),
            sextants=(),
            narrow_marks=_EACH_SPACING,
            notification_protocol="OSC 99",
        ),
        Terminal("ghostty", placeholders=(1, 0), octants=(1, 2), sextants=(), notification_protocol="OSC 9"),
        Terminal("rio", placeholders=(0, 5, 27), sextants=()),
        Terminal(
            "foot",
            environment_marks=("TERM=foot",),
            answers_queries=True,
            sixel=True,
            exact_sixel=(1, 21),
            octants=(1, 20),
            sextants=(),
            narrow_marks=_EACH_SPACING,
            shortens_conjuncts=True,
            notification_protocol="OSC 9",
        ),
        Terminal(
            "konsole",
            variables=("KONSOLE_VERSION",),
            answers_queries=True,
            inline=(22, 4),
            keeps_sixel_in_tmux=True,
            sextants=(22,),
            shapes=(25, 4),
            narrow_marks="[{spacing}{nonspacing}]{{2,}}",  # a mark gets a cell unless another mark is beside it
            advice=Phrase(
                "Konsole: for plain text too, turn on Profile → Appearance → Complex Text Layout, word mode with Brahmic scripts."
            ),
        ),
        Terminal(
            "wezterm",
            environment_marks=("TERM=wezterm",),
            answers_queries=True,
            sixel=True,
            sextants=(),
            notification_protocol="OSC 9",
        ),
        Terminal("iterm2", inline=(3,), notification_protocol="OSC 9"),
        Terminal("mintty", inline=(3,)),
        Terminal("contour", environment_marks=("TERM=contour",), answers_queries=True, sixel=True, sextants=()),
        Terminal("mlterm", sixel=True),
        Terminal(
            "xterm.js",
            environment_marks=("TERM_PROGRAM=vscode",),
            sixel=True,
            quarters=(),
            tears_cells=True,  # 6.0 without WebGL
            picture_advice=Phrase("VS Code: with `terminal.integrated.enableImages` on, it shows pictures, and real type."),
        ),
        Terminal("warp", environment_marks=("TERM_PROGRAM=WarpTerminal",)),  # kitty's pictures, but no placeholders
        Terminal(
            "xterm",
            variables=("XTERM_VERSION",),
            answers_queries=True,
            loses_scrolled_pictures=True,
            keeps_logical_order=True,
            counts_as_tmux=True,
            picture_advice=Phrase("xterm: started with `-ti vt340`, it shows pictures, and real type."),
        ),
        Terminal(
            "vte",
            variables=("VTE_VERSION",),
            answers_queries=True,
            octants=(0, 78),
            sextants=(0, 62),
            shapes=(0, 80),
            overdraws=True,
            counts_as_tmux=True,
        ),
        Terminal(
            "windows terminal", environment_marks=("WT_SESSION",), answers_queries=True, sixel=True, scales_sixel=True, sextants=()
        ),
        Terminal("apple terminal", environment_marks=("TERM_PROGRAM=Apple_Terminal",), truecolour=False),
        Terminal(
            "linux",
            environment_marks=("TERM=linux",),
            answers_queries=False,
            half_blocks=(),
            truecolour=False,
            has_bengali=False,
            has_title=False,
            picture_advice=Phrase(
                "The console has no Bengali letters: use kmscon, fbterm or a graphical terminal. To hear the news: `bpost --plain`."
            ),
        ),
        Terminal("cons25", environment_marks=("TERM=cons25",), truecolour=False, has_title=False),
        Terminal(
            "st",
            environment_marks=("TERM=st",),
            answers_queries=True,
            shapes=(),
            overdraws=True,
            drops_marks=True,
            keeps_logical_order=True,
            counts_as_tmux=True,
        ),
        Terminal("rxvt", environment_marks=("TERM=rxvt",), truecolour=False, keeps_logical_order=True),
        Terminal("putty", environment_marks=("TERM=putty",), keeps_logical_order=True),
        Terminal("tmux", environment_marks=("TERM=tmux",), multiplexes_by="TMUX", misreads_graphics=True, answers_queries=True),
        Terminal(
            "screen",
            environment_marks=("TERM=screen",),
            multiplexes_by="STY",
            misreads_graphics=True,
            passes_only_strings=True,
            truecolour=False,
            keeps_logical_order=True,
        ),
        Terminal("zellij", multiplexes_by="ZELLIJ", passes_sixel=(0, 44)),
        # last, since terminals started in it inherit its variable
        Terminal(
            "alacritty",
            environment_marks=("TERM=alacritty", "ALACRITTY_WINDOW_ID"),
            answers_queries=True,
            sextants=(),
            overdraws=True,
            keeps_logical_order=True,
            narrow_marks="[\u09be\u09d7]+",
            draws_narrow_beside=True,
        ),
    )
}
"""Terminals by name. If the environment matches several terminals, the first of them is used."""

NO_TERMINAL: Final = ("", "dumb")
"""Values of the variable TERM in an environment without a terminal that can draw."""
_FURTHER_VARIABLES: Final = ("SSH_CONNECTION", "TERM_PROGRAM")
"""Environment variables, besides the variables in `TERMINALS`, that show that the terminal will reply. ssh sets SSH_CONNECTION, and
over ssh replies may come late. Several terminals set TERM_PROGRAM, and all of them reply.
"""


def find_terminal(name: str) -> Terminal:
    """Return the row of the terminal called `name`, or a row of defaults if the table has no such terminal."""
    return TERMINALS.get(name.lower()) or Terminal(name)


def terminal_in_environment(env: Mapping[str, str]) -> Terminal | None:
    """Return the row of the terminal that the environment identifies, or None if it identifies none."""
    return next((row for row in TERMINALS.values() if _is_named(row, env)), None)


def multiplexer(env: Mapping[str, str]) -> str:
    """Return the name of the multiplexer that the app runs in, or "" if it runs in none."""
    return next((row.name for row in TERMINALS.values() if env.get(row.multiplexes_by)), "")


def may_query(env: Mapping[str, str]) -> bool:
    """Whether queries may be sent to the terminal. They may not if TERM names no terminal, or if the terminal never replies."""
    if env.get("TERM", "") in NO_TERMINAL:
        return False
    return not any(row.answers_queries is False and _is_named(row, env) for row in TERMINALS.values())


def always_answers(env: Mapping[str, str]) -> bool:
    """Whether the environment variables `env` name a terminal or multiplexer that replies to all queries of the probe.

    COLORTERM isn't used, since terminals that never reply may inherit it.
    """
    rows = [row for row in TERMINALS.values() if row.answers_queries]
    inherited = (name for row in rows for name in (*row.variables, row.multiplexes_by))
    return any(map(env.get, (*_FURTHER_VARIABLES, *inherited))) or any(_is_named(row, env) for row in rows)


def variables() -> tuple[str, ...]:
    """Return the names of all environment variables that identify a terminal, or show that it will reply; TERM is one of them."""
    of_rows = (name for row in TERMINALS.values() for name in (*row.environment_marks, *row.variables, row.multiplexes_by) if name)
    return tuple(dict.fromkeys((*_FURTHER_VARIABLES, *(name.partition("=")[0] for name in of_rows))))


def is_since(since: Since, version: Version) -> bool:
    """Whether `version` of a terminal has a feature that was added in version `since`.

    An empty `since` means that all versions have the feature, and None that no version is known to have it.
    """
    return since is not None and version >= since


def _is_named(row: Terminal, env: Mapping[str, str]) -> bool:
    return any(_is_set(each, env) for each in row.environment_marks)


def _is_set(condition: str, env: Mapping[str, str]) -> bool:
    name, is_of_value, wanted = condition.partition("=")
    value = env.get(name, "")
    if name == "TERM":
        value = value.partition("-")[0]
    return value == wanted if is_of_value else bool(value)
