"""Abbreviations spoken letter by letter and written in either script: BJP, বিজেপি. Words are normalised (normalise.py)."""

from __future__ import annotations

import re

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_BENGALI = "এ বি সি ডি ই এফ জি এইচ আই জে কে এল এম এন ও পি কিউ আর এস টি ইউ ভি ডব্লিউ এক্স ওয়াই জেড"
_NAMES = dict(zip(_LATIN, _BENGALI.split(), strict=True))
_LETTERS = {name: letter for letter, name in _NAMES.items()}
_LENGTHS = range(2, 7)
_NAME = "|".join(sorted(_LETTERS, key=len, reverse=True))  # এম isn't এ and something else
_ONE = re.compile(_NAME)
_SEVERAL = re.compile(f"(?:{_NAME}){{{_LENGTHS.start},{_LENGTHS.stop - 1}}}")


def said(latin: str) -> str:
    """Return Latin letters as Bengali says their names, empty where there are too few or too many to be an abbreviation."""
    return "".join(_NAMES[letter] for letter in latin) if len(latin) in _LENGTHS and set(latin) <= set(_NAMES) else ""


def written(bengali: str) -> str:
    """Return the Latin letters whose names a Bengali word consists of, empty where it doesn't."""
    return _ONE.sub(lambda name: _LETTERS[name[0]], bengali) if _SEVERAL.fullmatch(bengali) else ""


NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
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
"""(Bengali name, English names)."""
