"""Similarity of spellings: between a Bengali word and Roman letters, or between two Bengali words. Pure.

The obvious way is the plain edit distance of the letters. It rates all slips alike. So mohota, with one letter wrong, would be
nearer to মমতা (momota) than mamata, though nobody mistakes h for m and everybody writes a for o. Inherent vowels that a writer
leaves out, as usual in a long word, would outweigh a wrong consonant.

So spellings are compared by sound (`phonetic`), with an edit distance weighted by how often letters are confused. An a instead of
the inherent vowel costs nothing, an inherent vowel left out hardly anything (more in the first syllable). A consonant more or less
costs 1, a consonant instead of another 2. If a word has several readings, the nearest counts. The calculation stops beyond
`_ENOUGH`, since the exact distance of unlike words doesn't matter.

Two Bengali words are compared by a canonical spelling instead (`canonical_spelling`), since their variation is regular: it is
between letters with the same sound (the letters for i, u, n, s and j). Words are in the form of `normalise`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bpost_tui.bengali.phonetic import HASANT, INHERENT, OPEN, sounds
from bpost_tui.bengali.stemmer import is_trusted

_LAST_A = re.compile("[ুূ]([ক-হ]\u09bc?)[াো]$")
_LONG_VOWELS = str.maketrans("ীূ", "িু")
_VARYING = str.maketrans("ীূঈঊণষসযঙ", "িুইউনশশজং", "ঁ\u09cd")

_YA = "য\u09bc"
_VARIANTS = tuple(
    (re.compile(pattern), spelling, example)
    for pattern, spelling, example in (
        ("^অ\u09cdযা", "এ", "অ্যাকাউন্ট, একাউন্ট"),
        ("(?<=[ক-হ\u09bc])আ", "া", "কোরআন, কোরান"),
        (f"া{_YA}ে(?=[ক-হ])", "াই", "ইসরায়েল, ইসরাইল"),
        (f"ি{_YA}ো", "িও", "ভিডিয়ো, ভিডিও"),
        (f"েও{_YA}া", f"ে{_YA}া", "দেওয়া, দেয়া"),
        ("ত\u09cdত\u09cdব", "ত\u09cdব", "মহত্ত্ব, মহত্ব"),
        ("(\u09cd[ক-হ])\u09cdব", r"\1", "উজ্জ্বল, উজ্জল"),
        ("\u09cdযা$", "\u09cdযে", "সন্ধ্যা, সন্ধ্যে"),
        ("((?!ষ)[ক-হ]\u09cd(?!ষ)[ক-হ])\u09cdয", r"\1", "সন্ধ্যাবেলা, সন্ধাবেলা"),
        ("ব\u09cdযা", "ব\u09cdয", "ব্যাবহার, ব্যবহার"),
        ("(?<=...)ক\u09cdষ\u09cdয", "ক\u09cdষ", "উপলক্ষ্য, উপলক্ষ"),  # but not লক্ষ্য
        ("ঞ", "ন", "ইঞ্জিন, ইন্জিন"),
        ("ঋ", "রি", "ঋতু, রিতু"),
        ("ৃ", "\u09cdরি", "বৃটিশ, ব্রিটিশ"),
        ("ঃ", "", "দুঃখ, দুখ"),
        ("([িীইঈ](?:[ক-হ]\u09bc?\u09cd?)+)া(?!র$)", r"\1ে", "হিসাব, হিসেব"),
        ("(?<=..)ো(?=[ক-হ])", "", "পুরোনো, পুরনো"),
        ("^(.)ো(?=[ক-হ].*[ক-হ].*[ক-হ])", r"\1", "কোলকাতা, কলকাতা"),
    )
)
"""Replacements that remove differences of spelling between papers, in the order of their use.

Each has a pattern, its replacement, and two spellings of a word that become the same.
"""
_PLAIN = frozenset("kgjtdb")
_VOWELS = frozenset(f"aeiou{INHERENT}{OPEN}")
_SUBSTITUTION = {
    **dict.fromkeys(("aô", "oô", f"a{OPEN}", f"o{OPEN}", f"{OPEN}ô"), 0.0),
    **dict.fromkeys(("bv", "jz"), 0.1),
    **dict.fromkeys(("eô", "iy", "ei", "ou", "uô", "ae"), 0.5),
    **dict.fromkeys(("fp", "ao"), 0.6),
    **dict.fromkeys(("ow", "uw", "bw", "vw"), 0.3),
}
"""Maps two letters that are often confused, in the order of their code points, to the cost of replacing one with the other."""
_CONSONANT = 1.0
"""Cost of inserting or deleting a consonant."""
_ENOUGH = 1.5
"""Distance above which two spellings count as different words, so that the exact distance isn't calculated."""
_EXTRA_H_COST = 0.4
"""Cost of an h typed after a consonant that isn't aspirated, such as dhol for দল. A missing h costs half as much."""
_INHERENT_VOWEL_COST, _FIRST_INHERENT_VOWEL_COST = 0.02, 0.5
"""Costs of leaving out an inherent vowel, in a later and in the first syllable.

The vowel of the first syllable costs more, since nobody writes gram for গরম.
"""


def distance(word: str, roman: str) -> float:
    """Return the distance between the sounds of a Bengali word and of a word in Roman letters; 0 if both sound the same.

    The distance is a sum of costs: about 1 for a missing consonant, less for a vowel. A distance above 1.5 isn't calculated
    exactly: the result may then be any lower number above 1.5.

    >>> distance("মমতা", "momota"), distance("মমতা", "mamata"), distance("মমতা", "mokota")
    (0.0, 0.0, 1.1)
    """
    return min(_distance(one, other) for one in sounds(word) for other in sounds(roman))


def are_spelling_variants(word: str, other: str) -> bool:
    """Whether two Bengali words are two spellings of one word, as today's papers in Kolkata and Dhaka use them.

    A hasant below the first letter is never optional: প্রতি isn't পরতি.
    """
    one, two = _loose_spelling(word), _loose_spelling(other)
    return (one[1:2] == HASANT) is (two[1:2] == HASANT) and canonical_spelling(one) == canonical_spelling(two)


def colloquial(word: str) -> str:
    """Return a Bengali word in its colloquial spelling, with o for its last a if a u is before it: পুজো for পূজা."""
    # few words end so, and testing the end is faster than the pattern
    return _LAST_A.sub(r"ু\1ো", word) if word.endswith(("া", "ো")) else word


def canonical_spelling(word: str) -> str:
    """Return a spelling that all spelling variants of a word share, for comparing words.

    Words with different meanings seldom share a canonical spelling.
    """
    spelt = colloquial(word)
    if spelt[-1:] == "ো" and is_trusted(spelt):
        spelt = spelt[:-1]  # করলো, করল
    spelt = spelt.replace("ক\u09cdষ\u09cdম", "ক\u09cdষ").translate(_VARYING).replace("ফত", "পত")
    return spelt.replace("ড\u09bc", "র").replace("ঢ\u09bc", "র").replace("ংগ", "ং")


@lru_cache(maxsize=1 << 12)
def _loose_spelling(word: str) -> str:
    """Return a Bengali word without the differences of spelling between papers: ভিডিয়ো becomes ভিডিও."""
    for pattern, spelling, _ in _VARIANTS:
        word = pattern.sub(spelling, word)
    return word


def differ_in_last_vowel(word: str, other: str) -> bool:
    """Whether two short Bengali words differ only in how their last vowel is spelt: গাড়ি, গাড়ী; পূজা, পুজো."""
    return _canonical_last_vowel(word) == _canonical_last_vowel(other)


def _canonical_last_vowel(word: str) -> str:
    spelt = colloquial(word)
    return spelt[:-1] + spelt[-1:].translate(_LONG_VOWELS)


@lru_cache(maxsize=1 << 14)
def _distance(one: str, other: str) -> float:
    """Return the weighted edit distance between the loose spellings `one` and `other`, as `phonetic.sounds` returns them.

    If the distance is above `_ENOUGH`, the result may be a lower number, but is also above `_ENOUGH`.
    """
    row = [0.0]
    for place, char in enumerate(other):
        row.append(row[-1] + _insertion(char, other[:place], place == len(other) - 1))
    for at, char in enumerate(one):
        deletion = _insertion(char, one[:at], at == len(one) - 1)
        above, row = row, [row[0] + deletion]
        for place, facing in enumerate(other):
            substituted = above[place] + (0.0 if char == facing else _substitution(char, facing))
            insertion = _insertion(facing, other[:place], place == len(other) - 1)
            inserted = row[place] + (_EXTRA_H_COST if facing == "h" and other[place - 1 : place] in _PLAIN else insertion)
            row.append(min(substituted, above[place + 1] + deletion, inserted))
        if min(row) > _ENOUGH:  # the distance only grows from here on
            return min(row)
    return row[-1]


def _substitution(one: str, other: str) -> float:
    pair = one + other if one < other else other + one
    if pair in _SUBSTITUTION:
        return _SUBSTITUTION[pair]
    return 0.8 if one in _VOWELS and other in _VOWELS else 2 * _CONSONANT


def _insertion(char: str, before: str, last: bool) -> float:
    """Return the cost, in the edit distance of two spellings, of inserting the letter `char` after the letters `before`.

    Deleting it costs the same. `last` is whether `char` is the last letter of the word.
    """
    if char == INHERENT:
        return _INHERENT_VOWEL_COST if len(before) > 2 or not _VOWELS.isdisjoint(before) else _FIRST_INHERENT_VOWEL_COST
    if char == "y" and before and before[-1] in _VOWELS:
        return _INHERENT_VOWEL_COST  # balia is বালিয়া
    if char in "hyw":
        return 0.05 if char == "h" and before[-1:] == "s" else 0.2  # Sisir, Shishir
    if char in _VOWELS and not before:
        return _CONSONANT
    if char in _VOWELS:
        return 0.2 if char == "e" and last else 0.1 if char in "ao" and before[-1] not in _VOWELS else 0.6
    if char == "n" and before and before[-1] in "n" + "".join(_VOWELS):  # of a nasal vowel
        return 0.3
    return 0.3 if char == "g" and before[-1:] == "n" else _CONSONANT
