"""What is said in English, and can be said in another language. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Self


class Phrase(str):
    """A sentence in English that keeps its message and fields apart, so that it can be said in another language."""

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

    def __reduce__(self) -> tuple[object, ...]:
        """Have pickle fill it in again; what a str does by itself would take the sentence for the message."""
        return partial(type(self), self.message, **self.fields), ()
