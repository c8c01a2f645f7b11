"""Bengali by hand: Roman letters as Avro Phonetic reads them, composed while one types. Pure.

avro-py has Avro's own rules, but for a few of the backtick; its list of words that it spells otherwise is left out, since a letter
more would change what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bpost_tui.bengali.letters import composed
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

COMPOSED = frozenset(chr(code) for code in range(0x21, 0x7F))
"""What a word in Roman letters is of: all that ibus-avro takes, signs too. A full stop makes a danda, a colon is a visarga, two
commas are a hasant, a backtick parts letters.
"""


@dataclass(slots=True)
class AvroComposer:
    """What is being composed in a line."""

    is_on: bool = False
    """Whether Roman letters are composed."""
    roman: str = ""
    """The letters typed since the word began; empty between words."""
    start: int = 0
    """Where in the line what they make begins."""
    bengali: str = ""
    """What they make: from there on it is in the line."""
    typed: dict[str, str] = field(default_factory=dict)
    """What was made → the letters it was made of."""

    def composes(self, letter: str) -> bool:
        """Whether a letter is composed, and not put in as it is."""
        return self.is_on and letter in COMPOSED

    def is_at(self, line: str, cursor: int) -> bool:
        """Whether the word still is in the line as it was made, with the cursor behind it."""
        return bool(self.roman) and cursor == self.start + len(self.bengali) and line[self.start : cursor] == self.bengali

    def set_word(self, roman: str, start: int, made: str) -> None:
        """Note what letters have made, and where it begins in the line."""
        self.roman, self.start, self.bengali = roman, start, made
        self.typed[made] = roman

    def restore_roman(self, line: str) -> str:
        """Return a line with the letters that its words were made of."""
        return re.sub(r"\S+", lambda word: self.typed.get(word[0], word[0]), line)

    def end(self) -> None:
        """Leave the word as it is; the next letter begins another."""
        self.roman, self.bengali = "", ""


_MUTE_O = lazy_pattern("(?<=ngo)((?:oo)*)o`|(?<!o)(?<!ng)((?:oo)+)o`|(?<![b-df-hj-np-tv-zB-DF-HJ-NP-TV-Zo])o`")
_MUTE = "\x01"
"""Stands for an o with a backtick, which makes nothing; avro-py doesn't know it where no consonant is before it."""
_UNSEEN = {ord("`"): None, ord(_MUTE): None}


def from_roman(roman: str) -> str:
    """Return Roman letters as Avro Phonetic writes them. Backticks that avro-py leaves are taken out: they only part letters.

    Source: the rules of ibus-avro (avrolib.js), with which all of this agrees.

    >>> from_roman("jNGan"), from_roman("raShTro"), from_roman("hoThat``"), from_roman("as`le")
    ('জ্ঞান', 'রাষ্ট্র', 'হঠাৎ', 'আসলে')
    """
    if not roman:
        return ""
    import avro  # 8 ms beside the screen; with its rules as data, larger than all that is in `bengali`

    return composed(
        avro.parse(_MUTE_O.sub(lambda found: f"{found[1] or found[2] or ''}{_MUTE}`", roman), remap_words=False).translate(_UNSEEN)
    )
