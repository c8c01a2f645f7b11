"""What is known of each terminal, a row each: another is a row here, and what it answers among the tests' recorded replies.

Only what was measured, or what its own documentation says. What `Terminal` says by default is taken for any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from bpost_tui.typesetting.text.phrase import Phrase

Version = tuple[int, ...]
"""A terminal's version number in parts; empty where it is unknown."""
Since = Version | None
"""The first version that has something: empty where all have it, None where none is known to."""


class Terminal(NamedTuple):
    """What is known of a terminal, or of a multiplexer around us."""

    name: str
    """What it calls itself (XTVERSION), in lower case; another name where it doesn't."""

    # ── how it is recognised ──
    environment_marks: tuple[str, ...] = ()
    """What of the environment names it where it doesn't itself: a variable, or one with its value (of TERM, up to a hyphen)."""
    variables: tuple[str, ...] = ()
    """Other variables that it sets; other terminals that are started in it inherit them."""
    multiplexes_by: str = ""
    """The variable that says we are inside it, where it is a multiplexer."""
    misreads_graphics: bool = False
    """Whether it takes kitty's query for a title."""
    passes_only_strings: bool = False
    """Whether it passes on device control strings (DCS), and prints operating system commands."""
    answers_queries: bool | None = None
    """Whether it always answers our queries, so that it is waited for; False: never, so that it is asked nothing."""

    # ── pictures ──
    placeholders: Since = None
    """Kitty's pictures in place of characters: that a terminal takes `a=q` says nothing of them."""
    inline: Since = None
    """Inline pictures (OSC 1337)."""
    sixel: bool = False
    """Whether every version that we met takes sixel pictures; used only to say that a multiplexer withholds them."""
    exact_sixel: Since = None
    """Nothing is drawn below a sixel picture's stated height: a partial band in the last row scrolls nothing."""
    scales_sixel: bool = False
    """Whether sixel pictures are scaled as if a cell were 10 × 20 px large, the size it had in the VT340."""
    keeps_sixel_in_tmux: bool = False
    """Whether a sixel picture is shown on whatever tmux draws over it, even after the program ends."""
    passes_sixel: Since = None
    """Sixel pictures go through to the terminal around it, and its attributes (DA1) say whether that takes them."""
    loses_scrolled_pictures: bool = False
    """Whether pictures that scroll are lost."""
    blends_linearly: bool = False
    """Whether pictures are blended in linear light."""

    # ── block characters whose neighbours join: that a font has them says nothing of that ──
    octants: Since = None
    sextants: Since = None
    half_blocks: Since = None
    """Where it has no finer ones."""

    # ── text ──
    truecolour: bool = True
    has_bengali: bool = True
    """Whether it has a font with Bengali; without one, cells show nothing at all."""
    shapes: Since = None
    """Bengali in its own cells can be read, by OCR: vowel signs in their places, conjuncts as their letters."""
    overdraws: bool = False
    """Whether a letter that is wider than its cells is covered by the next one."""
    drops_marks: bool = False
    """Whether a mark without cells lasts only until the next letter, which takes its place: in a cell of its own it is drawn."""
    keeps_logical_order: bool = False
    """Whether pre-base vowel signs are left where the text has them."""
    counts_as_tmux: bool = False
    """Whether it gives Bengali as many cells as tmux does."""
    narrow_marks: str = ""
    """A pattern of the marks to which it gives no cell, but tmux does, with `{spacing}` and `{nonspacing}` for marks (UAX #44)."""
    draws_narrow_beside: bool = False
    """Whether those are drawn where the next letter is."""
    shortens_conjuncts: bool = False
    """Whether no conjunct has more than two cells."""

    # ── the desktop ──
    has_title: bool = True
    """Whether its window has a title; a console would print the sequence."""
    notification_protocol: Literal["", "OSC 9", "OSC 99"] = ""
    """How it is asked to notify."""

    # ── what `doctor` says ──
    advice: Phrase | None = None
    """In any case."""
    picture_advice: Phrase | None = None
    """Where it shows none."""


_EACH_SPACING: Final = "[{spacing}]+"

TERMINALS: Final[Mapping[str, Terminal]] = {
    row.name: row
    for row in (
        Terminal(
            "kitty",
            variables=("KITTY_WINDOW_ID",),
            answers_queries=True,
            placeholders=(0, 28),
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
            narrow_marks="[{spacing}{nonspacing}]{{2,}}",  # it gives a cell to a mark without another beside it
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
            picture_advice=Phrase("VS Code: with `terminal.integrated.enableImages` on, it shows pictures, and real type."),
        ),
        Terminal("warp", environment_marks=("TERM_PROGRAM=WarpTerminal",)),  # kitty's pictures, but none in place of characters
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
        # the last, since terminals that are started in it inherit its variable
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
"""By name; where the environment could name several, the first."""

NO_TERMINAL: Final = ("", "dumb")
"""The TERM of what is no terminal."""
_FURTHER_VARIABLES: Final = ("SSH_CONNECTION", "TERM_PROGRAM")
"""Set by several terminals, which all answer, or by ssh, whose terminal may answer late."""


def find_terminal(name: str) -> Terminal:
    """Return what is known of the terminal of a name."""
    return TERMINALS.get(name.lower()) or Terminal(name)


def terminal_in_environment(env: Mapping[str, str]) -> Terminal | None:
    """Return the terminal that the environment names; None where it names none."""
    return next((row for row in TERMINALS.values() if _is_named(row, env)), None)


def multiplexer(env: Mapping[str, str]) -> str:
    """Return the name of the multiplexer that we are in; empty where we are in none."""
    return next((row.name for row in TERMINALS.values() if env.get(row.multiplexes_by)), "")


def may_query(env: Mapping[str, str]) -> bool:
    """Whether a terminal may be sent queries."""
    if env.get("TERM", "") in NO_TERMINAL:
        return False
    return not any(row.answers_queries is False and _is_named(row, env) for row in TERMINALS.values())


def always_answers(env: Mapping[str, str]) -> bool:
    """Whether what the environment names, or was started in, always answers; not by COLORTERM, which others inherit."""
    rows = [row for row in TERMINALS.values() if row.answers_queries]
    inherited = (name for row in rows for name in (*row.variables, row.multiplexes_by))
    return any(map(env.get, (*_FURTHER_VARIABLES, *inherited))) or any(_is_named(row, env) for row in rows)


def variables() -> tuple[str, ...]:
    """Return the environment variables by which terminals are recognised, TERM among them."""
    of_rows = (name for row in TERMINALS.values() for name in (*row.environment_marks, *row.variables, row.multiplexes_by) if name)
    return tuple(dict.fromkeys((*_FURTHER_VARIABLES, *(name.partition("=")[0] for name in of_rows))))


def is_since(since: Since, version: Version) -> bool:
    """Whether a version has what is there since another."""
    return since is not None and version >= since


def _is_named(row: Terminal, env: Mapping[str, str]) -> bool:
    return any(_is_set(each, env) for each in row.environment_marks)


def _is_set(condition: str, env: Mapping[str, str]) -> bool:
    name, is_of_value, wanted = condition.partition("=")
    value = env.get(name, "")
    if name == "TERM":
        value = value.partition("-")[0]
    return value == wanted if is_of_value else bool(value)
