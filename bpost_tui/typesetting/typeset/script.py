"""Script and language of most text, as data from the app: fonts, sample letters, rules for breaking lines. Default: Latin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.text.phrase import Phrase


class LanguageRules(NamedTuple):
    """Rules for writing a language, in addition to the rules for all languages (UAX #14)."""

    compose: Callable[[str], str] = str
    """Function that rewrites a text's letters in the form that fonts and terminals show best."""
    keep_together: Callable[[str, str], bool] = lambda before, after: False
    """Function that returns whether two words must stay on one line.

    Its arguments are up to 32 characters before the white space between the words, and up to 32 after it.
    """
    wide: str = ""
    """Regular expression for letters at least a quarter of a cell wider than their cells in a terminal; "" if there are none."""
    wide_bold: str = ""
    """Regular expression for further letters that are as much too wide, but only in bold; "" if there are none."""


_NOTO = Phrase("Install the Noto fonts.")
DEFAULT_RULES = LanguageRules()


class MalformedLetters(NamedTuple):
    """Letters that a bundled font family draws wrongly in several of its weights."""

    family: str
    weights: range
    letters: str
    well_formed_weight: int
    """Weight that has these letters well formed. Regular type uses the letters of this weight, with thicker strokes."""


class BundledFont(NamedTuple):
    """Font family bundled with the app. It is used if no better font is installed, and if the chosen font has no Latin letters."""

    origin: Phrase
    """Origin of the font, in words for the reader, such as `Hind Siliguri, which comes with bpost`."""
    files: Callable[[], tuple[Path, ...]]
    malformed: MalformedLetters | None = None


class Script(NamedTuple):
    """Script of most text. Its fonts are tried first, and its letters decide the sizes and line heights for all scripts."""

    name: Phrase
    language: str
    """Language code (RFC 5646), used to ask fontconfig for fonts of the language."""
    families: tuple[str, ...]
    """Names of font families that show the script well, best first."""
    block: str
    """Characters of the script, as ranges for a regular expression. Lines are high enough for these characters. Any other character
    is measured, because it may be taller.
    """
    letters: str
    """Sample letters. A font counts as made for the script only if it has all of them."""
    base: str
    """Letter as high as most letters of the script: x for Latin, ক for Bengali. The top of ক is the headline stroke."""
    stroke: str
    """Letter with a stroke across its whole top: z for Latin, ত for Bengali."""
    base_em: float
    """Height of the letter `base` in the reference font, in em (the font size). Other fonts are scaled to the same height."""
    tallest: tuple[str, ...]
    """Texts with the tallest and deepest letters found in a dictionary; they decide the height of lines."""
    usual: tuple[str, ...]
    """Letters of usual height, found in most lines; they decide the height of lines in block characters (a mosaic)."""
    names: tuple[str, ...]
    """Letters of newspapers' names in the masthead. Masthead type is as large as the highest and deepest of these letters allow."""
    system_files: tuple[str, ...] = ()
    """Paths of suitable fonts that come with macOS."""
    bundle: BundledFont | None = None
    advice: Phrase = _NOTO
    """Advice to the reader if no font has the letters of the script."""
    conjunct: str = ""
    """Conjunct (letters joined into one) of three characters, for testing fonts. A suitable font shows it with fewer glyphs."""
    latin_height: float = 0.82
    """Height of Latin x as a share of the height of `base`, chosen so that both look equally large on a line."""
    enlarged: Mapping[str, float] = MappingProxyType({})
    """Enlargement factors of type in block characters by font family, for families that are less legible than most."""
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
    base_em=0.536,  # Noto Sans
    tallest=("ÅÉŠ", "Ầ", "gjpqyç", "Çş(|"),
    usual=("Agé", "ÄÉ", "qjy"),
    names=("ABgjy", "É"),
)
