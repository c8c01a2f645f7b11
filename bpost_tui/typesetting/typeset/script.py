"""Script and language of most text, as data from the app: faces, letters to measure, line-breaking rules. Latin by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bpost_tui.typesetting.text.phrase import Phrase


class LanguageRules(NamedTuple):
    """Rules of a language's writing, beside the rules common to all (UAX #14)."""

    compose: Callable[[str], str] = str
    """Function that returns a text with its letters in the form that fonts and terminals show best."""
    keep_together: Callable[[str, str], bool] = lambda before, after: False
    """Whether no line may end between two words; arguments are up to 32 characters before and after the white between them."""
    wide: str = ""
    """Pattern of letters a quarter of a cell or more wider than terminals give them; empty if there are none."""
    wide_bold: str = ""
    """Pattern of letters as wide as `wide`'s in bold only."""


_NOTO = Phrase("Install the Noto fonts.")
DEFAULT_RULES = LanguageRules()


class MalformedLetters(NamedTuple):
    """Letters with wrong outlines in several weights of a bundled family."""

    family: str
    weights: range
    letters: str
    well_formed_weight: int
    """Weight with correct letters, which are emboldened to replace the wrong ones."""


class BundledFont(NamedTuple):
    """Font family bundled with the app: used if no better family is installed, and for Latin letters that others lack."""

    origin: Phrase
    """Origin of the family, in words for the reader."""
    files: Callable[[], tuple[Path, ...]]
    malformed: MalformedLetters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Script of most of a text: its faces come first, and sizes and lines are measured by its letters; other scripts adapt."""

    name: Phrase
    language: str
    """Language of the script (RFC 5646), for finding families by fontconfig."""
    families: tuple[str, ...]
    """Families that set the script well, best first."""
    system_files: tuple[str, ...] = ()
    """Files of fonts that come with macOS."""
    bundle: BundledFont | None = None
    advice: Phrase = _NOTO
    """Advice for the reader if no font has the letters."""
    block: str
    """Characters as ranges within a pattern's brackets; lines are high enough for them, and other characters are measured."""
    letters: str
    """Sample letters: only a font that covers all of them counts as made for this script."""
    conjunct: str = ""
    """Conjunct of three characters, which a font made for the script joins to fewer glyphs."""
    base: str
    """Letter with the top edge of most letters, called the headline: x, ক."""
    stroke: str
    """Letter with a stroke across all of its top edge: z, ত."""
    headline: float
    """Height of `base` in em, in the face used to measure sizes; other faces are scaled to it."""
    tallest: tuple[str, ...]
    """Texts of a dictionary that reach furthest up and down, and so give the height of lines."""
    usual: tuple[str, ...]
    """Letters that most lines hold, which give the height of lines in a mosaic."""
    names: tuple[str, ...]
    """Letters of names at the head of a page, which are as large as these permit."""
    latin_height: float = 0.82
    """Height of x, as a share of the height of `base`, that looks equally high on a line."""
    enlarged: Mapping[str, float] = field(default_factory=dict)
    """Enlargement by family that makes it as legible as others in a mosaic."""
    language_rules: LanguageRules = DEFAULT_RULES


LATIN = Script(
    name=Phrase("Latin"),
    language="en",
    families=("Noto Sans", "Source Sans 3", "DejaVu Sans", "Liberation Sans", "Arial"),
    system_files=("/System/Library/Fonts/HelveticaNeue.ttc", "/System/Library/Fonts/Supplemental/Arial.ttf"),
    block="\u0000-\u02ff\u1e00-\u1eff",
    letters="AaEegxyzÄÉéñ",
    base="x",
    stroke="z",
    headline=0.536,  # Noto Sans
    tallest=("ÅÉŠ", "Ầ", "gjpqyç", "Çş(|"),
    usual=("Agé", "ÄÉ", "qjy"),
    names=("ABgjy", "É"),
)
