"""Bengali letters and digits: numbers in Bengali, and the letters that Unicode encodes in two forms. Standard library only."""

from __future__ import annotations

DIGITS = "০১২৩৪৫৬৭৮৯"
DOTTED = {"\u09dc": "\u09a1\u09bc", "\u09dd": "\u09a2\u09bc", "\u09df": "\u09af\u09bc"}
"""Maps the letters ড়, ঢ় and য় as one character to the same letters as two characters, the second a nukta (dot).

All normal forms of Unicode, even NFC, use two characters.
"""

_TO_BENGALI = str.maketrans("0123456789", DIGITS)


def digits(text: str | int) -> str:
    """Return a text or whole number with Bengali digits instead of ASCII ones."""
    return str(text).translate(_TO_BENGALI)


def group_digits(number: int) -> str:
    """Return a whole number in Bengali digits, with commas as in India: ১২,৩৪,৫৬৭."""
    sign, figures = ("-", str(-number)) if number < 0 else ("", str(number))
    head, tail = figures[:-3], figures[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return digits(sign + ",".join([*reversed(groups), tail]))


def composed(text: str) -> str:
    """Return a text with ড়, ঢ় and য় as one character each, the form that terminals and fonts show best."""
    for letter, parts in DOTTED.items():
        text = text.replace(parts, letter)
    return text


def decomposed(text: str) -> str:
    """Return a text with ড়, ঢ় and য় as two characters each, as in NFC."""
    for letter, parts in DOTTED.items():
        text = text.replace(letter, parts)
    return text


def in_both_forms(pattern: str) -> str:
    """Return the regular expression `pattern`, changed so that ড়, ঢ় and য় match as one character and as two.

    No set `[…]` in `pattern` may contain these letters.
    """
    pattern = decomposed(pattern)
    for letter, parts in DOTTED.items():
        pattern = pattern.replace(parts, f"(?:{letter}|{parts})")
    return pattern
