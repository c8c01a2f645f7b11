"""Bengali by hand: Roman letters as Avro Phonetic reads them, composed while one types. Pure.

avro-py has Avro's own rules, and gives what Avro Phonetic gives for each of the words in its test here; its list of words
that it spells otherwise is left out, since a letter more would change what stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters, digits

from bpost_tui.bengali.letters import composed

BEGINS = frozenset(ascii_letters + digits + "^")
"""What a word in Roman letters may begin with."""
GOES_ON = BEGINS | frozenset("`:")
"""What it may have in it: a backtick parts letters, a colon is a visarga."""


@dataclass(slots=True)
class Composing:
    """What is being composed in a line."""

    is_on: bool = False
    """Whether Roman letters are composed."""
    roman: str = ""
    """The letters typed since the word began; empty between words."""
    start: int = 0
    """Where in the line what they make begins."""
    made: str = ""
    """What they make: it stands in the line from there on."""

    def takes(self, letter: str) -> bool:
        """Whether a letter is composed, and not put in as it is."""
        return self.is_on and letter in (GOES_ON if self.roman else BEGINS)

    def is_at(self, line: str, cursor: int) -> bool:
        """Whether the word still stands in the line as it was made, with the cursor behind it."""
        return bool(self.roman) and cursor == self.start + len(self.made) and line[self.start : cursor] == self.made

    def end(self) -> None:
        """Leave the word as it is; the next letter begins another."""
        self.roman, self.made = "", ""


def from_roman(roman: str) -> str:
    """Return Roman letters as Avro Phonetic writes them.

    >>> from_roman("jNGan"), from_roman("raShTro"), from_roman("hoThat``")
    ('জ্ঞান', 'রাষ্ট্র', 'হঠাৎ')
    """
    if not roman:
        return ""
    import avro  # 8 ms beside the screen; with its rules as data, larger than all that is in `bengali`

    return composed(avro.parse(roman, remap_words=False))
