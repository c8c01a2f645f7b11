"""Words that an edit replaced, added and removed, apart from differences of spelling, digits and punctuation. Pure.

Two words are the same if they have the same stem in the same spelling (`grouping.word_keys`), or are numbers with the same value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from bpost_tui.bengali.abbreviations import WITH_FULL_STOP
from bpost_tui.bengali.letters import composed
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.normalise import words as normalised_words
from bpost_tui.bengali.similarity import are_spelling_variants, canonical_spelling
from bpost_tui.bengali.stemmer import roots
from bpost_tui.bengali.synonyms import synonyms_of
from bpost_tui.edits.names import is_name
from bpost_tui.grouping.common_words import per_thousand
from bpost_tui.grouping.quantities import read_numbers
from bpost_tui.grouping.word_keys import word_key
from bpost_tui.model.text_diff import DiffBudget, diff_runs
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_STEPS = 100_000
"""Maximum number of steps (the comparison's units of work) for finding the changed words of a story: 30 ms at most.

If the steps are used up, all words from the first to the last difference count as replaced.
"""
_MAX_WRITTEN = 5000
"""Maximum number of words of a line whose written form is kept, and whose capitals are read to find names."""
_MIN_SLIP_LETTERS, _MIN_WRONG_LETTER_LETTERS = 4, 6
"""Minimum number of letters of a word for a small difference in it to count as a slip of the pen.

The first is for a missing letter or two exchanged letters, the second for a wrong letter. In shorter words, such a difference
usually makes another word (plan, plain; fall, fail).
"""
_FUNCTION_WORD_SHARE = 500
"""Minimum number of stories, out of 1,000, that have a word for it to count as a function word, such as "and"."""
_CONTENT_WORDS = (
    "পুলিশ মানুষ রাজ্য জেলা এলাকা এলাকাবাসী বাসিন্দা স্থানীয় ঘটনা নাম টাকা সূত্র খবর কাজ পক্ষ বিষয় সময় দিন রাত "
    "সকাল দুপুর বিকেল সন্ধ্যা ভোর আজ কাল গতকাল সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার নতুন পুরনো "
    "বড় ছোট শুরু শেষ প্রথম দ্বিতীয় তৃতীয় না নয় নেই নি হয়নি পারেনি আরও বেশি কম বছর মাস ঘণ্টা মিনিট first new "
    "year years day not no never more"
)
"""Words that count as content words although they are as common as function words (police, day), and negations."""
_FUNCTION_WORDS = (
    "i me my we us our you your yours him it these those whom whose while during amid among against between before "
    "under above below up down out off through onto upon within without until till since because if then than so "
    "such there here when where why how what can could may might must shall should do does did done doing being "
    "having am let just only even still yet now all any some both each every either neither other another same own "
    "very too again ever via per gets get got s t u"
)
"""English function words that aren't in the list of common words."""
_LABELS = "live updates update breaking watch video videos photos exclusive explained লাইভ আপডেট ভিডিও ভিডিয়ো ছবি ব্রেকিং এক্সক্লুসিভ"
"""Words such as "live" and "video" that give the form of a story in its headline. They don't count as content words."""
_TIME = re.compile(r"(?<=[0-9০-৯]):(?=[0-9০-৯]{2}\b)")
_LATIN = re.compile("[A-Za-z]")
_PERSON = "জন"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth",
    "প্রথম দ্বিতীয় তৃতীয় চতুর্থ পঞ্চম ষষ্ঠ সপ্তম অষ্টম নবম দশম",
)
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_SIGNS = "\"'‘’“”.,:;!?।()[]{}…–—-"


class Word(NamedTuple):
    """Word or number of a text."""

    key: str
    """For a word, its stem in its canonical spelling. For a number, its value after `#`, with a full stop after an ordinal. Two
    words with the same key are the same."""
    text: str
    """Word as the text has it, or the value of a number in ASCII digits."""
    is_name: bool = False
    """Whether the word is the name of a person, a place or a month."""
    noun: str = ""
    """Noun that a number counts, in its form in the text, with জন and a space before it if the number counts people.

    Only জন if no content word follows such a number. Empty for other numbers without a noun, and for words that aren't numbers.
    """

    @property
    def is_number(self) -> bool:
        """Whether the word is a number."""
        return self.key[0] == "#"


Words = tuple[Word, ...]


class Change(NamedTuple):
    """Change at one place of a text: an edit replaced the words `old` by the words `new`. One of the two may be empty."""

    old: Words
    new: Words


def words_of_line(line: str) -> Words:
    """Return the words and numbers of a line in their order, without punctuation."""
    tokens, numbers = read_numbers(_TIME.sub(".", line))
    written, capitalised = _written_forms(line)
    found: list[tuple[str, Word]] = []
    end = 0
    for at, token in enumerate(tokens):
        if at < end or not token[0].isalnum():
            continue
        number = numbers.get(at)
        if number is not None and number.value is not None:
            end = number.end
            word = _number(str(int(number.value)), tokens[end : end + 2], written, is_people=number.is_people)
        elif token[0].isdigit():
            word = _number(token.rstrip("0").rstrip(".") if "." in token else token, tokens[at + 1 : at + 3], written)
        elif ordinal := _ordinals().get(token):
            word = Word(f"#{ordinal}.", ordinal, noun=_noun(tokens[at + 1 : at + 2], written))
        elif token in _ORDINAL_ENDINGS and found and found[-1][1].key[-1] == ".":
            continue
        else:
            word = Word(word_key(token), written.get(token) or composed(token))
        found.append((token, word))
    keys = ("", *(word.key for _, word in found), "")
    return tuple(
        word
        if word.is_number
        else word._replace(is_name=is_name(token, keys[at], keys[at + 2], is_capitalised=token in capitalised))
        for at, (token, word) in enumerate(found)
    )


def _number(value: str, following: Sequence[str], written: Mapping[str, str], *, is_people: bool = False) -> Word:
    """Return the `Word` for a number with the digits `value`.

    It is an ordinal if `following`, the next words of the line, begin with an ending such as "th". The word after that is the noun
    that is counted. `written` maps normalised words to their form in the text. `is_people` is whether the number has a classifier
    for people.
    """
    is_ordinal = bool(_ORDINAL_ENDINGS.intersection(following[:1]))
    noun = _noun(following[is_ordinal:], written)
    return Word(f"#{value}{'.' * is_ordinal}", value, noun=f"{_PERSON} {noun}".strip() if is_people else noun)


def _noun(following: Sequence[str], written: Mapping[str, str]) -> str:
    """Return the noun that a number counts: the first word of `following`, in its form in the text.

    Return an empty string if that isn't a content word. `following` are the normalised words after the number; `written` maps
    normalised words to their form in the text.
    """
    words = (Word(word_key(word), written.get(word) or composed(word)) for word in following[:1] if word[0].isalpha())
    return next((word.text for word in words if is_content(word)), "")


@cache
def _ordinals() -> dict[str, str]:
    return {normalised(word): str(number) for words in _ORDINALS for number, word in enumerate(words.split(), 1)}


def changes_between(old: Words, new: Words, steps: DiffBudget) -> Iterator[Change]:
    """Yield the changes from `old` to `new`, in order. `steps` limits the work: once it is used up, words count as replaced."""
    for is_same, first, last, start, end in diff_runs([word.key for word in old], [word.key for word in new], steps):
        if not is_same:
            yield Change(old[first:last], new[start:end])


def without_same(words: Iterable[Word], others: Iterable[Word]) -> list[Word]:
    """Return `words` without the words that `others` has too.

    A word that occurs twice is only left out twice if `others` has it twice.
    """
    left: dict[str, int] = {}
    for word in others:
        left[word.key] = left.get(word.key, 0) + 1
    kept: list[Word] = []
    for word in words:
        if left.get(word.key, 0):
            left[word.key] -= 1
        else:
            kept.append(word)
    return kept


def without_respelt(old: Sequence[Word], new: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Return the words `old` and `new` of a change without words that are the same in both: respelt, or abbreviated.

    No word is in both `old` and `new` in the same form. Nothing is left if they differ only in spaces, such as "news paper" and
    "newspaper".
    """
    if _join(old) == _join(new) or (len(old) != len(new) and _is_slip(_join(old), _join(new))):
        return [], []
    ours, theirs = list(old), list(new)
    for word in old:
        if other := next((each for each in theirs if is_same_word(word, each)), None):
            ours.remove(word)
            theirs.remove(other)
    for short, long in ((ours, theirs), (theirs, ours)):
        for word in [each for each in short if len(each.text) > 1 and each.text.isupper()]:
            initials = "".join(each.text[0].upper()[0] for each in long)
            if (at := initials.find(word.text)) >= 0:
                short.remove(word)
                del long[at : at + len(word.text)]
    return ours, theirs


def is_same_word(word: Word, other: Word) -> bool:
    """Whether two words are one word: in two spellings, with a slip of the pen, or as two names of the same thing (অসম, আসাম)."""
    if word.is_number or other.is_number:
        return word.key == other.key
    one, two = normalised(word.text), normalised(other.text)
    return (
        word.key == other.key
        or are_spelling_variants(one, two)
        or _are_synonyms(one, two)
        or (_is_slip(one, two) and not (word.is_name and other.is_name))
    )


def is_content(word: Word) -> bool:
    """Whether a word has a meaning of its own or is a negation.

    Articles, other function words, and labels such as "live" don't count.
    """
    if word.key in _keys(_CONTENT_WORDS):
        return True
    return (
        word.key != "#1" and per_thousand(word.key) < _FUNCTION_WORD_SHARE and word.key not in _keys(f"{_LABELS} {_FUNCTION_WORDS}")
    )


@cache
def _keys(text: str) -> frozenset[str]:
    return frozenset(map(word_key, normalised_words(text)))


def _are_synonyms(word: str, other: str) -> bool:
    """Whether a line of the tables of synonyms has both words, as they are or without their endings."""
    others = {other, *roots(other)}
    found = (synonyms_of(form) for form in (word, *roots(word)))
    return any(not others.isdisjoint(known.all) for known in found if known)


def _join(words: Sequence[Word]) -> str:
    return canonical_spelling("".join(normalised(word.text) for word in words))


def _is_slip(word: str, other: str) -> bool:
    """Whether two words differ by a slip of the pen: by one letter, or by two letters that are exchanged."""
    short, long = sorted((word, other), key=len)
    if len(long) - len(short) > 1 or len(long) < _MIN_SLIP_LETTERS or short[:1] != long[:1] or any(map(str.isdigit, word + other)):
        return False
    head = next((at for at, (one, two) in enumerate(zip(short, long, strict=False)) if one != two), len(short))
    if len(short) < len(long):
        return short[head:] == long[head + 1 :]
    if short[head + 1 :] == long[head + 1 :]:
        return len(long) >= _MIN_WRONG_LETTER_LETTERS
    return short[head + 2 :] == long[head + 2 :] and short[head : head + 2] == long[head : head + 2][::-1]


def _written_forms(line: str) -> tuple[dict[str, str], set[str]]:
    """Return the Latin words of a line, normalised word → written form, and the normalised words that are written with a capital.

    A capital at the beginning of a sentence doesn't count. If most words have a capital, as in some headlines, capitals show no
    names, and the second result is empty.
    """
    written: dict[str, str] = {}
    capitalised: set[str] = set()
    small: set[str] = set()
    is_start = True
    for found in line.split()[:_MAX_WRITTEN]:
        bare = found.strip(_SIGNS)
        if _LATIN.search(bare):  # other letters are the same in the normal form, but for the two code points of some
            key = normalised(bare)
            written.setdefault(key, bare)
            if bare[:1].isupper() and not is_start:
                capitalised.add(key)
            elif bare[:1].islower():
                small.add(key)
        is_start = not bare or (found[-1] in ".!?:”\"'’…–—-" and found not in WITH_FULL_STOP and len(bare) > 1)
    return written, capitalised - small if len(capitalised) <= len(small) + 1 else set()
