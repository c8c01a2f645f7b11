"""Translatable sentence: an English text that also keeps its template and the values filled in. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Self


class Phrase(str):
    """English sentence that also keeps its template and values, so that an app can translate the template."""

    __slots__ = ("fields", "message")

    message: str
    """Template with field names in braces, such as `{name} can't show pictures`."""
    fields: Mapping[str, object]
    """Values by field name. A value may be another phrase."""

    def __new__(cls, message: str, **fields: object) -> Self:
        """Make the sentence by filling `fields` into `message`. Without fields, `message` is used unchanged, including braces."""
        phrase = super().__new__(cls, message.format_map(fields) if fields else message)
        phrase.message, phrase.fields = message, fields
        return phrase

    def __reduce__(self) -> tuple[object, ...]:
        """Return the template and its fields, for pickling. By default, the finished sentence would be pickled as the template."""
        return partial(type(self), self.message, **self.fields), ()
