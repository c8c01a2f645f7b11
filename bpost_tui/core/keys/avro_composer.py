"""Composes Bengali words from the Roman letters that the reader types, by the rules of Avro Phonetic. Pure.

The package avro-py has Avro's own rules, except a few about the backtick. It also lists words whose spelling doesn't follow the
rules. This list isn't used, because one more typed letter could then change Bengali letters that are already in the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bpost_tui.bengali.letters import composed
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

COMPOSED = frozenset(chr(code) for code in range(0x21, 0x7F))
"""Characters that can be part of a word in Roman letters. They include signs, as in ibus-avro.

A full stop makes a danda, a colon a visarga, two commas a hasant; a backtick separates letters.
"""


@dataclass(slots=True)
class AvroComposer:
    """Bengali word that the reader is composing from Roman letters in an input line."""

    is_on: bool = False
    """Whether composing is on, so that Roman letters become Bengali."""
    roman: str = ""
    """Roman letters typed since the word began; empty between words."""
    start: int = 0
    """Index of the word's first letter in the line."""
    bengali: str = ""
    """Bengali word made of the Roman letters. The line has it at index `start`."""
    typed: dict[str, str] = field(default_factory=dict)
    """Maps each composed Bengali word to the Roman letters that it was made of."""

    def composes(self, letter: str) -> bool:
        """Return whether `letter` becomes part of a Bengali word, instead of being inserted as it is."""
        return self.is_on and letter in COMPOSED

    def is_at(self, line: str, cursor: int) -> bool:
        """Return whether the line still has the composed word, with the cursor right after it."""
        return bool(self.roman) and cursor == self.start + len(self.bengali) and line[self.start : cursor] == self.bengali

    def set_word(self, roman: str, start: int, made: str) -> None:
        """Store the Bengali word `made`, which was made from the Roman letters `roman` and begins at index `start` of the line."""
        self.roman, self.start, self.bengali = roman, start, made
        self.typed[made] = roman

    def restore_roman(self, line: str) -> str:
        """Return a line with its composed words replaced by the Roman letters that they were made of."""
        return re.sub(r"\S+", lambda word: self.typed.get(word[0], word[0]), line)

    def end(self) -> None:
        """Finish the Bengali word that is being composed. The next letter begins a new word."""
        self.roman, self.bengali = "", ""


_MUTE_O = lazy_pattern("(?<=ngo)((?:oo)*)o`|(?<!o)(?<!ng)((?:oo)+)o`|(?<![b-df-hj-np-tv-zB-DF-HJ-NP-TV-Zo])o`")
_MUTE = "\x01"
"""Placeholder for an `o` before a backtick. Such an `o` writes no letter.

avro-py has this rule only for an `o` after a consonant.
"""
_UNSEEN = {ord("`"): None, ord(_MUTE): None}


def from_roman(roman: str) -> str:
    """Convert Roman letters to Bengali by the rules of Avro Phonetic.

    Backticks that avro-py leaves in the result are removed, because they only separate letters. Source: the rules of ibus-avro
    (avrolib.js). All results agree with these rules.

    >>> from_roman("jNGan"), from_roman("raShTro"), from_roman("hoThat``"), from_roman("as`le")
    ('জ্ঞান', 'রাষ্ট্র', 'হঠাৎ', 'আসলে')
    """
    if not roman:
        return ""
    import avro  # 8 ms in a thread of the screen; its rules as data would be larger than the whole of `bengali`

    return composed(
        avro.parse(_MUTE_O.sub(lambda found: f"{found[1] or found[2] or ''}{_MUTE}`", roman), remap_words=False).translate(_UNSEEN)
    )
