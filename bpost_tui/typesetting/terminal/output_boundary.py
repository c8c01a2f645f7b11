"""The output boundary: turns the cell tokens in a finished frame into what the terminal takes.

It reads the stream that Textual's driver is about to write: text, `CSI … m`, cursor moves, modes. Tokens become the encoder's
output. Text whose width terminals disagree about is boxed, so that it can't shift what is right of it. Control characters in
text, and escapes that Textual doesn't use, never reach the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.typesetting.terminal.colours import ColourFilter
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder, rendition
from bpost_tui.typesetting.terminal.sgr import Background, background_of
from bpost_tui.typesetting.terminal.width_boxes import AMBIGUOUS_WIDTH, UNWANTED, WidthBoxes, without_controls
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN, Surface, SurfaceTable

_TOKENS = f"{chr(FIRST_TOKEN)}-{chr(LAST_TOKEN)}"
_STRING = r"[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\)"
# what frames of Textual 8.2 hold: rendition, cursor moves, erasing, links
_KNOWN = rf"\x1b(?:\[[\d;:]*[mABCDGHJK]|\]8;{_STRING})"
# what drivers write on its own: modes, queries; kitty's keyboard protocol; title and its stack, pointer
# shape, clipboard, notifications; a bell
_IN_SCREEN = r"P(?:\x1b\]52;c;|[A-Za-z\d+/=]*|\x07)\x1b\\"
_COMMANDS = lazy_pattern(
    rf"(?:\x1b(?:\[\?[\d;]*(?:[hl]|\$p)|\[[<>=?]?[\d;]*u|\[2[23];2t|\](?:0|2|9|22|52|99);{_STRING}|{_IN_SCREEN})|\x07)+"
)
# CSI; the strings OSC, DCS, APC, PM, SOS; the two-character escapes
_ANY_ESCAPE = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x1b\x07]*(?:\x07|\x1b\\)|[ -/]*[0-OQ-WYZ\\`-~])"
_WORK = lazy_pattern(rf"[{_TOKENS}{UNWANTED}]|{AMBIGUOUS_WIDTH}|(?!{_KNOWN})\x1b")
_PIECE = lazy_pattern(rf"(?P<known>{_KNOWN})|(?P<other>{_ANY_ESCAPE})|(?P<tokens>[{_TOKENS}]+)|(?P<text>[^\x1b{_TOKENS}]+|\x1b)")
_SGR = lazy_pattern(r"\x1b\[([\d;:]*)m")
CLEAR = "\x1b[2J"
_MOVE = lazy_pattern(r"\x1b\[(\d*)(?:;\d*)?H")


class OutputBoundary:
    """Translates frames for one terminal."""

    def __init__(self, table: SurfaceTable, encoder: Encoder, boxes: WidthBoxes, colours: ColourFilter | None = None) -> None:
        self.rows: int | None = None
        """Rows of the screen, where they are known: in its last row, encoders draw no picture that could overflow it."""
        self.colours = colours or ColourFilter()
        """How colours are asked for; a theme may change it."""
        self._table = table
        self._encoder = encoder
        self._boxes = boxes
        self._row: int | None = None
        self._parameters = ""
        """The rendition that the stream asks for; it is sent when something is written in it."""
        self._sent: str | None = ""
        """The rendition that the terminal has; None where an encoder has left its own."""
        self._blank_sgr: str | None = ""
        """The background of blanks in the rendition that the terminal has; None where lines show on them."""
        self._replaced_encoder = ""
        """What frees the pictures of encoders before this one, which are on the screen until the next frame."""
        self._is_clearing = False

    def translate(self, data: str) -> str:
        """Return what to send for a piece of the stream: uploads, the frame, and what frees evicted surfaces."""
        data = self.colours.apply(data)
        is_command = self.is_command(data)
        cleared = "" if is_command else self._clear_sequence()
        if is_command or not _WORK.search(data):
            self._follow(data)
            self._sent, self._blank_sgr = self._parameters, None
            return data if is_command else cleared + data + self._release_evicted()
        frame = "".join(self._pieces(data)) + self._rendered()
        return f"{cleared}{self._encoder.take_uploads()}{frame}{self._release_evicted()}"

    def _release_evicted(self) -> str:
        """Return what frees what no longer is on the screen: behind a frame, which was composed before."""
        former, self._replaced_encoder = self._replaced_encoder, ""
        return former + self._encoder.free(self._table.take_evicted())

    def _clear_sequence(self) -> str:
        """Return what clears the screen and frees all that stood there, where that was asked for."""
        if not self._is_clearing:
            return ""
        self._is_clearing = False
        former, self._replaced_encoder = self._replaced_encoder, ""
        return f"{CLEAR}{former}{self._encoder.free_all()}"

    def is_command(self, data: str) -> bool:
        """Whether a piece of the stream draws nothing, as what drivers write on its own."""
        return bool(_COMMANDS.fullmatch(data))

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Do beforehand, piece by piece, what encoding a surface will take."""
        return self._encoder.prepare(surface)

    def change(self, encoder: Encoder, boxes: WidthBoxes | None = None) -> None:
        """Use another encoder from now on, and other boxes; all that the terminal holds for the old one is freed behind a frame."""
        self._replaced_encoder += self._encoder.free_all()
        self._encoder, self._boxes = encoder, boxes or self._boxes

    def clear(self) -> None:
        """Have the next frame, which must be a whole one, begin on a clear screen with nothing held by the terminal."""
        self._is_clearing = True

    def free_all(self) -> str:
        """Return what frees all that the terminal holds for us; the next frame sends it again."""
        self._parameters, self._row, self._sent, self._blank_sgr = "", None, "", ""
        former, self._replaced_encoder = self._replaced_encoder, ""
        return former + self._encoder.free_all()

    def _pieces(self, data: str) -> Iterator[str]:
        for match in _PIECE.finditer(data):
            if match.lastgroup == "tokens":
                yield from self._tokens(match[0])
            elif match.lastgroup == "text":
                yield from self._text(match[0])
            elif match.lastgroup == "known":
                yield self._known(match[0])

    def _known(self, escape: str) -> str:
        self._follow(escape)
        if escape.endswith("m"):
            return ""  # until something is written
        return self._rendered() + escape if escape[-1] in "JK" else escape  # erased cells get the background, too

    def _follow(self, stream: str) -> None:
        """Note the rendition that a piece of the stream asks for, and the row it moves to."""
        for match in _SGR.finditer(stream):
            whole = match[1] in ("", "0")
            self._parameters = "" if whole else f"{self._parameters};{match[1]}".lstrip(";")
        for match in _MOVE.finditer(stream):
            self._row = int(match[1] or 1) - 1

    def _text(self, text: str) -> Iterator[str]:
        if not text.strip(" "):
            background = background_of(self._parameters)
            if not background.is_lined:
                yield self._on_background(rendition(background.sgr) + text, background)
                return
        if text != "\n":
            yield self._rendered()
        yield self._boxes.boxed(without_controls(text))

    def _tokens(self, tokens: str) -> Iterator[str]:
        background = background_of(self._parameters)
        last_row = self.rows is None or self._row is None or self._row >= self.rows - 1
        for surface, row, column, count in self._table.spans(tokens):
            if surface is None:
                encoded = rendition(background.sgr) + " " * count
            else:
                encoded = self._encoder.encode(CellSpan(surface, row, column, count, background, last_row))
                encoded = encoded if self._encoder.IMAGE_ID_IN_FOREGROUND else self.colours.apply(encoded)
            yield self._on_background(encoded, background)

    def _rendered(self) -> str:
        """Return what gives the terminal the rendition that the stream asks for, where it hasn't got it."""
        if self._sent == self._parameters:
            return ""
        background = background_of(self._parameters)
        self._sent, self._blank_sgr = self._parameters, None if background.is_lined else background.sgr
        return rendition(self._parameters)

    def _on_background(self, encoded: str, background: Background) -> str:
        """Return what begins by asking for a background and leaves it so, without asking where the terminal has it already."""
        if self._blank_sgr == background.sgr:
            encoded = encoded.removeprefix(rendition(background.sgr))
        self._sent, self._blank_sgr = None, background.sgr
        return encoded
