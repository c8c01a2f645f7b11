"""Translatable sentence: an English text that keeps its template and fields. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Self


class Phrase(str):
    """English sentence that keeps its template and fields apart, so that an app can translate it."""

    __slots__ = ("fields", "message")

    message: str
    """Template before fields are filled in: `{name} can't show pictures`."""
    fields: Mapping[str, object]
    """Values of the template's fields, among them perhaps other phrases."""

    def __new__(cls, message: str, **fields: object) -> Self:
        """Fill `fields` into `message`; without fields, the message is used as it is, braces included."""
        phrase = super().__new__(cls, message.format_map(fields) if fields else message)
        phrase.message, phrase.fields = message, fields
        return phrase

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the template and its fields: str's own way would take the finished sentence for the template."""
        return partial(type(self), self.message, **self.fields), ()
