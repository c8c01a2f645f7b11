"""Shaping of words: each cluster (letter with its marks) gets a font face, then HarfBuzz chooses and places glyphs.

Distances are in em (1 em is the font size), so that all sizes of type share the results.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from bpost_tui.typesetting.text.graphemes import cell_width, clusters
from bpost_tui.typesetting.typeset.fonts import COLUMN_EM, Face, Fonts, Glyph, InkExtents, extents_of

JOINING = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aad\u1b00-\u1bff\ua800-\ua82f\ua980-\ua9df"
    "\uabc0-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00011000-\U000114df]"
)
"""Pattern of characters in scripts that terminals don't shape, or reorder in their own way.

These are the scripts from Hebrew to Arabic in Unicode's order, Indic scripts, and those from Tibetan to Mongolian.
"""

_LATIN = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ]+(?:[!-/:-@\[-`{-~]+[0-9A-Za-zÀ-ÖØ-öø-ɏ]+)*[-/]*")
_MISSING = "·"
_ROUNDING = 1e-6
_MAX_NARROW = 128
_MAX_WORDS = 4096  # cached: the words of a few long stories, 3 MB; 16,384 took 17 MB


@dataclass(frozen=True, slots=True)
class ShapedText:
    """Text as glyphs, with its width (`advance`) in em (the font size)."""

    glyphs: tuple[Glyph, ...]
    advance: float


class Shaper:
    """Shaper: turns words into glyphs of one set of fonts, with their positions, and caches the results."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self._cached_shape = lru_cache(maxsize=_MAX_WORDS)(self._shape)
        self._cached_narrow = lru_cache(maxsize=_MAX_NARROW)(Face.narrowed)

    def shape(self, text: str, bold: bool, is_rtl: bool | None = None, *, in_columns: bool = False) -> ShapedText:
        """Return a text as glyphs, of bold faces if `bold`.

        `is_rtl` is whether the text runs from right to left; if it is None, the script decides. With `in_columns`, the text is
        monospaced.
        """
        return self._cached_shape(text, bold, is_rtl, in_columns)

    def _shape(self, text: str, bold: bool, is_rtl: bool | None, in_columns: bool) -> ShapedText:
        glyphs: list[Glyph] = []
        x = 0.0
        by_face = (face.shape(run, is_rtl) for face, run in self.runs(text, bold=bold))
        stretches: Iterator[tuple[Sequence[Glyph], float]] = self._columns(text, bold, is_rtl) if in_columns else by_face
        for placed, advance in reversed(list(stretches)) if is_rtl else stretches:
            glyphs.extend((Glyph(glyph.face, glyph.id, x + glyph.x, glyph.y) for glyph in placed) if x else placed)
            x += advance
        return ShapedText(tuple(glyphs), x)

    def _columns(self, text: str, bold: bool, is_rtl: bool | None) -> Iterator[tuple[Sequence[Glyph], float]]:
        """Yield the parts of a monospaced text, each as its glyphs and its width in em.

        The width of a stretch of joined letters is rounded up to whole columns. A letter that isn't joined takes as many columns as
        it takes cells in a terminal. With `bold`, faces are bold. `is_rtl` is whether the text runs from right to left; if it is
        None, the script decides.
        """
        fixed = self.fonts.fixed(bold)

        def kind(cluster: str) -> str:
            if JOINING.match(cluster):
                return "joining"
            return "fixed" if fixed is not None and fixed.covers(cluster) and cell_width(cluster) == 1 else "other"

        for is_of, together in groupby(clusters(text), key=kind):
            stretch = list(together)
            if is_of == "fixed" and fixed is not None:
                yield fixed.shape("".join(stretch), is_rtl)[0], len(stretch) * COLUMN_EM
            elif is_of == "joining":
                shaped = self.shape("".join(stretch), bold, is_rtl)
                yield shaped.glyphs, math.ceil(shaped.advance / COLUMN_EM - _ROUNDING) * COLUMN_EM
            else:
                yield from (self._within(self.shape(cluster, bold, is_rtl), cell_width(cluster)) for cluster in stretch)

    def _within(self, shaped: ShapedText, columns: int) -> tuple[Sequence[Glyph], float]:
        """Return glyphs centred in `columns` columns, narrowed if they are wider, and the columns' width in em."""
        room = columns * COLUMN_EM
        by = min(1.0, room / shaped.advance) if shaped.advance else 1.0
        left = (room - by * shaped.advance) / 2
        faces = {glyph.face: glyph.face if by == 1 else self._cached_narrow(glyph.face, by) for glyph in shaped.glyphs}
        return [Glyph(faces[glyph.face], glyph.id, left + by * glyph.x, glyph.y) for glyph in shaped.glyphs], room

    def ink_extents(self, text: str, bold: bool, *, in_columns: bool = False) -> InkExtents:
        """Return the edges of the area that a text's glyphs cover, in em (font sizes).

        The glyphs are of bold faces if `bold`; the text is monospaced if `in_columns`.
        """
        return extents_of(self.shape(text, bold, in_columns=in_columns).glyphs)

    def runs(self, text: str, *, bold: bool) -> Iterator[tuple[Face, str]]:
        """Yield (face, text) for stretches of `text` in one face, a bold one if `bold`.

        A Latin word (`COVID-19`, `www.wbbpe.org`) is wholly in a Latin face.
        """
        chain = self.fonts.chain(bold)
        at = 0
        for island in _LATIN.finditer(text):
            latin_first = tuple(sorted(chain, key=lambda face: not face.covers("A")))
            yield from self._by_face(text[at : island.start()], chain, bold)
            yield from self._by_face(island[0], latin_first, bold)
            at = island.end()
        yield from self._by_face(text[at:], chain, bold)

    def _by_face(self, text: str, chain: tuple[Face, ...], bold: bool) -> Iterator[tuple[Face, str]]:
        if not text:
            return
        if chain[0].covers(text):
            yield chain[0], text
            return
        last: Face | None = None
        run = ""
        for face, shown in self._stretches(text, chain, bold):
            if run and face is not last:
                yield last or chain[0], run
                run = ""
            last, run = face, run + shown
        yield last or chain[0], run

    def _stretches(self, text: str, chain: tuple[Face, ...], bold: bool) -> Iterator[tuple[Face, str]]:
        """Yield (face, text) for parts of a text. The first face in `chain` that has a letter is used.

        Adjacent letters that no face in `chain` has get one installed face (bold if `bold`) that has them all, if there is one.
        """
        for is_in_chain, together in groupby(clusters(text), key=lambda cluster: any(face.covers(cluster) for face in chain)):
            stretch = list(together)
            if is_in_chain:
                yield from ((next(face for face in chain if face.covers(cluster)), cluster) for cluster in stretch)
            elif face := self.fonts.fallback("".join(stretch), bold):
                yield face, "".join(stretch)
            else:
                found = ((self.fonts.fallback(cluster, bold), cluster) for cluster in stretch)
                for face, same in groupby(found, key=itemgetter(0)):
                    yield (face, "".join(cluster for _, cluster in same)) if face else self._missing(chain, bold)

    def _missing(self, chain: tuple[Face, ...], bold: bool) -> tuple[Face, str]:
        """Return (face, text) for neighbouring letters that no face has: the text is one middle dot in place of all of them.

        `chain` has the usual faces, and `bold` is whether the letters are bold.
        """
        face = next((face for face in chain if face.covers(_MISSING)), None) or self.fonts.fallback(_MISSING, bold)
        return face or chain[0], _MISSING
