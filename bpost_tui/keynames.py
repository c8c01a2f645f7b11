"""Names of keys: `?` and `question_mark` are the same key. Standard library only."""

from __future__ import annotations

import unicodedata
from typing import Final

_SHORTER: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def key_name(key: str) -> str:
    """Return Textual's name of a key that may be written as its character: `j`, `question_mark`, `bengali_vowel_sign_aa`.

    Letters and digits are their own names; other characters go by their Unicode name, save six that have a shorter one.
    """
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name)
