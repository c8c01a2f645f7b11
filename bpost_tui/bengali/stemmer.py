"""A stemmer of Bengali nouns: it removes particles, case endings, plurals and classifiers. A few rules, no dictionary. Pure.

Words are in the form of `normalise`. A rule that goes wrong (কমিটি isn't কমি with টি) does little harm: stems are used beside the
word, never in its place, and a short one only if the library has it as a word (see `is_sure`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from bpost_tui.bengali.letters import decomposed

Endings = tuple[tuple[str, str], ...]
Rules = tuple[tuple[str, int, frozenset[str] | None, frozenset[str]], ...]

LEAST_LETTERS = 2
"""How many letters, without signs, must be left of a word."""
SURE_LETTERS = 3
"""With so many letters, a stem is trusted to be the word's stem."""

_HASANT = "\u09cd"
_YA = "য\u09bc"
_MOST_OF_ONE_LETTER = 4
"""Code points of a letter with its dot, its vowel sign and a candrabindu."""
_LETTER = re.compile("[অ-হৰৱ0-9a-z]")
VOWEL_ENDS = frozenset("ািীুূৃেৈোৌঅআইঈউঊঋএঐওঔ")

# the outermost kind first; a word may have one ending of each kind. (ending, what it follows)
_PARTICLES = (("ই", "any"), ("ও", "any"))
_CASES = (
    ("ের", "consonant"),
    ("র", "vowel"),
    ("কে", "any"),
    ("ে", "consonant"),
    (_YA, "aa"),
    ("তে", "vowel"),
    ("ে" + "তে", "consonant"),
    (_YA + "ের", "close"),
    (_YA + "ে", "close"),
    ("এর", "any"),
    ("এ", "any"),
)
_NUMBERS = (
    ("রা", "any"),
    ("ের" + "া", "consonant"),
    ("দের", "any"),
    (_YA + "েরা", "close"),
    (_YA + "েদের", "close"),
    ("ের" + "দের", "consonant"),
    ("েদের", "consonant"),
    ("গুলি", "any"),
    ("গুলো", "any"),
    ("গুলা", "any"),
    ("টি", "any"),
    ("টা", "any"),
    ("টুকু", "any"),
    ("খানা", "any"),
    ("খানি", "any"),
    ("জন", "any"),
    ("তম", "any"),
    ("সমূহ", "any"),
)
_ENDS = {"vowel": VOWEL_ENDS, "aa": frozenset("াো"), "close": VOWEL_ENDS - {"া"} | {"ং"}}
# what no rule above removes: endings of nouns of one letter, and র after a name whose last conjunct keeps its vowel (শ্রীকান্তর)
_FROM_ONE_LETTER = re.compile(f"([মপচগঘ]াঁ?){_YA}ে(?:র|রা|দের|দেরকে)?|(মা)কে")
_FROM_NGA = re.compile("(.+)ঙে(?:র|রই|রও|ও|ই|)")
_FROM_A_CONJUNCT = re.compile(f"((?:.*{_HASANT})[ক-হ])র")


def _rules(endings: Endings) -> dict[str, Rules]:
    """Return the rules by an ending's last code point: the ending, its length, the letters it may and may not follow."""
    forbidden = {"consonant": VOWEL_ENDS | {_HASANT}}
    rules = [(end, len(end), _ENDS.get(after), forbidden.get(after, frozenset({_HASANT}))) for end, after in endings]
    return {last: tuple(rule for rule in rules if rule[0][-1] == last) for last in {end[-1] for end, _ in endings}}


_KINDS = (_PARTICLES, _CASES, _NUMBERS)
_ORDER = tuple(map(_rules, _KINDS))
_PARTICLES_ENDS = frozenset(ending for ending, _ in _PARTICLES)
_NOTHING: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
_LAST = frozenset(ending[-1] for endings in _KINDS for ending, _ in endings)

# verbs, postpositions and pronouns that look like nouns with an ending
_LOOK_ALIKES = (
    "করে করেও করেই পরে পরেও পরেই হবে হবেই হয়ে বলে চলে দেখে থেকে থেকেই থেকেও রেখে দিতে নিতে হতে যেতে মতে ধরে মেরে "
    "মধ্যে সঙ্গে সাথে কাছে জন্যে আগে নিচে নীচে উপরে ওপরে পেয়ে গিয়ে দিয়ে নিয়ে চেয়ে খেয়ে এসে বসে পড়ে ছেড়ে করতে "
    "বলতে দেখতে থাকতে চলতে করবে বলবে দেবে যাবে থাকবে হচ্ছে করছে করেছে হয়েছে গেছে দিয়েছে এবার আবার আমার তোমার তাঁর "
    "তার কার যার সবার মার আর এর ওর "
    "আমরা তোমরা তারা তাঁরা যারা যাঁরা এরা এঁরা ওরা ওঁরা কারা আমাদের তোমাদের তাদের তাঁদের যাদের যাঁদের এদের ওদের কাদের "
    "আমাকে তোমাকে তাকে তাঁকে যাকে যাঁকে কাকে একে ওকে ফলে আসলে"
)
_WHOLE = frozenset(_LOOK_ALIKES.split())
# nouns that look as if they had an ending, and may get one: সরকারের has the stem সরকার, which has none
_NOUNS = """
খবর হাজার দরকার সরকার অধিকার পরিবার ব্যবহার বাজার বিচার প্রচার প্রকার আকার উদ্ধার বিহার পুরস্কার সংস্কার পরিষ্কার আবিষ্কার
কারবার রোজগার আহার প্রহার সংহার উপহার অত্যাচার দুরাচার সমাচার ভাণ্ডার ভান্ডার কর্মকার অলঙ্কার অহঙ্কার ধিক্কার চিৎকার
সাক্ষাৎকার অস্বীকার স্বীকার শিকার শনিবার রবিবার সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার রোববার ডাক্তার গ্রেপ্তার গ্রেফতার
বেকার খামার কুমার সাঁতার অফিসার আঁধার আধার পাঠাগার গ্রন্থাগার কারাগার শৌচাগার হিমাগার সংশোধনাগার শিক্ষাগার গবেষণাগার
অস্ত্রাগার দোকানদার জমিদার ঠিকাদার পাহারাদার হাবিলদার অংশীদার দাবিদার তালুকদার মজুমদার সরদার সর্দার জোরদার চৌকিদার সুবেদার
খরিদ্দার ইজারাদার পোদ্দার সমাদ্দার হালদার শিকদার তরফদার জোতদার ব্যাপার জোয়ার দুয়ার হাতিয়ার হুঁশিয়ার ইঞ্জিনিয়ার শেয়ার
ক্যানসার ক্যান্সার কম্পিউটার মিটার কিলোমিটার লিটার টিচার ফার্নিচার ডিলার টেন্ডার লিডার অর্ডার বর্ডার পাউডার ক্যালেন্ডার
সিলিন্ডার হেলিকপ্টার পোস্টার থিয়েটার সেন্টার ব্যানার চেয়ার ড্রাইভার হেডমাস্টার মাস্টার ম্যানেজার প্যাসেঞ্জার প্লেয়ার লোডার
ডাম্পার কাউন্টার কোয়ার্টার সুপার রেফার সার্ভার টাওয়ার কন্ট্রোলার পার্লার বাহার নজরদার দপ্তর দফতর নম্বর অক্ষর সুন্দর বন্দর
চত্বর শঙ্কর মন্থর ঈশ্বর নশ্বর সেপ্টেম্বর নভেম্বর ডিসেম্বর অক্টোবর ট্রাক্টর ইনস্পেক্টর ইন্সপেক্টর কন্ট্রাক্টর কন্ডাক্টর
ডিরেক্টর কাউন্সিলর ফ্যাক্টর সেক্টর মোটর তৎপর মন্দির নির্ভর প্রখর কিশোর কঠোর প্রহর চোর পাথর শহর বহর সফর সাগর কুকুর পুকুর ঠাকুর
অঙ্কুর ইঁদুর সিঁদুর মজুর খেজুর নূপুর ময়ূর প্রচুর মধুর চতুর নিষ্ঠুর ভাঙচুর দুপুর কর্পূর রোদ্দুর শ্বশুর অসুর বাছুর শেখর ডেবরা
এগরা চেহারা পাহারা ইশারা ক্যামেরা মথুরা ত্রিপুরা কিনারা ফোয়ারা টুকরা ধারা পারা ফেরা ঘেরা জেরা সেরা ডেরা চিড়িয়াখানা কারখানা
ছাপাখানা পায়খানা ডাক্তারখানা জেলখানা কসাইখানা বৈঠকখানা গোসলখানা মালখানা মুদিখানা এতিমখানা কয়েদখানা লঙ্গরখানা তোষাখানা কমিটি
ডেপুটি ইউনিভার্সিটি সিকিউরিটি প্রপার্টি চ্যারিটি মিউনিসিপ্যালিটি মিউনিসিপালিটি কোয়ালিটি ফ্যাকাল্টি ত্রুটি পরিপাটি খুঁটিনাটি
ছুটি খুঁটি ঘাঁটি মাটি পার্টি ঝাপটা প্রয়োজন আয়োজন স্বজন পরিজন ভোজন বিভাজন সংযোজন বিসর্জন অর্জন বর্জন গর্জন সার্জন মহাজন
রঞ্জন ওজন ডজন ভজন নির্জন সৃজন নিরঞ্জন মনোরঞ্জন জুলাই লড়াই সাফাই বাছাই ছাঁটাই সেলাই ঢালাই জবাই রেহাই দোহাই চড়াই দেশলাই মিঠাই
মুম্বই চেন্নাই কানাই নিমাই বলাই ঝালাই বোঝাই সিবিআই ভিডিও রেডিও বিডিও এসডিও স্টুডিও অডিও পোলিও বিএলও এনজিও ঘেরাও টোকিও সিইও
উপায় বিদায় আদায় অন্যায় অধ্যায় পর্যায় সম্প্রদায় সহায় ব্যবসায় উপাধ্যায় বন্দ্যোপাধ্যায় মুখোপাধ্যায় চট্টোপাধ্যায়
গঙ্গোপাধ্যায়
"""
_UNINFLECTED = _WHOLE | frozenset(decomposed(_NOUNS).replace("ৎ", "ত\u09cd").split())


def stems(word: str) -> tuple[str, ...]:
    """Return the words of which a word may be an inflected form, the longest first, without the word itself."""
    return _taken_apart(word)[0]


def roots(word: str) -> tuple[str, ...]:
    """Return a word's innermost stems: one, or two where দের may be দ with the genitive's ের (সাংসদের)."""
    return _taken_apart(word)[1]


@lru_cache(maxsize=1 << 16)
def _taken_apart(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a word's stems, and its roots."""
    if word[-1:] not in _LAST or _is_whole(word):
        return _NOTHING
    found, singular = _cut(word)
    if rare := _rare_stem(found[1] if word[-1] in _PARTICLES_ENDS and len(found) > 1 else word):
        found.append(rare)
    if len(found) == 1:
        return _NOTHING
    stems = tuple(found[1:]) if len(found) == 2 else tuple(sorted(dict.fromkeys(found[1:]), key=len, reverse=True))
    return stems, (singular,) if stems[-1] == singular else (stems[-1], singular)


def is_sure(stem: str) -> bool:
    """Whether a stem is long enough to be trusted."""
    return letters(stem) >= SURE_LETTERS or stem[:1].isdigit()


def letters(word: str) -> int:
    """Return how many letters a word has, without signs."""
    return len(_LETTER.findall(word))


def _cut(word: str) -> tuple[list[str], str]:
    """Return a word with all that is left of it as endings of each kind are removed, and the shortest before the last kind.

    Of জেলাগুলিতেও there are জেলাগুলিতে without the particle, জেলাগুলি without the case ending, too, and জেলা without the plural (and
    জেলাগুলিত, which is none). The shortest before the last kind is জেলাগুলি.
    """
    found, shortest = [word], word
    for rules in _ORDER:
        shortest = found[0] if len(found) == 1 else min(found, key=len)
        for form in tuple(found):
            fitting = rules.get(form[-1])
            if fitting and not _is_whole(form):
                for ending, length, follows, never in fitting:
                    if form.endswith(ending) and (last := form[-length - 1 : -length]) and last not in never:
                        rest = form[:-length]
                        if (follows is None or last in follows) and rest not in _WHOLE and _is_enough(rest):
                            found.append(rest)
    return found, shortest


def _is_whole(word: str) -> bool:
    return word in _UNINFLECTED or word.endswith("পুর")


def _rare_stem(form: str) -> str:
    """Return the stem of a form by the patterns for rare endings, empty where none matches."""
    if form[1:2] == "া" and (found := _FROM_ONE_LETTER.fullmatch(form)):
        return found[1] or found[2]
    if "ঙে" in form and (found := _FROM_NGA.fullmatch(form)) and _is_enough(found[1]):
        return f"{found[1]}ং"
    if form[-1:] == "র" and form[-3:-2] == _HASANT and (found := _FROM_A_CONJUNCT.fullmatch(form)) and is_sure(found[1]):
        return found[1]
    return ""


def _is_enough(rest: str) -> bool:
    return len(rest) > _MOST_OF_ONE_LETTER or len(_LETTER.findall(rest)) >= LEAST_LETTERS or rest.isdigit()
