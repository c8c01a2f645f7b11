"""Composer of Bengali from Roman letters, by the rules of Avro Phonetic, while the reader types. Pure.

avro-py has Avro's own rules, except a few of the backtick. Its list of words with other spellings is left out: with it, one more
letter could change letters that are already in the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bpost_tui.bengali.letters import composed
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

COMPOSED = frozenset(chr(code) for code in range(0x21, 0x7F))
"""Characters that can be part of a word in Roman letters: all that ibus-avro takes, signs as well.

A full stop makes a danda, a colon a visarga, two commas a hasant; a backtick separates letters.
"""


@dataclass(slots=True)
class AvroComposer:
    """Word that is being composed in an input line."""

    is_on: bool = False
    """Whether Roman letters are composed."""
    roman: str = ""
    """Letters typed since the word began; empty between words."""
    start: int = 0
    """Index of the Bengali word's beginning in the line."""
    bengali: str = ""
    """Bengali word made of the letters; from `start` on it is in the line."""
    typed: dict[str, str] = field(default_factory=dict)
    """Bengali word → letters that it was made of."""

    def composes(self, letter: str) -> bool:
        """Whether a letter is composed, not inserted as it is."""
        return self.is_on and letter in COMPOSED

    def is_at(self, line: str, cursor: int) -> bool:
        """Whether the word is still in the line as it was made, with the cursor after it."""
        return bool(self.roman) and cursor == self.start + len(self.bengali) and line[self.start : cursor] == self.bengali

    def set_word(self, roman: str, start: int, made: str) -> None:
        """Note the word that letters have made, and its index in the line."""
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
"""Placeholder for `o` before a backtick, which writes no letter; avro-py only knows this rule after a consonant."""
_UNSEEN = {ord("`"): None, ord(_MUTE): None}


def from_roman(roman: str) -> str:
    """Return Roman letters as Avro Phonetic writes them. Backticks that avro-py leaves are removed: they only separate letters.

    Source: the rules of ibus-avro (avrolib.js); all of this agrees with them.

    >>> from_roman("jNGan"), from_roman("raShTro"), from_roman("hoThat``"), from_roman("as`le")
    ('জ্ঞান', 'রাষ্ট্র', 'হঠাৎ', 'আসলে')
    """
    if not roman:
        return ""
    import avro  # 8 ms in a thread of the screen; its rules as data would be larger than the whole of `bengali`

    return composed(
        avro.parse(_MUTE_O.sub(lambda found: f"{found[1] or found[2] or ''}{_MUTE}`", roman), remap_words=False).translate(_UNSEEN)
    )
