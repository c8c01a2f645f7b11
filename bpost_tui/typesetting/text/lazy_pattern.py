"""Patterns that are compiled when they are first used: half a millisecond each, of which a start needs few.

They are here, though all of bpost uses them, since the type room takes nothing from outside.
"""

from __future__ import annotations

import re
from typing import cast


class _LazyPattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source, flags

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(*self._source), name)
        setattr(self, name, found)  # the next time, Python doesn't ask here
        return found


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern as `re.compile` does, which is compiled at its first use; functions of `re` don't take it."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
