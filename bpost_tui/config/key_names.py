"""Names of keys: `?` and `question_mark` name the same key. Imports only the standard library."""

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
_MODIFIERS: Final = frozenset(("alt", "ctrl", "hyper", "meta", "shift", "super"))

_ASCII: Final = range(0x21, 0x7F)

NAMED: Final = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *("enter", "escape", "tab", "space", "backspace", "delete", "insert"),
    *(f"f{number}" for number in range(1, 25)),
)
"""Names of keys that type no visible character."""
RENAMED: Final = {"rung": "draw_type", "slower": "settings"}
"""Maps former names of actions, in config files of earlier versions, to their present names."""


def key_name(key: str) -> str:
    """Return Textual's name of a key that may be given as a character: `j`, `question_mark`, `ctrl+plus`.

    Letters and digits are their own names. Other characters have their Unicode name, except for six that have a shorter name.
    """
    modifiers, char = key[:-1], key[-1:]
    if char.isalnum() or not char or (modifiers and not modifiers.endswith("+")):
        return key
    name = unicodedata.name(char, char).lower().replace("-", "_").replace(" ", "_")
    return modifiers + _SHORTER.get(name, name)


def is_key(name: str) -> bool:
    """Whether a key has the name `name`, in Textual's form: `j`, `question_mark`, `ctrl+plus`."""
    *modifiers, base = name.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return False
    if len(base) == 1:
        return base.isalnum()
    return base in NAMED or base in _SHORTER.values() or (base.islower() and _is_character(base))


def _is_character(name: str) -> bool:
    if any(key_name(chr(code)) == name for code in _ASCII):  # the key's name has no hyphen, even if the Unicode name has
        return True
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True
