"""Stemmer of Bengali nouns: removes particles, case endings, plurals and classifiers by a few rules. Pure.

The obvious way is a dictionary of nouns with their forms. But news is full of names of people and villages, and a dictionary
doesn't know them, while they take the same endings. The next idea, to cut endings and search for the stem alone, fails on words
that only look inflected: কমিটি isn't কমি with টি.

So a word loses at most one ending of each kind, the outermost first: particle, case, plural or classifier. An ending is cut only
after the letters that it follows, and at least `MIN_STEM_LETTERS` letters must remain. A list excludes verbs, pronouns and nouns
that look inflected. Stems are used beside the word, never in its place, so that a wrong stem does little harm. A short stem only
counts if the library has it as a word (`is_trusted`).

It doesn't stem verbs, and it doesn't decide on one stem: `stems` returns all candidates, `roots` the shortest. Words are in the
form of `normalise`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.word_tables import entries

Endings = tuple[tuple[str, str], ...]
EndingRules = tuple[tuple[str, int, frozenset[str] | None, frozenset[str]], ...]

MIN_STEM_LETTERS = 2
"""Minimum number of letters, without vowel signs, that must remain when an ending is cut."""
TRUSTED_STEM_LETTERS = 3
"""Minimum number of letters of a stem that is used even if no story in the library has it as a word."""

_HASANT = "\u09cd"
_YA = "য\u09bc"
_MAX_OF_ONE_LETTER = 4
"""Maximum number of code points of one letter, with its dot, its vowel sign and a candrabindu."""
_LETTER = re.compile("[অ-হৰৱ0-9a-z]")
VOWEL_ENDS = frozenset("ািীুূৃেৈোৌঅআইঈউঊঋএঐওঔঁ")

# the outermost kind first; a word may have one ending of each kind. (ending, the letters it follows)
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
_ENDS = {"vowel": VOWEL_ENDS, "aa": frozenset("াোঁ"), "close": VOWEL_ENDS - {"া"} | {"ং"}}
# forms that no rule above covers: endings of nouns of one letter, and র after a name whose last conjunct keeps its vowel
# (শ্রীকান্তর)
_FROM_ONE_LETTER = re.compile(f"([মপচগঘ]াঁ?){_YA}ে(?:র|রা|দের|দেরকে)?|(মা)কে")
_FROM_NGA = re.compile("(.+)ঙে(?:র|রই|রও|ও|ই|)")
_FROM_A_CONJUNCT = re.compile(f"((?:.*{_HASANT})[ক-হ])র")


def _rules(endings: Endings) -> dict[str, EndingRules]:
    """Return the rules for cutting endings, by the ending's last code point.

    A rule is (ending, its length in code points, letters that it may follow, letters that it may not follow). The ending may
    follow any letter that isn't forbidden if the third value is None.
    """
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


def stems(word: str) -> tuple[str, ...]:
    """Return possible base forms of an inflected word, the longest first. The word itself is not returned."""
    return stems_and_roots(word)[0]


def roots(word: str) -> tuple[str, ...]:
    """Return a word's shortest stems: usually one.

    There are two if the word's end can be read in two ways: the end of সাংসদের is দের, or দ with ের (the genitive).
    """
    return stems_and_roots(word)[1]


@lru_cache(maxsize=1 << 16)
def stems_and_roots(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the possible base forms of a word, the longest first (`stems`), and its shortest base forms (`roots`)."""
    if word[-1:] not in _LAST or _is_whole(word):
        return _NOTHING
    found, singular = _cut(word)
    if rare := _rare_stem(found[1] if word[-1] in _PARTICLES_ENDS and len(found) > 1 else word):
        found.append(rare)
    if len(found) == 1:
        return _NOTHING
    stems = tuple(found[1:]) if len(found) == 2 else tuple(sorted(dict.fromkeys(found[1:]), key=len, reverse=True))
    return stems, (singular,) if stems[-1] == singular else (stems[-1], singular)


def is_trusted(stem: str) -> bool:
    """Whether a stem is used even if no story in the library has it as a word, because it is long enough or begins with a digit."""
    return letters(stem) >= TRUSTED_STEM_LETTERS or stem[:1].isdigit()


def letters(word: str) -> int:
    """Return the number of letters of a word; vowel signs and other signs don't count."""
    return len(_LETTER.findall(word))


def _cut(word: str) -> tuple[list[str], str]:
    """Return the list of `word` and of all its forms without endings, and the shortest form that still has its plural ending.

    Three kinds of endings are removed one after another, each from all forms found so far: particles, then case endings, then
    plurals and classifiers. For জেলাগুলিতেও, the forms found are জেলাগুলিতে, then জেলাগুলি (and জেলাগুলিত, which isn't a word),
    then জেলা. The shortest form before the last step is জেলাগুলি.
    """
    found, shortest = [word], word
    for rules in _ORDER:
        shortest = found[0] if len(found) == 1 else min(found, key=len)
        for form in tuple(found):
            fitting = rules.get(form[-1])
            if fitting and (form is word or not _is_whole(form)):  # `stems_and_roots` has already checked the word itself
                for ending, length, follows, never in fitting:
                    if form.endswith(ending) and (last := form[-length - 1 : -length]) and last not in never:
                        rest = form[:-length]
                        if (follows is None or last in follows) and rest not in _WHOLE and _is_long_enough(rest):
                            found.append(rest)
    return found, shortest


def _is_whole(word: str) -> bool:
    return word in _WHOLE or word in _nouns() or word.endswith("পুর")


@cache
def _nouns() -> frozenset[str]:
    return frozenset(line.bengali[0] for line in entries("nouns", normalised))


def _rare_stem(form: str) -> str:
    """Return the stem of a word form with a rare ending, such as শিলং for শিলঙের; empty if the form has no such ending."""
    if form[1:2] == "া" and (found := _FROM_ONE_LETTER.fullmatch(form)):
        return found[1] or found[2]
    if "ঙে" in form and (found := _FROM_NGA.fullmatch(form)) and _is_long_enough(found[1]):
        return f"{found[1]}ং"
    if form[-1:] == "র" and form[-3:-2] == _HASANT and (found := _FROM_A_CONJUNCT.fullmatch(form)) and is_trusted(found[1]):
        return found[1]
    return ""


def _is_long_enough(rest: str) -> bool:
    return len(rest) > _MAX_OF_ONE_LETTER or len(_LETTER.findall(rest)) >= MIN_STEM_LETTERS or rest.isdigit()
