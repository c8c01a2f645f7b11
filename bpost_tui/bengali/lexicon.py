"""Words that are written in either script: abbreviations (BJP, বিজেপি) and names (Calcutta, কলকাতা). Pure.

Words are in the form of `normalise`.
"""

from __future__ import annotations

import re

from bpost_tui.bengali.short_forms import LATIN_LETTERS

_LETTER_NAMES = {letter.lower(): name for letter, name in LATIN_LETTERS.items()}
_LETTER_OF = {name: letter for letter, name in _LETTER_NAMES.items()}
_LENGTHS = range(2, 7)
_NAME = "|".join(sorted(_LETTER_OF, key=len, reverse=True))  # এম isn't এ and something else
_ONE = re.compile(_NAME)
_SEVERAL = re.compile(f"(?:{_NAME}){{{_LENGTHS.start},{_LENGTHS.stop - 1}}}")


def spelled_out(latin: str) -> str:
    """Return the Bengali names of Latin letters, bjp → বিজেপি; empty where there are too few or too many for an abbreviation."""
    return "".join(_LETTER_NAMES[letter] for letter in latin) if len(latin) in _LENGTHS and set(latin) <= set(_LETTER_NAMES) else ""


def abbreviation_of(bengali: str) -> str:
    """Return the Latin letters whose names a Bengali word consists of, বিজেপি → bjp; empty where it doesn't."""
    return _ONE.sub(lambda name: _LETTER_OF[name[0]], bengali) if _SEVERAL.fullmatch(bengali) else ""


EXONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("মেদিনীপুর", ("midnapore", "midnapur")),
    ("কলকাতা", ("calcutta", "kolkata")),
    ("খড়\u09cdগপুর", ("kharagpur", "kgp")),
    ("তমলুক", ("tamluk",)),
    ("কাঁথি", ("contai",)),
    ("বর্ধমান", ("burdwan",)),
    ("হুগলি", ("hooghly",)),
    ("বহরমপুর", ("berhampore",)),
    ("চুঁচুড়া", ("chinsurah", "chinsura")),
    ("চন্দননগর", ("chandernagore",)),
    ("শ্রীরামপুর", ("serampore",)),
    ("হাওড়া", ("howrah",)),
    ("বাঁকুড়া", ("bankura",)),
    ("দিঘা", ("digha",)),
    ("বালেশ্বর", ("balasore",)),
    ("ঢাকা", ("dacca",)),
    ("দিল্লি", ("delhi",)),
    ("মুম্বই", ("mumbai", "bombay")),
    ("পশ্চিমবঙ্গ", ("bengal",)),
    *(
        (name + "োপাধ্যায়", english)
        for name, english in (
            ("বন্দ্য", ("banerjee", "banerji")),
            ("মুখ", ("mukherjee", "mukherji")),
            ("চট্ট", ("chatterjee", "chatterji")),
            ("গঙ্গ", ("ganguly", "ganguli")),
        )
    ),
)
"""(Bengali name, English names), for names whose English form isn't how the Bengali one sounds."""
