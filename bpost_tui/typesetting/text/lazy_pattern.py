"""Regular expressions compiled at their first use, because each takes half a millisecond and a start needs only a few.

All of bpost uses this module; it is in the typesetting package because that imports nothing else of bpost.
"""

from __future__ import annotations

import re
from typing import cast


class _LazyPattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source, flags

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(*self._source), name)
        setattr(self, name, found)  # from now on an instance attribute: Python doesn't call `__getattr__` for it again
        return found


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return the pattern of a regular expression (`source`, `flags` as for `re.compile`) that is compiled at its first use.

    Call its methods, because functions such as `re.sub` don't accept it.
    """
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
