"""Replies of terminals to the probe, as measured or as documented in their sources, with the expected detection."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpost_tui.typesetting.terminal.capabilities import Mosaic, RenderMode


def _sent(
    *, version: str = "", da1: str, graphics: str = "", widths: tuple[int, ...] = (2, 2, 4), cell: str = "", area: str = ""
) -> bytes:
    parts = [
        f"\x1b_Gi=31;{graphics}\x1b\\" if graphics else "",
        *(f"\x1b[1;{width + 1}R" for width in widths),
        f"\x1bP>|{version}\x1b\\" if version else "",
        cell,
        area,
        "\x1b]10;rgb:e5e5/e5e5/e5e5\x1b\\\x1b]11;rgb:1010/1010/1010\x1b\\",
        da1,
    ]
    return "".join(parts).encode()


@dataclass(frozen=True)
class Dialogue:
    name: str
    answer: bytes
    render_mode: RenderMode
    mosaic: Mosaic
    env: dict[str, str] = field(default_factory=dict)
    pixels: tuple[int, int] = (1000, 600)
    """Width and height of the window according to the kernel."""


CELL, AREA = "\x1b[6;20;10t", "\x1b[4;600;1000t"
XTERM = {"TERM": "xterm-256color", "LANG": "bn_IN.UTF-8"}

DIALOGUES = (
    Dialogue(
        "kitty",
        _sent(version="kitty(0.41.1)", da1="\x1b[?62;c", graphics="OK", widths=(1, 2, 3), cell=CELL),
        RenderMode.KITTY,
        Mosaic.OCTANT,
    ),
    Dialogue(
        "ghostty",
        _sent(version="ghostty 1.2.3", da1="\x1b[?62;22c", graphics="OK", widths=(1, 2, 3), cell=CELL),
        RenderMode.KITTY,
        Mosaic.OCTANT,
    ),
    Dialogue(
        "wezterm",
        _sent(version="WezTerm 20251015-1f9e2a4b", da1="\x1b[?65;4;6;18;22c", graphics="OK", widths=(1, 2, 2), cell=CELL),
        RenderMode.SIXEL,
        Mosaic.SEXTANT,
    ),
    Dialogue(
        "foot",
        _sent(version="foot(1.21.0)", da1="\x1b[?62;4;22;28c", widths=(1, 2, 2), cell=CELL),
        RenderMode.SIXEL,
        Mosaic.OCTANT,
    ),
    Dialogue(
        "konsole",
        _sent(version="Konsole 25.04.2", da1="\x1b[?62;1;4c", graphics="OK", cell=CELL),
        RenderMode.INLINE,
        Mosaic.SEXTANT,
    ),
    Dialogue(
        "vte", _sent(version="VTE(8001)", da1="\x1b[?61;1;21;22;28c", area=AREA), RenderMode.MOSAIC, Mosaic.OCTANT, pixels=(0, 0)
    ),
    Dialogue(
        "alacritty", _sent(da1="\x1b[?6c", widths=(1, 2, 4), area=AREA), RenderMode.MOSAIC, Mosaic.SEXTANT, {"TERM": "alacritty"}
    ),
    Dialogue("st", _sent(da1="\x1b[?6c").replace(b"\x1b\\", b"\x07"), RenderMode.MOSAIC, Mosaic.QUADRANT, {"TERM": "st-256color"}),
    Dialogue("xterm", _sent(version="XTerm(398)", da1="\x1b[?64;1;2;6;9;15;18;21;22c"), RenderMode.MOSAIC, Mosaic.QUADRANT),
    Dialogue(
        "iterm2",
        _sent(version="iTerm2 3.6.5", da1="\x1b[?64;1;2;4;6;17;18;21;22c", cell=CELL),
        RenderMode.INLINE,
        Mosaic.QUADRANT,
    ),
    Dialogue(
        "windows terminal",
        _sent(da1="\x1b[?61;4;6;7;14;21;22;23;24;28;32;42c", widths=(2, 2, 2)),
        RenderMode.SIXEL,
        Mosaic.SEXTANT,
        {"WT_SESSION": "1"},
        (0, 0),
    ),
    Dialogue("xterm.js", _sent(version="xterm.js(5.6.0)", da1="\x1b[?62;4;9;22c", cell=CELL), RenderMode.SIXEL, Mosaic.QUARTER),
    Dialogue(
        "tmux",
        _sent(version="tmux 3.5a", da1="\x1b[?1;2;4c", cell="\x1b[6;16;8t"),
        RenderMode.MOSAIC,
        Mosaic.QUADRANT,
        {"TERM": "tmux-256color", "TMUX": "/nowhere/tmux,1,0"},
        (0, 0),
    ),
)
