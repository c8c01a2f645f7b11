"""What type is made for, as data that an app hands in: a script, its faces, and a language's habits; Latin by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bpost_tui.typesetting.text.phrase import Phrase


class LanguageRules(NamedTuple):
    """How a language is written, beside the rules that all share (UAX #14)."""

    compose: Callable[[str], str] = str
    """Returns a text with its letters in the form that fonts and terminals show best."""
    keep_together: Callable[[str, str], bool] = lambda before, after: False
    """Whether no line may end between two words, given up to 32 characters before the white between them, and behind it."""
    wide: str = ""
    """A pattern of letters that are a quarter of a cell or more wider than what terminals give them; empty where none are."""
    wide_bold: str = ""
    """A pattern of those that are so wide in bold only."""


_NOTO = Phrase("Install the Noto fonts.")
DEFAULT_RULES = LanguageRules()


class MalformedLetters(NamedTuple):
    """Letters that are drawn wrong in some weights of a family that comes with the app."""

    family: str
    weights: range
    letters: str
    well_formed_weight: int
    """The weight whose letters are right; made heavier, they stand in."""


class BundledFont(NamedTuple):
    """A family that comes with the app: it is taken where no better one is installed, and for Latin letters that others lack."""

    origin: Phrase
    """Where it comes from, in words for the reader."""
    files: Callable[[], tuple[Path, ...]]
    malformed: MalformedLetters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The script that most of a text is in: its faces come first, and sizes and lines go by its letters; others join it."""

    name: Phrase
    language: str
    """A language of it (RFC 5646), by which fontconfig finds families."""
    families: tuple[str, ...]
    """That set it well, best first."""
    system_files: tuple[str, ...] = ()
    """Fonts that come with macOS."""
    bundle: BundledFont | None = None
    advice: Phrase = _NOTO
    """What helps where no font has its letters."""
    block: str
    """Its characters, as ranges within a pattern's brackets; lines are made high enough for them, and others are measured."""
    letters: str
    """What a face that is made for it has."""
    conjunct: str = ""
    """Three letters that such a face joins to fewer glyphs."""
    base: str
    """A letter whose top edge most others share: x, ক. Where that edge is, is called the headline."""
    stroke: str
    """A letter whose top edge is a stroke across all of it: z, ত."""
    headline: float
    """The height of `base` in em, in the face with which sizes were measured; others are drawn as high."""
    tallest: tuple[str, ...]
    """What reaches furthest up and down among a dictionary's words; lines are as high as that."""
    usual: tuple[str, ...]
    """What most lines hold; lines of a mosaic are as high as that."""
    names: tuple[str, ...]
    """What names at the head of a page hold; those are as large as they may be for that."""
    latin_height: float = 0.82
    """The height of x, where that of `base` is 1, at which both look even on a line."""
    enlarged: Mapping[str, float] = field(default_factory=dict)
    """How much larger than others a family must be to be read as well in a mosaic."""
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
    headline=0.536,  # of Noto Sans
    tallest=("ÅÉŠ", "Ầ", "gjpqyç", "Çş(|"),
    usual=("Agé", "ÄÉ", "qjy"),
    names=("ABgjy", "É"),
)
