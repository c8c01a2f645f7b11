"""Headlines of pages that collect several events: live pages, newsletters, reviews of the press. Pure."""

from __future__ import annotations

import re
from unicodedata import normalize

_COLLECTION_HEADLINES = (
    r"^live\b",
    r"\blive\s*[:|]",
    r"[:|–—-]\s*live$",
    r"[\[(]live[\])]",
    r"\bupdates$",
    r"\blive (?:updates?|blog|coverage|news)\b",
    r"\bas (?:it|they) happened\b",
    r"\bkey (?:takeaways|moments)\b",
    r"^(?:first thing|morning mail|morning briefing|afternoon update|evening briefing|newsletter|news wrap)\b\s*[:|–—-]",
    r"\bday in (?:pictures|photos)\b",
    r"\btop (?:\d+ )?(?:news|stories|headlines)\b",
    r"\b(?:today'?s|daily|weekly) (?:news )?(?:quiz|digest|round-?up|briefing)\b",
    r"(?:^|[\s|:–—-])(?:লাইভ|সরাসরি)\s*(?:$|[:|–—-]|আপডেট)",
    r"(?:&|&amp;|\band) more$",
    r"^পত্রিকা\s*:",
    r"সংবাদপত্রের শিরোনাম",
    r"দিনভর আপডেট",
    r"এক ?নজরে.{0,40}খবর",
)
_PATTERN = re.compile("|".join(normalize("NFC", each) for each in _COLLECTION_HEADLINES), re.IGNORECASE)


def is_collection_page(title: str) -> bool:
    """Whether a headline is of a page that collects several events, such as a live page or a review of the press.

    Such a page is no account of an event, even if its headline names one.
    """
    return bool(_PATTERN.search(normalize("NFC", title).strip()))
