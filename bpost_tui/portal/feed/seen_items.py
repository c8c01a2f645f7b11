"""Filter that removes a feed's already parsed items before the feed is parsed. Pure.

The obvious way is to parse the whole feed at each refresh. But most of a feed is as it was the last time, so nearly
all of that work is repeated. Comparing ids isn't enough, since a text may change under the same id.

So an item is recognised by the digest (blake2b, 8 bytes) of its exact text. The digest also covers everything else that the
result depends on: bpost's version, the parser's version, the feed's address and the portal's categories. Items with a known digest
are cut out of the text. That is only done if it changes nothing about the other items: all items must be whole, and none may share
an id or a link with another. Items with the same id or link are distinguished only if both are parsed. The parser must then report
as many items as were left in, and no warning or error; otherwise it parses the whole feed (`feed_parser.parse_feed`).

An item dated in the future gets no digest, since it must be read again when its date has come. JSON Feeds aren't filtered: reading
them costs next to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b

from bpost_tui.portal.feed.sanitize_xml import item_spans

_NAMES = re.compile(r"<(?:guid|id|link)\b[^>]*>\s*(?:<!\[CDATA\[)?[^<]*")
"""Pattern of an item's id or link, up to the next `<`.

If CDATA has a `<`, two different items may seem to share an id. The only effect is that both are parsed again.
"""
_BETWEEN = re.compile(r"(?:\s|</[\w:.-]+\s*>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
"""Pattern of the text allowed between two items and after the last.

Any other text shows that the end of an item wasn't recognised.
"""
_DIGEST_BYTES = 8


class FeedItems:
    """Items (entries) of a feed's text, each recognised by a digest, the hash of its text.

    Args:
        text: The decoded text, not yet sanitized.
        salt: Everything else that the result of parsing depends on, such as the parser's version. It is part of each digest.
    """

    def __init__(self, text: str, salt: str) -> None:
        self._text = text
        self._spans = item_spans(text)
        key = blake2b(salt.encode(), digest_size=32).digest()
        parts = (text[start:end].encode("utf-8", "replace") for start, end in self._spans)
        self._digests = [blake2b(part, key=key, digest_size=_DIGEST_BYTES).hexdigest() for part in parts]

    @property
    def count(self) -> int:
        """Number of items in the feed."""
        return len(self._spans)

    def digests_to_store(self, seen: str, is_final: Sequence[bool]) -> str:
        """Return the digests (hashes), separated by spaces, of the items that needn't be parsed at the next refresh.

        Args:
            seen: The digests of the items that weren't parsed this time, because they are known.
            is_final: For each item that was parsed this time, in order, whether it needn't be parsed again.
        """
        known, final = set(seen.split()), iter(is_final)
        return " ".join(digest for digest in self._digests if digest in known or next(final))

    def without_seen(self, seen: str) -> tuple[str, int]:
        """Return the feed's text without the items whose digests (hashes) are in `seen`, and the number of remaining items.

        The whole text is returned if no item is known, or if leaving out items could change how the others are parsed.
        """
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
        """Whether every item is complete, and no two items have the same id or link."""
        ends = [end for _, end in self._spans]
        starts = [*(start for start, _ in self._spans[1:]), len(self._text)]
        if not all(_BETWEEN.fullmatch(self._text, end, start) for end, start in zip(ends, starts, strict=False)):
            return False
        names = Counter(name for start, end in self._spans for name in set(_NAMES.findall(self._text, start, end)))
        return all(times == 1 for times in names.values())
