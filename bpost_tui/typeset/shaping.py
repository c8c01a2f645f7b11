"""Words to glyphs: a face is chosen for each cluster, then HarfBuzz shapes. Distances are em, which all sizes share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bpost_tui.text.graphemes import clusters
from bpost_tui.typeset.fonts import Face, Fonts, Glyph, InkExtents, extents_of

_LATIN = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ]+(?:[!-/:-@\[-`{-~]+[0-9A-Za-zÀ-ÖØ-öø-ɏ]+)*[-/]*")
_BOX = "□"
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

    def shape(self, text: str, bold: bool) -> Shaped:
        """Return a text as glyphs."""
        return self._cached_shape(text, bold)

    def _shape(self, text: str, bold: bool) -> Shaped:
        glyphs: list[Glyph] = []
        x = 0.0
        for face, run in self.runs(text, bold=bold):
            placed, advance = face.shape(run)
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
        """Yield stretches of one face each: Latin islands (`COVID-19`, `www.wbbpe.org`) by a Latin face, the rest Bengali."""
        chain = self.fonts.chain(bold)
        latin_first = tuple(sorted(chain, key=lambda face: not face.covers("A")))
        at = 0
        for island in _LATIN.finditer(text):
            yield from self._by_face(text[at : island.start()], chain)
            yield from self._by_face(island[0], latin_first)
            at = island.end()
        yield from self._by_face(text[at:], chain)

    def _by_face(self, text: str, chain: tuple[Face, ...]) -> Iterator[tuple[Face, str]]:
        if not text:
            return
        if chain[0].covers(text):
            yield chain[0], text
            return
        last: Face | None = None
        run = ""
        for cluster in clusters(text):
            face, shown = self._face(cluster, chain)
            if run and face is not last:
                yield last or chain[0], run
                run = ""
            last, run = face, run + shown
        yield last or chain[0], run

    def _face(self, cluster: str, chain: tuple[Face, ...]) -> tuple[Face, str]:
        """Return the face that sets a cluster; where none has it, the cluster becomes a box."""
        face = next((face for face in chain if face.covers(cluster)), None) or self.fonts.other(cluster)
        if face is not None:
            return face, cluster
        if cluster == _BOX:
            return chain[0], cluster
        return self._face(_BOX, chain)
