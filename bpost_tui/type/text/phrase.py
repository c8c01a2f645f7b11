"""What is said in English, and can be said in another language. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Phrase(str):
    """A sentence in English; who speaks another language makes it again, of its message and its fields."""

    __slots__ = ("fields", "message")

    message: str
    """As it is before anything is filled in: `{name} can't show pictures`."""
    fields: Mapping[str, object]
    """What is filled in; there may be phrases among them."""

    def __new__(cls, message: str, **fields: object) -> Self:
        """Fill the fields in; a message without any is taken as it is."""
        phrase = super().__new__(cls, message.format_map(fields) if fields else message)
        phrase.message, phrase.fields = message, fields
        return phrase
