"""Notes that a paper publishes on a story of its own: a correction, or that the story is withdrawn. Pure."""

from __future__ import annotations

from bpost_tui.bengali.letters import in_both_forms
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_STORY_BN = "(?:খবর|প্রতিবেদন|সংবাদ|নিবন্ধ|লেখা)"
_STORY = r"(?:story|article|report|post|piece|column|headline|item|page)"
_CORRECTION = lazy_pattern(
    in_both_forms(
        r"(?i)^\W*(?:corrections?|corrected|clarifications?|editor['’]?s['’]? note)\b\s*(?:[:–—(,.-]|$)|"
        rf"\b(?:earlier|previous|original) version of (?:this|the|our) {_STORY}|"
        rf"\bthis {_STORY} (?:has been|was|is) (?:corrected|amended|revised|updated to (?:correct|clarify|reflect|remove))|"
        r"\bin an? (?:earlier|previous) version\b|\b(?:we|the (?:paper|editors?)) (?:apologi[sz]e|regret)s?\b.{0,40}\berror|"
        r"^\W*(?:সংশোধনী|সংশোধন|ভ্রম ?সংশোধন|সংশোধিত|শুদ্ধিপত্র|স্পষ্টীকরণ)\s*(?:[:ঃ–—(-]|$)|"
        rf"(?:আগের|পূর্বের|আগে|প্রথমে|পূর্বে)[^।]{{0,40}}(?:{_STORY_BN}|সংস্করণ)[^।]{{0,60}}(?:ভুল|ত্রুটি)|"
        rf"(?:এই|এ) {_STORY_BN}(?:টি|টিতে|ে|টির)?[^।]{{0,60}}(?:ভুল|ত্রুটি)[^।]{{0,60}}(?:সংশোধন|দুঃখিত|ছিল)|"
        r"(?:ভুল|ত্রুটি)(?:টি|টুকু|র|ের)?[^।]{0,30}(?:সংশোধন করা হ|জন্য (?:আমরা )?(?:আন্তরিকভাবে )?(?:দুঃখিত|ক্ষমাপ্রার্থী))"
    )
)
_WITHDRAWAL = lazy_pattern(
    in_both_forms(
        r"(?i)^\W*(?:retraction|retracted|withdrawn|withdrawal notice)\b\s*(?:[:–—(,.-]|$)|"
        rf"\b(?:this|the|our) {_STORY} (?:has been|was|is|is being|has now been) "
        r"(?:withdrawn|retracted|removed|taken down|deleted|unpublished|pulled|killed)|"
        rf"\bwe (?:have|are) (?:withdrawn|withdrawing|retracted|retracting|removed|removing|taken down) (?:this|the|our) {_STORY}|"
        rf"{_STORY_BN}(?:টি|টা)?[^।]{{0,30}}(?:প্রত্যাহার|সরিয়ে নেওয়া|তুলে নেওয়া|মুছে (?:ফেলা|দেওয়া)|সরানো) (?:করা )?(?:হ|করে|কর)|"
        r"^\W*প্রত্যাহার(?:পত্র|কৃত)?\s*(?:[:ঃ–—(-]|$)"
    )
)


def is_correction(line: str) -> bool:
    """Whether a line of a story reports that the story was corrected."""
    return bool(_CORRECTION.search(line))


def is_withdrawal(line: str) -> bool:
    """Whether a line of a story reports that the paper withdrew the story."""
    return bool(_WITHDRAWAL.search(line))
