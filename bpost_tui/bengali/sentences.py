"""Boundaries of sentences, for reading aloud. Pure."""

from __future__ import annotations

import re

from bpost_tui.bengali.abbreviations import WITH_FULL_STOP
from bpost_tui.bengali.letters import composed, in_both_forms
from bpost_tui.bengali.normalise import normalised
from bpost_tui.bengali.stemmer import stems
from bpost_tui.bengali.verbs import other_forms
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_CLOSING = "’”»\"')\\]"
_STOP = lazy_pattern(rf"(?P<marks>[।॥!?….]+)(?P<closing>[{_CLOSING}]*)|\s*\n\s*")
"""Pattern of a possible end of a sentence: punctuation with closing quotes and brackets after it, or the end of a line."""
_QUOTES = frozenset("’”»\"'")
_SAID = lazy_pattern(
    in_both_forms(
        r"[ \u00a0]{0,2}(?:,[ \u00a0]*)?(?:বলে|বলতে|জানিয়ে|লিখে|চেঁচিয়ে|জিজ্ঞাসা|জিজ্ঞেস|প্রশ্ন|মন্তব্য|দাবি|অভিযোগ|স্লোগান|ধ্বনি|আর্জি|"
        r"বক্তব্য)[ইও]?(?![\u0980-\u09e3])"
    )
)
"""Pattern of words after a quotation that belong to its sentence: “আসুন।” বলে ডাকলেন।"""
_SUFFIX = lazy_pattern(r"-[\u0985-\u09b9]")
_NEXT_WORDS = lazy_pattern(r"(?:[ \u00a0]+[\u0981-\u09e3\u200c\u200d’]+,?){1,5}(?=[।!?\n]|$)")
"""Pattern of one to five words between a quotation and the end of the sentence; they may name the speaker."""
_VERB_ENDINGS = ("লেন", "ছেন", "ছিলেন")
"""Endings that only verbs have."""
_FINITE = ("ল", "ছে", "ছিল", "ন")
"""Endings of finite verbs, which usually end a sentence. Other words may have them too, so they count only for known verbs."""
_AFTER_VERBS = frozenset(("না", "নি", "নেই"))
_BEFORE = lazy_pattern(r"[\s।॥!?….]*")
"""Pattern of the spaces and punctuation between two sentences, which are skipped to find the start of the second."""
_LAST_WORD = lazy_pattern(r"(?<![^\s(\[“‘\"'/-])([^\s(\[“‘\"'/-]+)$")
_LONGEST_WORD = 24
"""Number of characters before a full stop that are searched for the start of an abbreviation."""
_CLUSTER = "[অ-হৎড়ঢ়য়ৰৱ](?:\u09cd[অ-হড়ঢ়য়]|[\u09bc\u0981-\u0983\u09be-\u09cc\u09d7])*"
_INITIALS = lazy_pattern(rf"(?:[A-Za-z]\.)+|(?:(?:{_CLUSTER}){{1,3}}\.){{2,}}|(?:[A-Z][a-z]?\.){{2,}}")
_SHORT = lazy_pattern(rf"(?:{_CLUSTER}){{1,2}}\.")
_NUMBERED = lazy_pattern(r"[(\[]?(?:[০-৯0-9]{1,3}|[a-zA-Z]|[ivx]{1,4}|[ক-হ])[)\]]?\.?")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the start and end of each sentence, as indices in `text`; a piece without letters is no sentence.

    A sentence ends at a danda, a full stop, a question or exclamation mark, an ellipsis before a space, or the end of a line. Three
    kinds of full stops don't end a sentence: inside a word or a number (“১.৫ লক্ষ”, “thebengalpost.net”), after an initial or an
    abbreviation (“এ.আর. রহমান”, “ড. সেন”, “প. মেদিনীপুর”, “U.S.A.”), and after the number of a paragraph. An end before a closing
    quotation mark doesn't count if words follow that name the speaker (“আসুন।” বলে ডাকলেন। “যাব না।” হুঁশিয়ারি মন্ত্রীর।). The
    rules are a small part of UAX 29's.
    """
    found: list[tuple[int, int]] = []
    start = _begin(text, 0)
    for stop in _STOP.finditer(text):
        if stop.end() > start and _ends(text, start, stop):
            _add(found, text, start, stop.end() if stop["marks"] else stop.start())
            start = _begin(text, stop.end())
    _add(found, text, start, len(text))
    return tuple(found)


def _begin(text: str, at: int) -> int:
    found = _BEFORE.match(text, at)
    return found.end() if found else at


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    if any(char.isalnum() for char in text[start:end]):
        found.append((start, end))


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the sentence that began at `start` ends at the punctuation or line end in `stop`."""
    marks, closing, following = stop["marks"], stop["closing"], text[stop.end() : stop.end() + 1]
    if closing and not _QUOTES.isdisjoint(closing) and _names_speaker(text, stop.end()):
        return False
    if not marks or "।" in marks or "॥" in marks:
        return True
    is_apart = not following or following.isspace()
    if "!" in marks or "?" in marks:
        is_aside = closing.startswith(")") and text.rfind("(", start + 1, stop.start()) > 0
        return not is_aside and not (following.isascii() and (following.isalnum() or following in "=&/_-"))
    if not is_apart:
        return False
    if marks != ".":
        return True
    return closing != "" or not _is_short(text, start, stop.end())


def _names_speaker(text: str, at: int) -> bool:
    """Whether the words after a quotation, from index `at` on, belong to its sentence, because they say who speaks.

    There are three cases. The words begin with a suffix, or with a word of speaking. Or they are at most five, with a verb before
    the subject (“মা!” ডাকল ছেলে।). Or they are at most five, without a verb, and the last is the speaker's name in the genitive
    (“যাব না।” হুঁশিয়ারি মন্ত্রীর।).
    """
    if _SUFFIX.match(text, at) or _SAID.match(text, at):
        return True
    found = _NEXT_WORDS.match(text, at)
    if found is None:
        return False
    *before, last = normalised(found[0].replace(",", "")).split()
    if last in _AFTER_VERBS or _is_verb(last) or not before:
        return False
    is_genitive = last.endswith("র") and (bool(stems(last)) or last.endswith("ঁর"))
    if not any(map(_is_verb, before)):
        return is_genitive
    # if the verb isn't the first word, a time or a place may be last: সভা হল সন্ধ্যায়
    return _is_verb(before[0]) or (any(map(_is_verb, before[1:2])) and not stems(last))


def _is_verb(word: str) -> bool:
    """Whether a word is a finite verb; the word is normalised."""
    return word.endswith(_VERB_ENDINGS) or (word.endswith(_FINITE) and bool(other_forms(word)))


def _is_short(text: str, start: int, end: int) -> bool:
    """Whether the full stop before index `end` belongs to an abbreviation, an initial or a paragraph's number.

    `start` is the index where the sentence begins.
    """
    if _NUMBERED.fullmatch(text, start, end):
        return True
    last = _LAST_WORD.search(text, max(start, end - _LONGEST_WORD), end)
    if last is None:
        return False
    word = composed(last[1])
    if word in WITH_FULL_STOP or _INITIALS.fullmatch(word):
        return True
    goes_on = text[end:].lstrip()[:1]
    return bool(_SHORT.fullmatch(word)) and ("\u0980" <= goes_on <= "\u09ff")
