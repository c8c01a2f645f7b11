"""Leaves out a feed's items that were parsed before, ahead of all other work: most of a feed is as it was the last time. Pure.

An item is recognised by the digest of its exact text. Items are left out only where that changes nothing about the others: none may
share an id or a link with another, because then both are needed to tell them apart. The parser must then report as many items as
were left in, and no warning; otherwise it parses the whole feed (`parser.parse_feed`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b

from bpost_tui.portal.feed.sanitize_xml import item_spans

_NAMES = re.compile(r"<(?:guid|id|link)\b[^>]*>\s*(?:<!\[CDATA\[)?[^<]*")
"""An id or a link, up to the next `<`: one that has a `<` in its CDATA may seem to be another's, which only costs time."""
_BETWEEN = re.compile(r"(?:\s|</[\w:.-]+\s*>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
"""What may be between two items, and after the last; anything else shows that an item didn't end where it seemed to."""
_DIGEST_BYTES = 8


class FeedItems:
    """The items of a feed's text.

    Args:
        text: Decoded, not yet prepared.
        salt: Whatever else the result of parsing an item depends on; it goes into the digests.
    """

    def __init__(self, text: str, salt: str) -> None:
        self._text = text
        self._spans = item_spans(text)
        key = blake2b(salt.encode(), digest_size=32).digest()
        parts = (text[start:end].encode("utf-8", "replace") for start, end in self._spans)
        self._digests = [blake2b(part, key=key, digest_size=_DIGEST_BYTES).hexdigest() for part in parts]

    @property
    def count(self) -> int:
        """How many items there are."""
        return len(self._spans)

    def digests_to_store(self, seen: str, is_final: Sequence[bool]) -> str:
        """Return the digests, separated by spaces, of the items that needn't be parsed again.

        Args:
            seen: The digests of the items that were left out now.
            is_final: Of each other item, in order, whether it needn't be parsed again.
        """
        known, final = set(seen.split()), iter(is_final)
        return " ".join(digest for digest in self._digests if digest in known or next(final))

    def without_seen(self, seen: str) -> tuple[str, int]:
        """Return the text without the items that have one of the digests, and how many are left; all where none can be left out."""
        known = set(seen.split())
        if known.isdisjoint(self._digests) or not self.are_distinct:
            return self._text, self.count
        rest, at = list[str](), 0
        left = 0
        for (start, end), digest in zip(self._spans, self._digests, strict=True):
            rest.append(self._text[at:start])
            if digest not in known:
                rest.append(self._text[start:end])
                left += 1
            at = end
        return "".join([*rest, self._text[at:]]), left

    @cached_property
    def are_distinct(self) -> bool:
        """Whether each item is whole, and none shares an id or a link with another."""
        ends = [end for _, end in self._spans]
        starts = [*(start for start, _ in self._spans[1:]), len(self._text)]
        if not all(_BETWEEN.fullmatch(self._text, end, start) for end, start in zip(ends, starts, strict=False)):
            return False
        names = Counter(name for start, end in self._spans for name in set(_NAMES.findall(self._text, start, end)))
        return all(times == 1 for times in names.values())
