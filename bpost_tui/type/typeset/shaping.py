"""Words to glyphs: a face is chosen for each cluster, then HarfBuzz shapes. Distances are em, which all sizes share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from bpost_tui.type.text.graphemes import clusters
from bpost_tui.type.typeset.fonts import Face, Fonts, Glyph, InkExtents, extents_of

_LATIN = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ]+(?:[!-/:-@\[-`{-~]+[0-9A-Za-zÀ-ÖØ-öø-ɏ]+)*[-/]*")
_MISSING = "□"
_MAX_WORDS = 4096  # remembered, those of a few long stories: 3 MB; 16,384 took 17 MB


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text as glyphs."""

    glyphs: tuple[Glyph, ...]
    advance: float


class Shaper:
    """Shapes words with one set of fonts, and remembers them."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self._cached_shape = lru_cache(maxsize=_MAX_WORDS)(self._shape)

    def shape(self, text: str, bold: bool, is_rtl: bool | None = None) -> Shaped:
        """Return a text as glyphs; None is the way its own script runs."""
        return self._cached_shape(text, bold, is_rtl)

    def _shape(self, text: str, bold: bool, is_rtl: bool | None) -> Shaped:
        glyphs: list[Glyph] = []
        x = 0.0
        runs = list(self.runs(text, bold=bold))
        for face, run in reversed(runs) if is_rtl else runs:
            placed, advance = face.shape(run, is_rtl)
            glyphs.extend((Glyph(face, glyph.id, x + glyph.x, glyph.y) for glyph in placed) if x else placed)
            x += advance
        return Shaped(tuple(glyphs), x)

    def ink_extents(self, text: str, bold: bool) -> InkExtents:
        """Return how far the ink of a text reaches."""
        return extents_of(self.shape(text, bold).glyphs)

    def bearing(self, text: str, bold: bool) -> float:
        """Return where the ink of a text begins; negative where it hangs over."""
        return self.ink_extents(text, bold).left

    def runs(self, text: str, *, bold: bool) -> Iterator[tuple[Face, str]]:
        """Yield stretches of one face each: Latin islands (`COVID-19`, `www.wbbpe.org`) by a Latin face, all else by others."""
        chain = self.fonts.chain(bold)
        latin_first = tuple(sorted(chain, key=lambda face: not face.covers("A")))
        at = 0
        for island in _LATIN.finditer(text):
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
        """Yield stretches with a face: what no face of the chain has by one that has all of it, where any does."""
        for is_in_chain, together in groupby(clusters(text), key=lambda cluster: any(face.covers(cluster) for face in chain)):
            stretch = list(together)
            if is_in_chain:
                yield from ((next(face for face in chain if face.covers(cluster)), cluster) for cluster in stretch)
            elif face := self.fonts.other("".join(stretch), bold):
                yield face, "".join(stretch)
            else:
                found = ((self.fonts.other(cluster, bold), cluster) for cluster in stretch)
                for face, same in groupby(found, key=itemgetter(0)):
                    yield (face, "".join(cluster for _, cluster in same)) if face else self._missing(chain, bold)

    def _missing(self, chain: tuple[Face, ...], bold: bool) -> tuple[Face, str]:
        """Return one mark for letters that no face has, however many."""
        face = next((face for face in chain if face.covers(_MISSING)), None) or self.fonts.other(_MISSING, bold)
        return face or chain[0], _MISSING
