"""Recognition of words before the news: a headline's tag, which names a place or a department, and a text's dateline. Pure.

Tags: `Midnapore: মেয়ের অন্নপ্রাশন শেষে…`, `ঘাটাল: বাঁধ ভাঙল`, `আবহাওয়া: বৃষ্টি কমবে`.
A dateline: `দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর: …`.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from bpost_tui.bengali.abbreviations import DIRECTIONS, SHORT_FORMS
from bpost_tui.bengali.calendar import BANGLA_MONTHS
from bpost_tui.bengali.letters import in_both_forms
from bpost_tui.bengali.place_names import bengali_name, is_place
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

MAX_TAG_CHARS = 40
"""Maximum length in characters of a tag, which is the place or department before a headline's colon."""

# one to four words of Latin letters, then the title's first colon, unless it belongs to an address or a time
_TAGGED_IN_LATIN = lazy_pattern(r"\s*([A-Za-z][\w.&'’/-]*(?:[ \u00a0]+[\w.&'’/-]+){0,3})\s*:(?!//|(?<=\d:)\d)\s*(?=\S)", re.ASCII)
# a score after the colon makes the place a team: ভারত: ২৪০/৫
_TAGGED_IN_BENGALI = lazy_pattern(
    r"\s*([\u0980-\u09ff][\u0980-\u09ff.\u200c\u200d \u00a0-]{0,39}?)\s*[:ঃ][ \u00a0]+(?=\S)(?![০-৯0-9]+[/-])"
)
_DESKS = frozenset(
    normalize(
        "NFC",
        "আবহাওয়া,সম্পাদকীয়,উত্তর সম্পাদকীয়,সাক্ষাৎকার,বিনোদন,খেলা,রাশিফল,মতামত,শোকসংবাদ,বিশ্লেষণ,ব্রেকিং,স্বাস্থ্য,প্রযুক্তি,আন্তর্জাতিক",
    ).split(",")
)
"""Names of a paper's departments and columns that headlines have before a colon."""
_LAST_LATIN = "\u024f"


def place_tag(title: str) -> str:
    """Return a title's tag, the place or department before a colon at its beginning; an empty string if it has none.

    A tag in Latin letters may be any name. A tag in Bengali must be a known place or department of a paper, since other names
    before a colon are of speakers (মমতা: …).
    """
    found = _tagged(title)
    return found[1] if found else ""


def without_tag(title: str) -> str:
    """Return a title without the tag (place or department, before a colon) at its beginning; unchanged if it has none."""
    found = _tagged(title)
    return title[found.end() :] if found else title


def untagged_headline(title: str) -> str:
    """Return a title as lists show it: without its tag (place or department, before a colon), since lists show tags separately.

    In a title that is wholly in Latin letters, only a known place is left out. Other words before the colon belong to the
    headline, as in `Linux 6.19: what is new`.
    """
    is_latin = not any(letter.isalpha() and letter > _LAST_LATIN for letter in title)
    return title if is_latin and not bengali_name(place_tag(title)) else without_tag(title)


def _tagged(title: str) -> re.Match[str] | None:
    begins_in_latin = title.lstrip()[:1].isascii()  # else its pattern, which takes 2 ms to compile, isn't needed at the start
    found = _TAGGED_IN_LATIN.match(title) if begins_in_latin else None
    if found:
        return found if len(found[1]) <= MAX_TAG_CHARS else None
    found = _TAGGED_IN_BENGALI.match(title)
    return found if found and (normalize("NFC", found[1]) in _DESKS or is_place(_spelled_out(found[1]))) else None


_MAX_DATELINE_CHARS, _MAX_PAGE_CHARS = 160, 600
_MAX_WORDS = 5
"""Maximum number of words in the name of a reporter or a place."""
_MAX_NAMES = 3
"""Maximum number of names in a dateline with a date, apart from known places and agencies."""
_MAX_PLACES = 2
"""Maximum number of places in a dateline that has neither a day nor a reporter."""
_MONTH = "|".join((*BANGLA_MONTHS, "জৈষ্ঠ|অঘ্রান|কার্ত্তিক|ফালগুন|শ্রাবন|অগ্রহায়ণ")) + (
    "|জানুয়ারি|জানুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|অগস্ট|আগষ্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর|"
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_WEEKDAY = "(?:সোম|মঙ্গল|বুধ|বৃহস্পতি|শুক্র|শনি|রবি|রোব)বার"
_FIGURES = "[০-৯0-9]"
# in NFC, as the text it is compared with: য় and ড় as two characters, ো and ৌ as one, whichever way they were typed
_DAY_FORM = normalize(
    "NFC",
    rf"(?:{_WEEKDAY}\s*)?(?:{_FIGURES}{{1,2}}\s*(?:শে|ই|লা|রা|ঠা)?\s*(?:{_MONTH})\.?(?:\s*{_FIGURES}{{4}}(?:\s*বঙ্গাব্দ)?)?"
    rf"|(?:{_MONTH})\.?\s*{_FIGURES}{{1,2}}(?:\s*{_FIGURES}{{4}})?|{_FIGURES}{{1,2}}[./-]{_FIGURES}{{1,2}}[./-]{_FIGURES}{{2,4}})",
)
_DAY = lazy_pattern(_DAY_FORM)
_YEAR = lazy_pattern(f"{_FIGURES}{{4}}(?:\\s*বঙ্গাব্দ)?")
_REPORTER = lazy_pattern(
    normalize(
        "NFC",
        r".*(?:^|\s|[‘’'])(?:সংবাদদাতা|প্রতিবেদন|প্রতিবেদক|প্রতিনিধি|ব্যুরো|ডেস্ক|ওয়েবডেস্ক|ওয়েবডেস্ক|নিউজডেস্ক|রিপোর্টার|রিপোর্ট"
        r"|সংবাদ সংস্থা|সংবাদসংস্থা|এজেন্সি|সংবাদ মাধ্যম|করেসপন্ডেন্ট|নিউজ সার্ভিস)"
        r"|(?i:.*\b(?:desk|bureau|correspondent|reporter|agenc(?:y|ies)|news service|staff|admin|editor))",
    )
)
_AGENCY = lazy_pattern(
    normalize(
        "NFC",
        r"\(?(?:পিটিআই|পি\.?টি\.?আই\.?|এএনআই|এ\.?এন\.?আই\.?|ইউএনআই|আইএএনএস|রয়টার্স|এএফপি|এপি|বাসস|ইউএনবি|সিনহুয়া|হি\.? ?স\.?|সংবাদ সংস্থা|"
        r"সংবাদসংস্থা|এজেন্সি|PTI|ANI|UNI|IANS|Reuters|AFP|AP|HS|Agenc(?:y|ies))\)?",
    )
)
_PAPERS = frozenset(
    normalize("NFC", name) for name in ("এই সময়", "আজকাল", "বর্তমান", "প্রতিদিন", "গণশক্তি", "দ্য বেঙ্গল পোস্ট", "আনন্দবাজার পত্রিকা")
)
_ENDS = lazy_pattern(r"\s*(?:ঃ(?=\s)|:(?!//|(?<=[০-৯0-9]:)[০-৯0-9])|[—–](?=\s)|(?<=\s)-(?=\s))")
# ending of a route's second place: the genitive, or গামী (bound for)
_ROUTE_ENDING = lazy_pattern(r"(?:গামী|ের|র)$")
_MAX_PLACE_WORDS = 3
_SHORTENED = lazy_pattern(f"^({'|'.join(sorted(DIRECTIONS, key=len, reverse=True))})[.ঃ:]\\s*(?=\\S)")
_END = lazy_pattern(r"[\s:ঃ—–-]+$")
_STOPS = lazy_pattern(r"[।!?\n]")
_PARTS = lazy_pattern(r"\s*[,;•●|·]\s*|\s+[-–]\s+|\s*(?=\()|(?<=\))\s*")
_AND = lazy_pattern(r"\s+ও\s+|\s*[/-]\s*")
_VERB = lazy_pattern(normalize("NFC", r"(?:লেন|ছেন|েছে|েছিল|ছিল|বেন|তেন|জানান|বলে|বলছে|করে|দিয়ে|হয়|হল|নেই)$"))
_SPEAKS = lazy_pattern(normalize("NFC", r"(?:প্রশ্ন|উত্তর|সময়|স্থান|বিষয়|দাম|ফল|সূত্র|ছবি)$|^(?:আজ|কাল|গত|আগামী|এ দিন|এদিন|গতকাল)(?:\s|$)"))
"""Pattern of words at the end or beginning of a part (text between commas) of a supposed dateline.

A part with such words isn't a name: it belongs to a list or a sentence, so the text has no dateline.
"""


_TIME = r"\d{1,2}:\d{2}(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s+IST)?"
_HOURS = r"\d{1,2}\s*(?:HOUR|MINUTE|DAY)\(s\)"
_AGO = r"\d{1,2}\s*(?:(?:hour|minute|day)s?\s+ago|(?:ঘণ্টা|ঘন্টা|মিনিট|দিন)\s+আগে)"
_PUBLISHED = "প্রকাশিত|প্রকাশ|আপডেট"
_ENGLISH_DATE = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},\s+\d{4}"
_DATED = rf"(?:{_ENGLISH_DATE}|{_DAY_FORM})(?:\s*[|,]?\s*{_TIME})?"
_PAGE_FORMS = (
    (r"\(s\)", rf"(?:UPDATED\s+)?{_HOURS}"),
    (rf"(?:Updated|Published|{_PUBLISHED})\s*[:ঃ]?\s*\d", rf"(?:Updated|Published|{_PUBLISHED})\s*[:ঃ]?\s*{_AGO}"),
    (rf"(?:{_PUBLISHED})\s*[:ঃ]", rf"[^।!?\n:]{{0,80}}(?:{_PUBLISHED})\s*[:ঃ]\s*{_DATED}"),
    (r"Published|pdated", rf"(?:Published|Updated|Last updated)\s*[:-]?\s*{_DATED}"),
    (r"\d,\s+\d{4}", rf"{_ENGLISH_DATE}(?:,?\s*{_TIME})?(?=\s+[A-Z\u0980-\u09ff])"),
    (r"Reading time|পড়ার সময়", r"(?:Reading time|পড়ার সময়)\s*:?\s*\d{1,2}\s*(?:minutes?|মিনিট)"),
    (r"min(?:ute)?s?\s+read", r"\d{1,2}\s*min(?:ute)?s?\s+read\b"),
    (r"কম ডেটা", r"কম ডেটা ব্যবহার করতে শুধু টেক্সট পড়ুন"),
    (r"ছবির উৎস", r"ছবির উৎস,\s*(?:Getty Images|Reuters|AFP|EPA)"),
    (
        r"ছবি\s*:",
        r"[^।!?\n]{0,120}?(?:ফাইল\s+)?ছবি\s*:\s*(?:রয়টার্স|এএফপি|এপি|এএনআই|পিটিআই|বাসস|সংগৃহীত|ভিডিও থেকে নেওয়া)",
    ),
)
"""Forms of the lines that remain above the news when a story's text is read from a page: times, reading time, captions.

Each form is a pair of patterns: a short pattern that is found in every line of this form, and the pattern of the whole line. Few
texts have such a line, and the patterns of whole lines take 3 ms to compile. So a text is first searched for the short patterns,
which take 0.2 ms.
"""
_PAGE_HINT, _PAGE_LINE = (
    lazy_pattern(in_both_forms(pattern))
    for pattern in (
        "|".join(hint for hint, _ in _PAGE_FORMS),
        rf"(?:\s*+(?:{'|'.join(form for _, form in _PAGE_FORMS)}))+\s*+",
    )
)


def dateline(text: str) -> str:
    """Return the part of a text before the news: lines that web pages have there, such as times, and the dateline.

    The dateline may be a byline instead. The result is empty if the text begins with the news.
    """
    start = _page_lines_end(text)
    return text[: start + len(_dateline(text[start : start + 2 * _MAX_DATELINE_CHARS]))]


def _page_lines_end(text: str) -> int:
    head = text[:_MAX_PAGE_CHARS]
    found = _PAGE_LINE.match(head) if _PAGE_HINT.search(head) else None
    return found.end() if found else 0


def _dateline(text: str) -> str:
    """Return the dateline or byline at the beginning of a text, with the colon or dash that ends it, or an empty string.

    These are the forms that papers use: `নিজস্ব সংবাদদাতা, মেদিনীপুর:`, `ডিজিটাল ডেস্ক:`, `কলকাতা, ২৩ নভেম্বর (পিটিআই):`, `২৩শে
    নভেম্বর ২০২৬ —`, `সম্যক খান, মেদিনীপুর:`. A dateline ends before the first sentence does, and has only days, places, agencies
    and reporters. A dash ends a dateline only if a space follows. A dash between two places belongs to a route (`ঢাকা – চট্টগ্রাম
    মহাসড়কে যানজট`) and ends no dateline. In doubt, text counts as news, because losing a place from the news is worse than
    showing a dateline.
    """
    head = text[: 2 * _MAX_DATELINE_CHARS]
    stop = _STOPS.search(head)
    for end in _ENDS.finditer(head, 0, stop.start() if stop else len(head)):
        is_colon = end[0].strip() in (":", "ঃ")  # many type a visarga for a colon
        is_glued = not is_colon and not end[0][0].isspace()
        parts = _parts(head[: end.start()]) if end.start() <= _MAX_DATELINE_CHARS else []
        is_route = not is_colon and bool(parts) and _is_place(parts[-1]) and _begins_with_place(head[end.end() :])
        is_short = end[0].endswith("ঃ") and bool(parts) and _is_short_form(parts[-1].split()[-1])
        if not is_route and not is_short and _is_dateline(parts, is_colon=is_colon, is_glued=is_glued):
            rest = _ENDS.match(head, end.end())  # ২৩ নভেম্বর (পিটিআই) : —
            return text[: rest.end() if rest and not is_colon else end.end()]
        if end[0].strip() == ":":
            break
    return ""


def dateline_place(text: str) -> str:
    """Return the place that a text's dateline names, between the reporter and the date, or an empty string if it names none."""
    parts = _parts(_END.sub("", _dateline(text[_page_lines_end(text) :])))
    places = [part for part in parts if _is_place(part)]
    if places:
        return places[-1]
    others = [part for part in parts if not (_DAY.fullmatch(part) or _YEAR.fullmatch(part) or _AGENCY.fullmatch(part))]
    return others[-1] if len(others) > 1 and not _REPORTER.fullmatch(others[-1]) else ""


def is_nobody(author: str) -> bool:
    """Whether the byline `author` names no person, but a staff correspondent (নিজস্ব সংবাদদাতা), an office or an agency."""
    name = normalize("NFC", author.strip())
    return bool(_REPORTER.fullmatch(name) or _AGENCY.fullmatch(name))


def _is_short_form(word: str) -> bool:
    return word in DIRECTIONS or f"{word}ঃ" in SHORT_FORMS


def _parts(head: str) -> list[str]:
    parts = _PARTS.split(normalize("NFC", head).strip().lstrip("#").strip())
    return [piece for part in parts if part for piece in _place_and_day(part)]


def _place_and_day(part: str) -> tuple[str, ...]:
    """Split a place from the day after it (হলদিয়া ২১ এপ্রিল); other parts are returned whole."""
    words = part.split()
    for count in range(1, min(len(words), _MAX_PLACE_WORDS + 1)):
        place, day = " ".join(words[:count]), " ".join(words[count:])
        if _DAY.fullmatch(day) and _is_place(place):
            return place, day
    return (part,)


def _is_dateline(parts: list[str], *, is_colon: bool, is_glued: bool) -> bool:
    kinds = [_kind(part) for part in parts]
    if not parts or "sentence" in kinds or (kinds[0] == "year"):
        return False
    names = kinds.count("name")
    if kinds == ["day"] and is_glued:  # ৫ জুন– বিশ্ব পরিবেশ দিবস
        return False
    if "day" in kinds:
        return kinds[-1] != "name" and names <= _MAX_NAMES
    if "reporter" in kinds or "agency" in kinds:
        return names <= 1 + ("place" not in kinds)
    is_tag = len(parts) == 1 and parts[0].isascii() and not parts[0].isupper()  # like `Midnapore:` before headlines
    # a town and its district, but কলকাতা, দিল্লি, মুম্বই: তিন শহরে তল্লাশি begins a sentence
    is_list = kinds.count("place") > _MAX_PLACES
    return kinds[-1] == "place" and names <= 1 and (is_colon or len(parts) == 1) and not is_tag and not is_list


def _kind(part: str) -> str:
    """Return the kind of a part of a supposed dateline: day, year, agency, place, reporter, name or sentence.

    A part is the text between two commas or similar signs. If a part has the kind `sentence`, the text has no dateline.
    """
    if _DAY.fullmatch(part):
        return "day"
    if _YEAR.fullmatch(part):
        return "year"
    if _AGENCY.fullmatch(part):
        return "agency"
    if _is_place(part):
        return "place"
    if part in _PAPERS:
        return "reporter"
    words = part.split()
    if len(words) > _MAX_WORDS or any(map(_VERB.search, words)) or _SPEAKS.search(part):
        return "sentence"
    if _REPORTER.fullmatch(part):
        return "reporter"
    return "sentence" if any(char.isdigit() for char in part) else "name"


def _spelled_out(name: str) -> str:
    """Return the name of a place with its direction in full: উ. ২৪ পরগনা is উত্তর ২৪ পরগনা."""
    return _SHORTENED.sub(lambda found: f"{DIRECTIONS[found[1]]} ", name)


def _is_place(part: str) -> bool:
    name = _spelled_out(part.strip("()"))
    return is_place(name) or (len(found := _AND.split(name)) > 1 and all(map(is_place, found)))


def _begins_with_place(text: str) -> bool:
    words = normalize("NFC", text).split(maxsplit=_MAX_PLACE_WORDS)[:_MAX_PLACE_WORDS]
    names = [" ".join(words[:count]).rstrip(",;:।—–-") for count in range(1, len(words) + 1)]
    return any(_is_place(form) for name in names for form in (name, _ROUTE_ENDING.sub("", name)))
