"""Tables of Bengali keyboard layouts, so that an action's key works under every layout.

A terminal sends characters to a program, not keys: under Probhat the key `j` sends জ, under InScript র. A character is on different
keys in different layouts (র is `r` in Probhat), so it can mean only one action. The first layout in `LAYOUTS` whose key is bound
decides the action. If the reader's own layout is known, only that layout is used, and then all its keys work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bpost_tui.config.key_names import key_name

_LATIN: Final = (
    "` 1 2 3 4 5 6 7 8 9 0 - =",
    "~ ! @ # $ % ^ & * ( ) _ +",
    "q w e r t y u i o p [ ] \\",
    "Q W E R T Y U I O P { } |",
    "a s d f g h j k l ; '",
    'A S D F G H J K L : "',
    "z x c v b n m , . /",
    "Z X C V B N M < > ?",
)
"""Keys of the US layout, row by row, in pairs: a key's character without and with Shift."""

_PLACEHOLDER: Final = "◌"
"""Dotted circle that carries a vowel sign in the tables of layouts in this module. It is removed when the tables are read."""

LAYOUTS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "probhat": (
            "\u200d ১ ২ ৩ ৪ ৫ ৬ ৭ ৮ ৯ ০ - =",
            "~ ! @ # ৳ % ^ ঞ ৎ ( ) _ +",
            "দ ◌ূ ◌ী র ট এ ◌ু ◌ি ও প ◌ে ◌ো \u200c",
            "ধ ঊ ঈ ড় ঠ ঐ উ ই ঔ ফ ◌ৈ ◌ৌ ॥",
            "◌া স ড ত গ হ জ ক ল ; '",
            'অ ষ ঢ থ ঘ ◌ঃ ঝ খ ◌ং : "',
            "য় শ চ আ ব ন ম , । ◌্",
            "য ঢ় ছ ঋ ভ ণ ঙ ◌ৃ ◌ঁ ?",
        ),
        "inscript": (
            "\u200d ১ ২ ৩ ৪ ৫ ৬ ৭ ৮ ৯ ০ - ◌ৃ",
            "\u200c ! @ # $ % ^ & * ( ) ◌ঃ ঋ",
            "◌ৌ ◌ৈ ◌া ◌ী ◌ূ ব হ গ দ জ ড ◌় \\",
            "ঔ ঐ আ ঈ ঊ ভ ঙ ঘ ধ ঝ ঢ ঞ |",
            "◌ো ◌ে ◌্ ◌ি ◌ু প র ক ত চ ট",
            "ও এ অ ই উ ফ ঢ় খ থ ছ ঠ",
            "ৎ ◌ং ম ন ব ল স , . য়",
            "Z ◌ঁ ণ ন ব ল শ ষ । য",
        ),
        "ben": (
            "` ১ ২ ৩ ৪ ৫ ৬ ৭ ৮ ৯ ০ - ঋ",
            "~ ! @ # $ % ^ & * ( ) ◌ঃ ◌ৃ",
            "◌ৌ ◌ৈ ◌া ◌ী ◌ূ ব হ গ দ জ ড ◌় \\",
            "ঔ ঐ আ ঈ ঊ ভ ঙ ঘ ধ ঝ ঢ ঞ |",
            "◌ো ◌ে ◌্ ◌ি ◌ু প র ক ত চ ট",
            "ও এ অ ই উ ফ ঢ় খ থ ছ ঠ",
            "z ◌ং ম ন ব ল স , . য়",
            "Z ◌ঁ ণ ন ব ল শ ষ । য",
        ),
        "bd": (
            "` ১ ২ ৩ ৪ ৫ ৬ ৭ ৮ ৯ ০ - =",
            "~ ! @ # $ % ^ & * ( ) _ +",
            "ঙ য ড প ট চ জ হ গ ড় [ ] \\",
            "◌ং য় ঢ ফ ঠ ছ ঝ ঞ ঘ ঢ় { } |",
            "◌ৃ ◌ু ◌ি ব ◌্ ◌া ক ত দ ; '",
            '◌ৗ ◌ূ ◌ী ভ । অ খ থ ধ : "',
            "◌ঁ ◌ো ◌ে র ন স ম , . /",
            "◌ঃ ◌ৌ ◌ৈ ল ণ ষ শ < > ?",
        ),
        "avro": (
            "` ১ ২ ৩ ৪ ৫ ৬ ৭ ৮ ৯ ০ - =",
            "~ ! @ # ৳ % ◌ঁ & * ( ) _ +",
            "ক ও এ র ত y উ ই অ প [ ] \\",
            "Q W E ড় ট য় ঊ ঈ ও P { } |",
            "আ স দ ফ গ হ জ ক ল ; '",
            'A শ ড F G H J K L ◌ঃ "',
            "য x চ ভ ব ন ম , । /",
            "Z X C V B ণ M < > ?",
        ),
    }
)
"""Maps each layout to the characters that the keys of `_LATIN` send under it. The preferred layouts come first.

Source: xkeyboard-config 2.42, symbols/in (ben_probhat, which is bd's probhat as well; ben_inscript; ben) and symbols/bd (basic),
without and with Shift (first and second level). Avro isn't a layout. Its table has the Bengali letter that Avro Phonetic writes for
a Roman letter at the beginning of a word, if that letter is a single character.
"""


def aliases(key: str, layouts: Sequence[str] = tuple(LAYOUTS)) -> tuple[str, ...]:
    """Return the names of the characters that a key sends under Bengali layouts.

    For example, `j` has `("জ", "র", "ক")`. A key that sends no character, such as Enter, has none.
    """
    sent = (_table(layout).get(key_name(key)) for layout in layouts)
    return tuple(dict.fromkeys(name for name in sent if name))


def layouts_of(keyboard: str) -> tuple[str, ...]:
    """Return the names of the layouts to use: the reader's own, or all if `keyboard` is "auto"."""
    return tuple(LAYOUTS) if keyboard == "auto" else (keyboard,)


def with_aliases(bound: Mapping[str, tuple[str, ...]], layouts: Sequence[str] = tuple(LAYOUTS)) -> dict[str, tuple[str, ...]]:
    """Return the keys of all actions, each key followed by the characters that it sends under Bengali layouts.

    A character that is bound to another action is left out.

    Args:
        bound: Keys of each action, by its id; if two actions have the same key, the first action gets the key's characters.
        layouts: Names of layouts. If several layouts have a character, each on a bound key, the first of them decides the action.
    """
    owners: dict[str, str] = {}
    for action, keys in bound.items():
        for key in keys:
            owners.setdefault(key_name(key), action)
    found: dict[str, str] = {}
    for table in map(_table, layouts):
        for latin, action in owners.items():
            sent = table.get(latin, latin)
            if sent not in owners:
                found.setdefault(sent, action)
    return {action: (*keys, *(sent for sent, owner in found.items() if owner == action)) for action, keys in bound.items()}


def _table(layout: str) -> Mapping[str, str]:
    """Map the name of each key to the name of the character that it sends under a layout.

    A key that sends its usual character is left out.
    """
    pairs = (
        (key_name(key), char.removeprefix(_PLACEHOLDER))
        for keys, sent in zip(_LATIN, LAYOUTS[layout], strict=True)
        for key, char in zip(keys.split(" "), sent.split(" "), strict=True)
    )
    return {key: key_name(char) for key, char in pairs if key_name(char) != key}
