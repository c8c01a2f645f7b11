"""Opened fonts. For each weight there is a chain of faces, tried in order; the face for the page's script is first.

Only this module and `raster` use HarfBuzz. Distances are in em (1 em is the font size) unless a name has another unit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.text.phrase import Phrase
from bpost_tui.typesetting.typeset.font_finder import FontCandidate, FontFile, bundled_font_files, candidates, covering, fixed_pitch
from bpost_tui.typesetting.typeset.script import Script

if TYPE_CHECKING:
    import uharfbuzz as hb

REGULAR, BOLD = 400, 700
COLUMN_EM = 0.6
"""Width of a letter in monospaced text, in em (the font size), as in most monospaced faces."""
_LIGHT_TO_REGULAR_EM = 0.02
_SYNTHETIC_BOLD_EM = 0.04
_BOLD_ENOUGH = 550
_OUTLINES = {"glyf", "CFF ", "CFF2"}
_MAX_FAMILIES, _MAX_FILES = 4, 8  # limits of one search for a text: 1 ms each, more for the largest fonts
_LETTERS = ("ءابپتٹثجچحخدڈذرڑزژسشصضطعغفقکگلمنںوہھیے",)
"""Alphabets of languages, each in the order of code points: a text with a letter between the first and the last is taken to be in
that language. For such a text, faces with all letters of the alphabet are preferred.
"""
_LANGUAGES = {"Beng": "bn", "Deva": "hi", "Arab": "ur"}
"""Language codes passed to HarfBuzz, by the code of a text's script. Text in Arabic script is taken to be Urdu."""
_MAX_LOOKUPS = 128  # lookups by fontconfig, 10 ms each; later texts count as missing


class FontError(Exception):
    """Error: no font on this computer can show the script, or none of the fonts that the reader configured can."""

    def __init__(self, message: Phrase, hint: Phrase) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """Advice to the reader on how to mend the error."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """Glyph and its position in em (the font size), measured from the start of the baseline; y grows upwards."""

    face: Face
    id: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class InkExtents:
    """Edges of the area that a text's glyphs cover, in em (the font size), measured from the start of the baseline."""

    left: float = 0.0
    """Left edge; negative if a letter reaches left of the start."""
    above: float = 0.0
    below: float = 0.0


def extents_of(glyphs: Sequence[Glyph]) -> InkExtents:
    """Return the edges of the area that all glyphs cover together."""
    left: list[float] = []
    above, below = 0.0, 0.0
    for glyph in glyphs:
        extents = glyph.face.font.get_glyph_extents(glyph.id)
        if extents is None or not extents.width:
            continue
        unit = glyph.face.per_em * glyph.face.scale
        left.append(glyph.x + extents.x_bearing * unit)
        above = max(above, glyph.y + extents.y_bearing * unit)
        below = max(below, -glyph.y - (extents.y_bearing + extents.height) * unit)
    return InkExtents(min(left, default=0.0), above, below)


class Face:
    """Font face at one weight."""

    def __init__(self, font: hb.Font, weight: int) -> None:
        self.font = font
        self.weight = weight
        self.name: str = font.face.get_name(1) or "unnamed"
        self.scale = 1.0
        """Enlargement factor of the face, so that its letters look as large as the letters of the first face; 1 means no change."""
        self.per_em = 1.0 / font.face.upem
        self.codes = frozenset(font.face.unicodes)
        """Code points that the face is used for."""

    def emboldened(self, by: float) -> Face:
        """Return a copy with strokes `by` em (font sizes) thicker, to imitate bold if a family has no bold weight."""
        import uharfbuzz as hb

        font = hb.Font(self.font.face)
        font.synthetic_bold = (by, by, True)
        return Face(font, self.weight)

    def narrowed(self, by: float) -> Face:
        """Return a copy with letters narrowed or widened to `by` times their width."""
        import uharfbuzz as hb

        font = hb.Font(self.font.face)
        font.synthetic_bold, font.scale = self.font.synthetic_bold, (round(by * font.face.upem), font.face.upem)
        narrow = Face(font, self.weight)
        narrow.scale = self.scale
        return narrow

    def restricted_to(self, chars: str) -> Face:
        """Return a copy that is used for these characters only."""
        face = Face(self.font, self.weight)
        face.codes &= frozenset(map(ord, chars))
        return face

    def covers(self, cluster: str) -> bool:
        """Whether the face can show every character of a cluster (a letter with its marks)."""
        return self.codes.issuperset(map(ord, cluster)) or all(self._has(char) for char in cluster)

    def _has(self, char: str) -> bool:
        if ord(char) in self.codes or unicodedata.category(char) in ("Cf", "Zs") or "\ufe00" <= char <= "\ufe0f":
            return True
        parts = unicodedata.normalize("NFD", char)
        return len(parts) > 1 and self.codes.issuperset(map(ord, parts))

    def shape(self, text: str, is_rtl: bool | None = None) -> tuple[list[Glyph], float]:
        """Return a text's glyphs from left to right, and its width in em (font sizes).

        `is_rtl` is whether the text runs from right to left. If it is None, the script decides the direction.
        """
        import uharfbuzz as hb  # 33 ms

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if is_rtl is not None:
            buffer.direction = "rtl" if is_rtl else "ltr"
        buffer.language = _LANGUAGES.get(buffer.script, "und")
        hb.shape(self.font, buffer)
        unit = self.per_em * self.scale
        x = 0
        glyphs: list[Glyph] = []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyphs.append(Glyph(self, info.codepoint, (x + place.x_offset) * unit, place.y_offset * unit))
            x += place.x_advance
        return glyphs, x * unit

    def ink_extents(self, text: str) -> InkExtents:
        """Return the edges of the area that a text's glyphs cover, in em (the font size)."""
        return extents_of(self.shape(text)[0])

    def supports(self, script: Script) -> bool:
        """Whether the face has a script's letters and can join them.

        Letters are joined if the script's sample conjunct takes fewer glyphs than characters; without a sample, it isn't tested.
        """
        if not (self.covers(script.letters) and script.conjunct):
            return self.covers(script.letters)
        glyphs, _ = self.shape(script.conjunct)
        return len(glyphs) < len(script.conjunct) and all(glyph.id for glyph in glyphs)


def max_extents(faces: Sequence[Face], texts: Sequence[str]) -> InkExtents:
    """Return the smallest area, in em (the font size), that holds the glyphs of each of `texts` in each of `faces`."""
    return extents_of([glyph for face in faces for text in texts for glyph in face.shape(text)[0]])


@dataclass(slots=True)
class Fonts:
    """Font faces for typesetting, and measurements of their letters that decide the sizes of type."""

    script: Script
    regular: tuple[Face, ...]
    """Faces of regular weight in order of preference: the one for the script, then Latin and further faces."""
    bold: tuple[Face, ...]
    origin: Phrase
    """Origin of the script's font, in words for the reader, such as `named in the config`."""
    tallest: InkExtents
    """Edges of the area drawn by letters with the tallest stacks of signs, in regular or bold weight."""
    base_em: float
    """Height, in em (the font size), of the letter `Script.base` (x for Latin) in the first regular face."""
    _fallbacks: dict[tuple[str, bool], Face] = field(default_factory=dict)
    _fixed: dict[bool, Face | None] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)
    _lookups: int = 0

    def chain(self, bold: bool) -> tuple[Face, ...]:
        """Return the faces of bold weight if `bold`, else of regular weight, in order of preference."""
        return self.bold if bold else self.regular

    def fixed(self, bold: bool) -> Face | None:
        """Return an installed monospaced face, bold if `bold`, whose letters are `COLUMN_EM` wide; None if none is found."""
        if bold not in self._fixed:
            self._fixed[bold] = _fixed(BOLD if bold else REGULAR)
        return self._fixed[bold]

    def fallback(self, text: str, bold: bool) -> Face | None:
        """Return an installed face that has every letter of `text`; None if none is found.

        Used for text with letters that none of the usual faces (`chain`) has. A missing bold weight is imitated.
        """
        if (text, bold) in self._fallbacks:
            return self._fallbacks[text, bold]
        wanted = text + _letters_of(text)
        for (_, heavy), face in self._fallbacks.items():
            if heavy == bold and face.covers(wanted):  # one face for all texts of a script, whichever came first
                return face
        if self._missing.isdisjoint(text) and self._lookups < _MAX_LOOKUPS:
            self._lookups += 1
            found = _covering(text, BOLD if bold else REGULAR)
            if found is not None:
                found.scale = self.base_em / self.script.base_em
                self._fallbacks[text, bold] = found
                return found
            if len(clusters(text)) == 1:
                self._missing.update(text)
        return next((face for (_, heavy), face in self._fallbacks.items() if heavy == bold and face.covers(text)), None)

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no font on this computer can show, each once."""
        letters = (char for char in dict.fromkeys(text) if char.isalpha())
        foreign = [char for char in letters if not any(face.covers(char) for face in self.regular)]
        return "".join(char for char in foreign if self.fallback(char, False) is None)


def load_fonts(script: Script, configured: Sequence[Path] = ()) -> Fonts:
    """Return the best fonts on this computer for a script. If `configured` names font files, only these are tried for the script.

    Raises:
        FontError: No font on this computer can show the script, or none of `configured` can.
    """
    for candidate in candidates(script, configured):
        faces = [face for face in _opened(candidate.files) if face.supports(script)]
        if faces:
            return _fonts(script, candidate, faces)
    if configured:
        names = ", ".join(map(str, configured))
        raise FontError(
            Phrase("{script} can't be set with {names}", script=script.name, names=names),
            Phrase("Name a font file with {script} letters, or none.", script=script.name),
        )
    raise FontError(Phrase("no font here can set {script}", script=script.name), script.advice)


def _fonts(script: Script, candidate: FontCandidate, faces: Sequence[Face]) -> Fonts:
    own = list(_opened(bundled_font_files(script)))
    regular, bold = (_chain(script, faces, own, weight) for weight in (REGULAR, BOLD))
    tallest = max_extents((regular[0], bold[0]), script.tallest)
    return Fonts(script, regular, bold, candidate.origin, tallest, regular[0].ink_extents(script.base).above)


def _chain(script: Script, faces: Sequence[Face], own: Sequence[Face], weight: int) -> tuple[Face, ...]:
    first = _nearest(faces, weight)
    malformed = script.bundle.malformed if script.bundle is not None else None
    if malformed is not None and not (first.name.startswith(malformed.family) and first.weight in malformed.weights):
        malformed = None
    if weight == BOLD and first.weight < _BOLD_ENOUGH:
        first = first.emboldened(_SYNTHETIC_BOLD_EM)
    chain = [first]
    if own and malformed is not None:
        light = _nearest(own, malformed.well_formed_weight)
        well_formed = _nearest(own, BOLD) if weight == BOLD else light.emboldened(_LIGHT_TO_REGULAR_EM)
        chain.append(well_formed.restricted_to(malformed.letters))
        first.codes -= chain[1].codes
    if own and not first.covers("Aa"):
        latin = _nearest(own, weight)
        latin.scale = script.latin_height * first.ink_extents(script.base).above / latin.ink_extents("x").above
        chain.append(latin)
    return tuple(chain)


def _covering(text: str, weight: int) -> Face | None:
    """Return a face of the first installed font family that has every letter of a text; None if no family has.

    Of the family's faces, the one nearest to `weight` is returned, with thicker strokes if it isn't bold enough.
    """
    letters = _letters_of(text)
    for wanted in (text + letters, text) if letters else (text,):
        for files in covering(wanted)[:_MAX_FAMILIES]:
            faces = [face for face in _opened(files[:_MAX_FILES]) if face.covers(text)]
            if faces:
                face = _nearest(faces, weight)
                is_light = weight == BOLD and face.weight < _BOLD_ENOUGH
                return face.emboldened(_SYNTHETIC_BOLD_EM) if is_light else face
    return None


def _fixed(weight: int) -> Face | None:
    for face in _opened(fixed_pitch("bold" if weight == BOLD else "regular")):
        widths = {round(face.shape(char)[1], 3) for char in "iW.0"}
        if len(widths) == 1 and face.covers("iW.0"):
            face.scale = COLUMN_EM / widths.pop()
            return face
    return None


def _letters_of(text: str) -> str:
    """Return the alphabets of a text's languages. For that text, a face with all letters of these alphabets is preferred."""
    return "".join(letters for letters in _LETTERS if any(letters[0] <= char <= letters[-1] for char in text))


def _nearest(faces: Iterable[Face], weight: int) -> Face:
    return min(faces, key=lambda face: abs(face.weight - weight))


def _opened(files: Iterable[FontFile]) -> Iterator[Face]:
    """Yield the faces in `files`, a regular and a bold face of each variable font. Files without outlines are skipped."""
    import uharfbuzz as hb  # 33 ms

    for file in files:
        try:
            blob = hb.Blob.from_file_path(str(file.path))
        except hb.HarfBuzzError:
            continue
        count = hb.Face(blob).count
        for index in range(count) if file.index is None else [file.index]:
            face = hb.Face(blob, index)
            if face.glyph_count and _OUTLINES & set(face.table_tags):
                yield from _at_weights(face)


def _at_weights(face: hb.Face) -> Iterator[Face]:
    import uharfbuzz as hb

    axis = next((axis for axis in face.axis_infos if axis.tag == "wght"), None)
    if axis is None:
        table = face.reference_table("OS/2").data
        yield Face(hb.Font(face), int.from_bytes(table[4:6], "big") or REGULAR)  # usWeightClass
        return
    for weight in (REGULAR, BOLD):
        font = hb.Font(face)
        value = min(max(weight, axis.min_value), axis.max_value)
        font.set_variations({"wght": value})
        yield Face(font, int(value))


def harfbuzz_version() -> str:
    """Return the version of the HarfBuzz library."""
    import uharfbuzz as hb  # 33 ms

    return str(hb.version_string())
