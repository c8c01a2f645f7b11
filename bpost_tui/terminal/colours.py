"""How the stream asks for colours: by value, by the names that the terminal has for its own, or not at all (https://no-color.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bpost_tui.terminal.capabilities import Capabilities
from bpost_tui.terminal.sgr import palette_colour
from bpost_tui.typeset.surface import Colour

SIXTEEN = tuple(
    [*("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")]
    + [f"bright-{name}" for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")]
)
"""The names of the first sixteen colours, in their order (ECMA-48, and aixterm's brighter ones)."""
_SGR = re.compile(r"\x1b\[([\d;:]*)m")
_GUESSED_INK, _GUESSED_PAPER = palette_colour(7), palette_colour(0)


class OwnColours(NamedTuple):
    """The terminal's own colours, as it told them; what it didn't tell is xterm's."""

    ink: Colour = _GUESSED_INK
    paper: Colour = _GUESSED_PAPER
    sixteen: tuple[Colour, ...] = tuple(map(palette_colour, range(16)))

    @classmethod
    def of(cls, can: Capabilities) -> OwnColours:
        """Return the colours of a terminal."""
        paper = can.background or _GUESSED_PAPER
        light = sum(paper) > 3 * 127
        told = dict(can.palette)
        return cls(
            can.foreground or (palette_colour(0) if light else _GUESSED_INK),
            paper,
            tuple(told.get(index, palette_colour(index)) for index in range(16)),
        )

    def name(self, colour: Colour, *, behind: bool) -> str:
        """Return the SGR parameter of a colour that is the terminal's own, as ink or behind it; else nothing."""
        if colour == (self.paper if behind else self.ink):
            return "49" if behind else "39"
        if colour not in self.sixteen:
            return ""
        index = self.sixteen.index(colour)
        return str((30 if index < 8 else 82) + index + (10 if behind else 0))


class Colours:
    """Rewrites the renditions in a stream."""

    def __init__(self, *, none: bool = False) -> None:
        self.none = none
        """Whether no colour is asked for."""
        self.own: OwnColours | None = None
        """The colours that are asked for by name, while a theme is made of them."""

    def written(self, stream: str) -> str:
        """Return a stream with its colours as this terminal is to be asked for them."""
        return _SGR.sub(self._rendition, stream) if self.none or self.own else stream

    def _rendition(self, match: re.Match[str]) -> str:
        kept = ";".join(self._parameters(match[1]))
        return f"\x1b[{kept}m" if kept or not match[1] else ""

    def _parameters(self, parameters: str) -> Iterator[str]:
        codes = iter(parameters.replace(":", ";").split(";"))
        for code in codes:
            if code in ("38", "48", "58"):
                kind = next(codes, "")
                values = [next(codes, "0") for _ in range({"2": 3, "5": 1}.get(kind, 0))]
                yield from self._colour(code, kind, values)
            elif not (self.none and _is_colour(code)):
                yield code

    def _colour(self, code: str, kind: str, values: list[str]) -> Iterator[str]:
        if self.none:
            return
        name = ""
        if self.own is not None and kind == "2" and code != "58":
            red, green, blue = (int(value or 0) for value in values)
            name = self.own.name((red, green, blue), behind=code == "48")
        yield name or ";".join((code, kind, *values))


def _is_colour(code: str) -> bool:
    number = int(code or 0)
    return 30 <= number <= 49 or number == 59 or 90 <= number <= 107
