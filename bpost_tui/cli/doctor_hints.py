"""What would make it better in a terminal: a sentence each, for `doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.i18n import Reason
from bpost_tui.terminal.capabilities import Capabilities, RenderMode, widths_agree
from bpost_tui.terminal.graphics_support import takes_placeholders


def advice(can: Capabilities, *, is_spare_font: bool) -> Iterator[Reason]:
    """Yield the sentences.

    Args:
        can: What the terminal can do, on the rung that it begins with.
        is_spare_font: Whether type is set in the font that comes with bpost for want of a better one.
    """
    if can.name == "konsole":
        yield Reason(
            "Konsole: for plain text too, turn on Profile → Appearance → Complex Text Layout, word mode with Brahmic scripts."
        )
    if can.render_mode is RenderMode.MOSAIC or can.is_cramped:
        yield from _pictures(can)
    if can.render_mode is RenderMode.SIXEL and not can.reports_focus:
        yield Reason("tmux: `set -g focus-events on` has type drawn anew when you come back; tmux remembers but 20 pictures.")
    if not widths_agree(can):
        yield Reason(
            "Cells may tear the page inside {name}: it and the terminal around it may differ in Bengali's width; mosaic holds.",
            name=can.multiplexer,
        )
    if can.is_cramped:
        yield Reason("A larger window or a smaller font has room for a mosaic of real type; `T` shows it in this one, too.")
    if is_spare_font:
        yield Reason("Install Noto Sans Bengali (fonts-noto-core in Debian): in our trials it was read with the fewest errors.")


def _pictures(can: Capabilities) -> Iterator[Reason]:
    """Say what a terminal without pictures wants for them."""
    if can.multiplexer in ("screen", "zellij"):
        yield Reason("{name} lets no pictures through; real type needs a terminal of its own, or tmux.", name=can.multiplexer)
    elif can.multiplexer == "tmux" and takes_placeholders(can.name, can.version):
        yield Reason("tmux: `set -g allow-passthrough on` lets real type through to the terminal around it.")
    elif can.multiplexer == "tmux" and can.pictures_withheld:
        yield Reason("Outside of tmux this terminal shows real type.")
        if can.name != "konsole":
            yield Reason(
                "tmux: built with sixel, and with a font whose cells are a multiple of 6 px high, it shows real type, too."
            )
    elif can.name == "xterm":
        yield Reason("xterm: started with `-ti vt340` it takes pictures, and shows real type.")
    else:
        yield Reason("Real type needs a terminal that can show pictures, such as kitty, Ghostty, foot, Konsole, WezTerm or iTerm2.")
