"""Recognition of lines that a page adds to its news: counters, ages, links to other stories, advertisements. Pure.

Such a line changes without an edit. It is recognised by its form, in Bengali and in English, and only if it is short: a sentence of
the news may mention views or advertisements.
"""

from __future__ import annotations

from bpost_tui.bengali.letters import in_both_forms
from bpost_tui.model.blocks import Spans, text_of
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_MAX_CHARS, _MAX_LINK_CHARS = 160, 300
"""Maximum length in characters of a line that the page adds: of a line in general, and of a line that consists of links."""
_NUMBER = r"(?:[\d০-৯][\d০-৯.,]*\s*(?:k|m|lakh|হাজার|লাখ|লক্ষ)?\+?)"
_COUNTED = (
    "views?|reads?|readers?|comments?|likes?|shares?|followers?|reactions?|replies|reply|retweets?|claps?|downloads?|"
    "ভিউ|ভিউজ|লাইক|শেয়ার|মন্তব্য|কমেন্ট|পাঠক|প্রতিক্রিয়া|ফলোয়ার|(?:বার|জন)\\s*(?:পঠিত|পড়া হয়েছে|পড়েছেন|দেখা হয়েছে|দেখেছেন|শেয়ার)"
)
_COUNTER = (
    rf"(?:{_NUMBER}|no|কোনও|কোনো)\s*(?:{_COUNTED})|"
    rf"(?:{_COUNTED}|পঠিত|পড়া হয়েছে|দেখা হয়েছে)\s*[:(-]?\s*{_NUMBER}\)?\s*(?:বার|জন)?"
)
_UNIT = "sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|সেকেন্ড|মিনিট|ঘণ্টা|ঘন্টা|দিন|সপ্তাহ|মাস"
_AGE = rf"(?:{_NUMBER}|an?|one|এক)\s*(?:{_UNIT}|[smhdw])\s*(?:ago|আগে|পূর্বে)|just now|এইমাত্র|এখনই"
_READING_TIME = rf"{_NUMBER}\s*min(?:ute)?s?\s*(?:to\s+)?read|(?:reading time|পড়ার সময়|পড়তে সময় লাগবে)\s*:?\s*{_NUMBER}\s*(?:{_UNIT})"
_STAMP = (
    r"(?:last |first )?(?:updated|published|posted|modified)(?: on| at)?\b|"
    r"(?:সর্বশেষ\s+|শেষ\s+)?(?:আপডেট|হালনাগাদ|প্রকাশিত|প্রকাশকাল|প্রকাশের সময়|প্রকাশ)(?=\s*[:ঃ]|\s*[\d০-৯])"
)
_SEPARATORS = r"[\s|·•,.;:/()\[\]–—-]*"
_WHOLE = lazy_pattern(
    in_both_forms(
        rf"(?i){_SEPARATORS}(?:(?:{_COUNTER}|{_AGE}|{_READING_TIME}|share|save|print|listen|শেয়ার(?: করুন)?){_SEPARATORS})+"
    )
)
"""Pattern of a line that has only counters, ages and reading times."""
_BEGINS = lazy_pattern(
    in_both_forms(
        rf"(?i)\W*(?:{_STAMP}|"
        r"(?:also|must)[ -](?:read|watch|see)\b|read (?:also|more)\b|"
        r"(?:read|watch|see|more)\s*(?:also|more|next|this|now|on this)?\s*[:|–—-]|"
        r"related(?: (?:stories|news|articles|topics))?\s*(?:[:|–—-]|$)|recommended(?: (?:stories|for you))?\s*(?:[:|–—-]|$)|"
        r"(?:আরও|আরো|এছাড়াও|এও|আগে|অবশ্যই)\s*(?:পড়ুন|পড়তে পারেন|দেখুন|জানুন)|(?:পড়ুন|দেখুন|ভিডিও দেখুন|বিস্তারিত পড়ুন)\s*[:ঃ|–—-]|"
        r"(?:সম্পর্কিত|সংশ্লিষ্ট|এ সংক্রান্ত)\s+(?:খবর|সংবাদ|প্রতিবেদন)|"
        r"(?:advertisements?|advertorial|sponsored(?: content)?|promoted|paid content)\s*(?:[:|–—-]|by\b|$)|বিজ্ঞাপন\s*(?:[:|–—-]|$)|"
        r"(?:story|article) continues (?:below|after)|(?:বিজ্ঞাপনের|ভিডিওর) (?:পর|নিচে)|"
        r"(?:follow|join|subscribe|sign up|download|get the latest|like) (?:us|our|to|for|the)\b.*"
        r"(?:newsletter|channel|app\b|whatsapp|telegram|facebook|twitter|instagram|google news|youtube|updates|alerts)|"
        r"(?:আমাদের|প্রতিদিনের|সব|সর্বশেষ|তাজা).*(?:হোয়াটসঅ্যাপ|টেলিগ্রাম|ফেসবুক|গুগল নিউজ|গুগ্‌ল নিউজ|ইউটিউব|চ্যানেল|অ্যাপ).*"
        r"(?:করুন|পেতে|থাকুন|দিন|ফলো))"
    )
)
"""Pattern of the beginning of a line that gives the page's times, points to another story, advertises or asks for subscribers."""


def is_page_line(spans: Spans) -> bool:
    """Whether a paragraph, list item or table cell belongs to the page and not to the news.

    `spans` are the pieces of its text, each in one style.
    """
    if any(span.text.strip() for span in spans) and all(span.link for span in spans if span.text.strip()):
        return len(text_of(spans)) <= _MAX_LINK_CHARS
    text = text_of(spans).strip()
    return len(text) <= _MAX_CHARS and bool(_WHOLE.fullmatch(text) or _BEGINS.match(text))
