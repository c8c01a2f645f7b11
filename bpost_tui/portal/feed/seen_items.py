"""The items of a feed that were read before, left out before anything reads them: most of a feed is what it was. Pure.

An item is known by the digest of its very text. One is only left out where that changes nothing about the others: none may share an
id or a link with another, for then it takes both to tell them apart; and whoever reads what is left has to find every item in it,
and no fault, or else must read the whole (`parsing.parse_feed`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b

_ITEM = re.compile(r"<(item|entry)(?=[\s>]).*?</\1\s*>", re.DOTALL)
_NAMES = re.compile(r"<(?:guid|id|link)\b[^>]*>\s*(?:<!\[CDATA\[.*?\]\]>|[^<]*)", re.DOTALL)
_BETWEEN = re.compile(r"(?:\s|</[\w:.-]+\s*>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
"""What may stand between two items, and after the last: where it is anything else, an item ended otherwise than it seemed."""
_DIGEST_BYTES = 8


class FeedItems:
    """The items of a feed's text.

    Args:
        text: Decoded, not yet prepared.
        salt: What else the reading of an item depends on.
    """

    def __init__(self, text: str, salt: str) -> None:
        self._text = text
        self._spans = [found.span() for found in _ITEM.finditer(text)]
        key = blake2b(salt.encode(), digest_size=32).digest()
        parts = (text[start:end].encode("utf-8", "replace") for start, end in self._spans)
        self._digests = [blake2b(part, key=key, digest_size=_DIGEST_BYTES).hexdigest() for part in parts]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._spans)

    def digests_but(self, seen: str, settled: Sequence[bool]) -> str:
        """Return the digests, parted by spaces, of all items but those that are yet to change.

        Args:
            seen: The digests of those that weren't read now.
            settled: Of each that was, in order, whether it needn't be read again.
        """
        known, told = set(seen.split()), iter(settled)
        return " ".join(digest for digest in self._digests if digest in known or next(told))

    def without(self, seen: str) -> tuple[str, int]:
        """Return the text without the items of some digests, and how many are left; whole where none can be left out."""
        known = set(seen.split())
        if known.isdisjoint(self._digests) or not self.are_apart:
            return self._text, self.count
        kept, at = list[str](), 0
        left = 0
        for (start, end), digest in zip(self._spans, self._digests, strict=True):
            kept.append(self._text[at:start])
            if digest not in known:
                kept.append(self._text[start:end])
                left += 1
            at = end
        return "".join([*kept, self._text[at:]]), left

    @cached_property
    def are_apart(self) -> bool:
        """Whether each is whole, and none shares an id or a link with another, which may stand for it or tell it apart."""
        ends = [end for _, end in self._spans]
        starts = [*(start for start, _ in self._spans[1:]), len(self._text)]
        if not all(_BETWEEN.fullmatch(self._text, end, start) for end, start in zip(ends, starts, strict=False)):
            return False
        names = Counter(name for start, end in self._spans for name in set(_NAMES.findall(self._text, start, end)))
        return all(times == 1 for times in names.values())
