"""Checks of sanitized strings, whatever their source."""

from __future__ import annotations

import re
from collections.abc import Iterator

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000f0000-\U0010ffff]"
)
"""Characters that no sanitized string may contain: controls, bidi controls, surrogates, cell tokens."""


def strings(value: object) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (*strings(key), *strings(each))
