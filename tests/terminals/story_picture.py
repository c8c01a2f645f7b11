"""Analysis of a picture of the reader's screen: its rules (thin lines), and the error rate of its text, read by OCR."""

from __future__ import annotations

import html
import os
import re
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageOps

Colour = tuple[int, int, int]

_NEAR, _FAINT = 12, 20
"""Tolerances of a colour channel (0 to 255) of a rule: usually, for sixel's 256 colours and edges of glyphs; for a small font."""
_SPANS = 0.9
"""Minimum length of a horizontal rule, as a share of the longest one."""
_SIGNS = 0.2
"""Height of vowel signs above the headline stroke, as a share of the distance of the tightest lines."""
_SEAM_PX = 3
"""Maximum gap in pixels that a font's box-drawing characters leave between two cells."""
_MAX_MISREAD_CHARS = 16
"""Maximum number of characters at a line's end that count as misread. More characters are a line that wasn't read at all."""
_OCR_S = 120.0
_SAME = str.maketrans({"\u200c": "", "\u200d": "", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."})


@dataclass(frozen=True, slots=True)
class Span:
    """Straight horizontal or vertical line of one colour, in pixels: row or column, first pixel, and the pixel after the last."""

    at: int
    start: int
    end: int

    @property
    def length(self) -> int:
        """Length in pixels."""
        return self.end - self.start


def rules_across(picture: Image.Image, colour: Colour) -> list[Span]:
    """Return the horizontal lines of a colour that run across nearly the whole window."""
    lines = _lines(mask(picture, colour, _FAINT), 1)
    widest = max((line.length for line in lines), default=0)
    return [line for line in lines if line.length > max(_SPANS * widest, 200)]


def rules_down(picture: Image.Image, colour: Colour, least_px: int) -> list[Span]:
    """Return the vertical lines of a colour that are at least `least_px` long."""
    turned = mask(picture, colour).transpose(Image.Transpose.TRANSPOSE)
    return _lines(turned, least_px)


def story_pane(picture: Image.Image, colour: Colour, accent: Colour, cell_px: tuple[int, int]) -> Image.Image:
    """Return the story's pane: between the horizontal rules, right of the last vertical rule, without the scroll bar.

    `colour` is the colour of the rules. The rule beside the story has the colour `accent` while the story has the focus.
    """
    width, height = cell_px
    across = rules_across(picture, colour)
    top, bottom = across[0], across[-1]  # each in the middle of its cells, whose lower half is blank
    first, last = top.at + height // 4 + 1, bottom.at - height // 2
    panes = picture.crop((0, first, picture.width, last))
    down = [line.at for shade in (colour, accent) for line in rules_down(panes, shade, (last - first) * 3 // 4)]
    return picture.crop((max(down) + width if down else top.start, first, top.end - 2 * width, last))


def lines_of(pane: Image.Image, ground: Colour, *, pitch_px: float | None = None) -> list[Image.Image]:
    """Return a picture of each line of text that is whole in `pane`, without the white at its ends, where Tesseract sees dots.

    `ground` is the background colour. Lines that touch, about `pitch_px` apart, are split above the vowel signs of the lower one.
    """
    ink = ImageOps.invert(mask(pane, ground, 40))
    raw = ink.tobytes()
    inked = bytes(any(raw[at * ink.width : (at + 1) * ink.width]) for at in range(ink.height))
    spans = [match.span() for match in re.finditer(rb"\x01+(?:\x00\x01+)*", inked)]
    whole = [(start, end) for start, end in spans if start > 0 and end < pane.height]
    if pitch_px is not None:
        profile = [raw.count(255, at * ink.width, (at + 1) * ink.width) for at in range(ink.height)]
        whole = [line for start, end in whole for line in _parted(profile, start, end, pitch_px)]
    inks = [(ink.crop((0, start, pane.width, end)).getbbox(), start, end) for start, end in whole]
    return [pane.crop((box[0], start, box[2], end)) for box, start, end in inks if box is not None]


def read(lines: Sequence[Image.Image], *, scale: float = 3, blur_px: float = 0) -> list[str]:
    """Return the text that Tesseract reads in each picture of a line, normalised for comparison.

    Tesseract sometimes skips a line, also in a browser's picture; such a line is read again in its mode for raw lines.
    """
    ready = [_for_reading(line, scale, blur_px) for line in lines]
    seen = _read_lines(ready, "7")
    passed_over = [at for at, text in enumerate(seen) if not text]
    for at, text in zip(passed_over, _read_lines([ready[at] for at in passed_over], "13"), strict=True):
        seen[at] = text
    return [normal(text) for text in seen]


def _parted(profile: Sequence[int], start: int, end: int, pitch_px: float) -> list[tuple[int, int]]:
    """Return (first row, row after the last) of each line of text between `start` and `end`, where lines touch.

    `profile` has the ink of each row. A line begins a little above its headline stroke, the row with the most ink.
    """
    count = max(1, round((end - start) / pitch_px))
    starts = [start + round(at * (end - start) / count) for at in range(count)]
    strokes = [max(range(first, first + round(pitch_px / 2)), key=profile.__getitem__) for first in starts]
    return list(pairwise([start, *(stroke - round(_SIGNS * pitch_px) for stroke in strokes[1:]), end]))


def recall(seen: Sequence[str], shown_lines: Sequence[str]) -> float:
    """Return the share of the words in `shown_lines`, the text on the screen, that are in `seen`, the text read by OCR."""
    left = Counter(" ".join(seen).split())
    words = " ".join(shown_lines).split()
    found = 0
    for word in words:
        if left[word]:
            left[word] -= 1
            found += 1
    return found / max(1, len(words))


def recognised(picture: str | Path, mode: str, languages: str = "ben") -> str:
    """Return the text that Tesseract reads in a picture's file, or in each picture of a file with a list of pictures.

    `mode` is Tesseract's page segmentation mode.
    """
    command = ["tesseract", str(picture), "-", "-l", languages, "--psm", mode]
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # on a busy machine its threads only wait for each other
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=_OCR_S, env=env).stdout


def _read_lines(lines: Sequence[Image.Image], mode: str) -> list[str]:
    if not lines:
        return []
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{at}.png" for at in range(len(lines))]
        for name, line in zip(names, lines, strict=True):
            line.save(name)
        listed = Path(folder, "lines.txt")
        listed.write_text("\n".join(names), encoding="utf-8")
        return [text.strip() for text in recognised(listed, mode).split("\f")[: len(lines)]]


def _for_reading(line: Image.Image, scale: float, blur_px: float) -> Image.Image:
    grey = line.convert("L")
    if sum(grey.histogram()[:128]) > sum(grey.histogram()[128:]):
        grey = ImageOps.invert(grey)
    grey = ImageOps.expand(grey, 10, max(grey.tobytes()))
    size = (round(grey.width * scale), round(grey.height * scale))
    return grey.filter(ImageFilter.GaussianBlur(blur_px)).resize(size, Image.Resampling.LANCZOS)


def normal(text: str) -> str:
    """Return a text normalised for comparison: composed, without joiners, with straight quotes and single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).translate(_SAME)).strip()


def error_rate(seen: Sequence[str], text: str) -> tuple[float, list[str]]:
    """Return the error rate of `seen`, lines read by OCR, and the parts of `text` that the lines show.

    The error rate is the edit distance between both, divided by the length of these parts.
    """
    shown_lines = _lines_shown(seen, text)
    distance, _, _ = _nearest(normal(" ".join(seen)), " ".join(shown_lines))
    return distance / max(1, len(" ".join(shown_lines))), shown_lines


def _lines_shown(seen: Sequence[str], text: str) -> list[str]:
    """Return the words of `text` that each line shows, found by the line's reading in `seen`.

    Words at a line's end may be misread too badly to be found. They belong to the line if the next line begins after them.
    """
    spans = [_span_of(line, text) for line in seen]
    ends = [following if 0 <= following - end <= _MAX_MISREAD_CHARS else end for (_, end), (following, _) in pairwise(spans)]
    return [text[start:end].strip() for (start, _), end in zip(spans, [*ends, *(end for _, end in spans[-1:])], strict=True)]


def _span_of(seen: str, text: str) -> tuple[int, int]:
    """Return the start and the end, in `text`, of the words that are most like `seen`, the reading of a line."""
    _, start, end = _nearest(seen, text)
    words = [match for match in re.finditer(r"\S+", text) if start <= (match.start() + match.end()) // 2 < end]
    return (words[0].start(), words[-1].end()) if words else (0, 0)


def _nearest(seen: str, text: str) -> tuple[int, int, int]:
    """Return the edit distance between `seen` and the part of `text` most like it, and the start and end of this part."""
    row = [(0, start) for start in range(len(text) + 1)]  # a reading may start anywhere in the text
    for count, char in enumerate(seen, 1):
        diagonal, row[0] = row[0], (count, 0)
        for at, wanted in enumerate(text, 1):
            diagonal, row[at] = (
                row[at],
                min(
                    (row[at][0] + 1, row[at][1]),
                    (row[at - 1][0] + 1, row[at - 1][1]),
                    (diagonal[0] + (char != wanted), diagonal[1]),
                ),
            )
    end = min(range(len(row)), key=lambda at: row[at])
    distance, start = row[end]
    return distance, start, end


def weight(lines: Sequence[Image.Image], ground: Colour) -> int:
    """Return the amount of ink in pictures of lines: the sum of all pixels' differences from the background colour `ground`."""
    level = Image.new("RGB", (1, 1), ground).convert("L").tobytes()[0]
    return sum(abs(value - level) * count for line in lines for value, count in enumerate(line.convert("L").histogram()))


def by_chromium(lines: Sequence[str], *, px: float, pitch: float, width_px: int, ink: Colour, ground: Colour) -> Image.Image:
    """Return a picture of lines as Chromium typesets them in Noto Sans Bengali, for comparison with the reader's picture.

    `px` is the font size, `pitch` the line height as a multiple of it, `width_px` the width of the page, `ink` the colour of the
    text, and `ground` the colour of the background.
    """
    style = (
        f"margin:8px;width:{width_px}px;font:{px}px/{pitch} 'Noto Sans Bengali','Noto Sans';"
        f"white-space:pre;color:rgb{ink};background:rgb{ground}"
    )
    page = f'<meta charset=utf-8><body style="{style}">{"<br>".join(map(html.escape, lines))}'
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        source.write_text(page, encoding="utf-8")
        size = f"--window-size={width_px + 16},{round(px * pitch * len(lines)) + 200}"
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-extensions", "--no-first-run"]
        command = ["chromium", *quiet, f"--user-data-dir={folder}/profile", size, f"--screenshot={shot}", source.as_uri()]
        subprocess.run(command, check=True, timeout=_OCR_S, capture_output=True)
        return Image.open(shot).convert("RGB").copy()


def mask(picture: Image.Image, colour: Colour, near: int = _NEAR) -> Image.Image:
    """Return a mask: white for pixels whose channels differ from `colour` by at most `near`, black for all others."""
    channels = [
        channel.point([255 if abs(value - wanted) <= near else 0 for value in range(256)])
        for channel, wanted in zip(picture.convert("RGB").split(), colour, strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(channels[0], channels[1]), channels[2])


def _lines(mask: Image.Image, least_px: int) -> list[Span]:
    """Return the longest white stretch of each row of `mask` if it is at least `least_px` long.

    Small gaps don't divide a stretch, and a line several rows thick gives one stretch.
    """
    raw, found = mask.tobytes(), list[Span]()
    for at in range(mask.height):
        row = raw[at * mask.width : (at + 1) * mask.width]
        if row.count(255) < max(1, least_px - least_px // 10):
            continue
        stretches = [match.span() for match in re.finditer(rb"\xff+(?:\x00{1,%d}\xff+)*" % _SEAM_PX, row)]
        start, end = max(stretches, key=lambda span: span[1] - span[0])
        if end - start < least_px:
            continue
        if found and at - found[-1].at <= _SEAM_PX:
            if end - start > found[-1].length:
                found[-1] = Span(at, start, end)
            continue
        found.append(Span(at, start, end))
    return found
