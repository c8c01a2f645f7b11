"""Output boundary: replaces cell tokens (characters that each name a cell of a drawing) in a frame by the terminal's sequences.

It reads the stream that Textual's driver is about to write: text, `CSI … m`, cursor moves, modes. Tokens become the encoder's
output. If terminals disagree about the width of a text, it is sent in a box of fixed width (`width_boxes`), so that it can't shift
its neighbours. Control characters in text, and escapes that Textual doesn't use, never reach the terminal.

The obvious way is to write pictures after each frame, at the positions of the widgets. But Textual doesn't know of these pictures.
If a pane scrolls or a dialog covers half a picture, pictures are left in the wrong place, or over text that should cover them. So
Textual handles drawn type as text, made of private-use characters one cell wide (tokens). They are replaced only here, after
Textual has composed the frame. The character names the cell, and its colour doesn't, so that no tint or filter changes the meaning.

Between tokens, the boundary must know the state of the terminal, so it follows SGR parameters (text attributes) and the cursor's
row. It sends SGR parameters only if text follows that needs them. After a picture it treats them as unknown, since encoders change
them. Pictures are uploaded before the frame that shows them, and deleted after the frame that no longer shows them. On a slow line,
the bytes for pictures in a frame are limited. The cells of pictures left out stay blank until one of the next frames draws them.

The boundary parses only sequences that Textual 8.2 writes, and drops others inside a frame. A piece of the stream that has only
commands (`is_command`) is passed on unchanged. In a piece that has no tokens, no text of uncertain width and no unknown escapes,
only colours are changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpost_tui.typesetting.terminal.colours import ColourFilter
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder, rendition
from bpost_tui.typesetting.terminal.sgr import Background, background_of
from bpost_tui.typesetting.terminal.width_boxes import AMBIGUOUS_WIDTH, UNWANTED, WidthBoxes, without_controls
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN, Surface, SurfaceTable

_TOKENS = f"{chr(FIRST_TOKEN)}-{chr(LAST_TOKEN)}"
_STRING = r"[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\)"
# escapes in frames of Textual 8.2: rendition, cursor moves, erasing, links
_KNOWN = rf"\x1b(?:\[[\d;:]*[mABCDGHJK]|\]8;{_STRING})"
# escapes that drivers write outside frames: modes, queries; kitty's keyboard protocol; title and its stack, pointer
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
_NEXT_TOKEN = lazy_pattern(rf"(?:\x1b\[[\d;:]*m)+([{_TOKENS}])")
_CSI = "\x1b["
CLEAR = "\x1b[2J"
_MAX_REDRAWN_PARTS = 6
"""Maximum number of parts of rows, left blank because the connection is slow, that the next frame tries to draw.

A frame's limit of bytes is enough for two or three of these parts. The frame would send the others as blanks a second time: without
this maximum, such blanks took 25 of 97 kB for a list and a story in sixel.
"""
_MOVE = lazy_pattern(r"\x1b\[(\d*)(?:;\d*)?H")


class OutputBoundary:
    """Translator of frames from Textual into the output for one terminal."""

    def __init__(
        self,
        table: SurfaceTable,
        encoder: Encoder,
        boxes: WidthBoxes,
        colours: ColourFilter | None = None,
        *,
        is_remote: bool = False,
    ) -> None:
        self._is_remote = is_remote
        self.rows: int | None = None
        """Number of rows of the screen, or None if unknown. Encoders draw no picture that could overflow the last row."""
        self.budget_bytes: int | None = None
        """Maximum number of bytes for the pictures of a frame, or None for no limit.

        The picture that exceeds the limit is sent whole; the pictures after it are left out (`take_deferred`).
        """
        self.is_line_slow = False
        """Whether the connection to the terminal is so slow that a frame with a new story takes noticeably long."""
        self.colours = colours or ColourFilter()
        """Filter for colours in the output; a theme may change its settings."""
        self._table = table
        self._encoder = encoder
        self._boxes = boxes
        self._row: int | None = None
        self._parameters = ""
        """SGR parameters that the stream has set last; they are sent before the next text."""
        self._sent: str | None = ""
        """SGR parameters that the terminal has now, or None if they are unknown after an encoder's output."""
        self._blank_sgr: str | None = ""
        """SGR parameters of the background that blanks have in the terminal now.

        None if it is unknown, or if blanks would also show a line, such as an underline.
        """
        self._is_reset = False
        """Whether only a background and a foreground are set in the terminal: no bold, underline, reverse …."""
        self._replaced_encoder = ""
        """Commands that delete pictures of earlier encoders and of an earlier page. They are sent after the next frame, because the
        pictures stay on the screen until then.
        """
        self._is_clearing = False
        self._uploads: list[str] = []
        self._deferred: dict[tuple[int, Surface], None] = {}
        """Pictures left out of frames and not yet returned by `take_deferred`, as (row of the screen, drawing); no values."""
        self._next_picture: tuple[int, Surface] | None = None
        """Picture that the next frame sends even beyond the limit of bytes, as (row of the screen, drawing); None if there is none.

        So each frame shows at least one of the pictures that earlier frames left out.
        """
        self._picture_bytes = 0

    def translate(self, data: str) -> str:
        """Return the output for `data`, a piece of Textual's output: uploads of pictures, the frame, deletions of old pictures."""
        data = self.colours.apply(data)
        is_command = self.is_command(data)
        cleared = "" if is_command else self._clear_sequence()
        if is_command or not _WORK.search(data):
            self._follow(data)
            self._sent, self._blank_sgr, self._is_reset = self._parameters, None, False
            return data if is_command else cleared + data + self._release_evicted()
        self._picture_bytes = 0
        # a busy local terminal reads as slowly as a slow line, but not for long, so its type keeps all shades
        self._encoder.uses_few_shades = self._is_remote and self.is_line_slow
        frame = "".join(self._pieces(data)) + self._rendered()
        uploads, self._uploads = "".join(self._uploads), []
        return f"{cleared}{uploads}{frame}{self._release_evicted()}"

    def take_deferred(self) -> Sequence[tuple[int, int, int]]:
        """Return stretches of the screen that are blank because pictures were left out: (row, first column, column after the last).

        The next frame should draw them. They are the first few from the top; the others are returned by later calls. If no such
        picture is on the screen any more, return an empty sequence.
        """
        screen = self._table.screen
        parts = sorted((part for part in self._deferred if screen.shows(*part)), key=lambda part: part[0])
        now, self._deferred = parts[:_MAX_REDRAWN_PARTS], dict.fromkeys(parts[_MAX_REDRAWN_PARTS:])
        self._next_picture = now[0] if now else None
        return tuple(screen.spans_of(now))

    def _release_evicted(self) -> str:
        """Return the commands that delete pictures no longer needed.

        They must be sent after a frame that doesn't show these pictures.
        """
        former, self._replaced_encoder = self._replaced_encoder, ""
        return former + self._encoder.free(self._table.take_evicted())

    def _clear_sequence(self) -> str:
        """Return the commands that clear the screen and delete all pictures, if `clear` was called; else ""."""
        if not self._is_clearing:
            return ""
        self._is_clearing = False
        former, self._replaced_encoder = self._replaced_encoder, ""
        return f"{CLEAR}{former}{self._encoder.free_all()}"

    def is_command(self, data: str) -> bool:
        """Whether `data`, a piece of Textual's output, has only commands that drivers write outside frames, and draws nothing."""
        return bool(_COMMANDS.fullmatch(data))

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Encode a surface (drawing of text or of a picture), a part per iteration, so that it can be shown quickly later."""
        return self._encoder.prepare(surface)

    def change(self, encoder: Encoder, boxes: WidthBoxes | None = None) -> None:
        """Use another encoder and, if `boxes` is given, other boxes (sequences that give text a fixed width).

        The old encoder's pictures are deleted after the next frame.
        """
        self._replaced_encoder += self._encoder.free_all()
        self._encoder, self._boxes = encoder, boxes or self._boxes

    def clear(self) -> None:
        """Let the next frame begin by clearing the screen and deleting all pictures. That frame must draw the whole screen."""
        self._is_clearing = True

    def free_after_frame(self, release: str) -> None:
        """Send `release`, the commands that delete an earlier page's pictures, after the next frame has replaced that page."""
        self._replaced_encoder += release

    def free_all(self) -> str:
        """Return the commands that delete all pictures in the terminal; the next frame sends them again."""
        self._parameters, self._row, self._sent, self._blank_sgr, self._is_reset = "", None, "", "", False
        self._deferred.clear()
        former, self._replaced_encoder = self._replaced_encoder, ""
        return former + self._encoder.free_all()

    def _pieces(self, data: str) -> Iterator[str]:
        for match in _PIECE.finditer(data):
            if match.lastgroup == "tokens":
                following = _NEXT_TOKEN.match(data, match.end())
                yield from self._tokens(match[0], following[1] if following else "")
            elif match.lastgroup == "text":
                yield from self._text(match[0])
            elif match.lastgroup == "known":
                yield self._known(match[0])

    def _known(self, escape: str) -> str:
        self._follow(escape)
        if escape.endswith("m"):
            return ""  # the rendition is sent once text follows
        return self._rendered() + escape if escape[-1] in "JK" else escape  # erased cells get the background too

    def _follow(self, stream: str) -> None:
        """Keep track of the SGR parameters that a piece of the stream sets, and of the row that it moves the cursor to."""
        for match in _SGR.finditer(stream):
            whole = match[1] in ("", "0")
            self._parameters = "" if whole else f"{self._parameters};{match[1]}".lstrip(";")
        for match in _MOVE.finditer(stream):
            self._row = int(match[1] or 1) - 1

    def _text(self, text: str) -> Iterator[str]:
        if not text.strip(" "):
            background = background_of(self._parameters)
            if not background.is_lined:
                yield self._on_background(rendition(background.sgr) + self._encoder.blanks(len(text)), background)
                return
        if text != "\n":
            yield self._rendered()
        yield self._boxes.boxed(without_controls(text))

    def _tokens(self, tokens: str, following: str) -> Iterator[str]:
        """Yield the output for `tokens`. `following` is the token drawn directly after them on another background, or ""."""
        background = background_of(self._parameters)
        last_row = self.rows is None or self._row is None or self._row >= self.rows - 1
        after = self._table.find(following) if following else None
        for surface, row, column, count in self._table.spans(tokens):
            if surface is None:
                encoded = rendition(background.sgr) + self._encoder.blanks(count)
            else:
                is_continued = after == (surface, row, column + count)
                encoded = self._encoded(CellSpan(surface, row, column, count, background, last_row, is_continued))
            yield self._on_background(encoded, background)

    def _encoded(self, span: CellSpan) -> str:
        """Return the encoder's output for `span`, or blanks if earlier pictures of the frame exceed the limit (`budget_bytes`)."""
        is_over = self.budget_bytes is not None and self._picture_bytes > self.budget_bytes
        part = (self._row or 0, span.surface)
        if is_over and part != self._next_picture and self._encoder.sends_picture(span):
            self._deferred[part] = None
            return rendition(span.background.sgr) + self._encoder.blanks(span.cells)
        encoded = self._encoder.encode(span)
        uploads = self._encoder.take_uploads()
        self._uploads.append(uploads)
        self._picture_bytes += len(uploads) + len(encoded)
        return encoded if self._encoder.IMAGE_ID_IN_FOREGROUND else self.colours.apply(encoded)

    def _rendered(self) -> str:
        """Return the SGR sequence that sets the attributes last set by the stream, or "" if the terminal has them already."""
        if self._sent == self._parameters:
            return ""
        background = background_of(self._parameters)
        self._sent, self._blank_sgr = self._parameters, None if background.is_lined else background.sgr
        self._is_reset = False
        return rendition(self._parameters)

    def _on_background(self, encoded: str, background: Background) -> str:
        """Return `encoded` (sequences for some cells) without settings at its beginning that the terminal has already.

        If `background` is set in the terminal, the SGR sequence that sets it is removed. If this sequence also sets the foreground
        to the number of a picture, the foreground is kept.
        """
        reset = rendition(background.sgr)
        has_background = self._blank_sgr == background.sgr
        if has_background and self._is_reset and self._encoder.IMAGE_ID_IN_FOREGROUND and encoded.startswith(f"{reset[:-1]};"):
            encoded = f"{_CSI}{encoded[len(reset) :]}"
        elif has_background and encoded.startswith(reset):
            encoded = encoded.removeprefix(reset)
        else:
            self._is_reset = True
        self._sent, self._blank_sgr = None, background.sgr
        return encoded
