"""Forms of the commonest Bengali verbs, in today's and in the older (sadhu) style. Pure.

The stemmer handles nouns only: endings of verbs are too many, and the vowel of a verb's stem changes (লেখেন, লিখলেন, লিখিয়াছেন).
Readers search for few verbs, mostly the same ones, so the forms of these verbs are made from their stems, and are normalised.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bpost_tui.bengali.normalise import normalised

# the stem of the present and of the verbal noun; of the other tenses; of the perfect
_STEMS = (
    "কর কর কর, বল বল বল, দেখ দেখ দেখ, লেখ লিখ লিখ, শোন শুন শুন, ওঠ উঠ উঠ, খোল খুল খুল, জেত জিত জিত, কেন কিন কিন, ফের ফির ফির, "
    "পড় পড় পড়, চল চল চল, ধর ধর ধর, মার মার মের, থাক থাক থেক, রাখ রাখ রেখ, আন আন এন, জান জান জেন, ডাক ডাক ডেক, কাট কাট কেট, "
    "ছাড় ছাড় ছেড়, বাড় বাড় বেড়, ঢোক ঢুক ঢুক, পার পার পের, হার হার হের, আস আস এস, বস বস বস, ভাঙ ভাঙ ভেঙ, মর মর মর, জ্বল জ্বল জ্বল"
)
_CAUSATIVES = "জানা পাঠা দাঁড়া চালা বানা হারা দেখা বাঁচা পালা"
"""Verb stems that end in া, separated by spaces: জানা has the forms জানাল and জানিয়েছে."""
# the stem of the present, of the past, of the perfect, and of the older style
_VOWEL_STEMS = "পা পে পেয় পাই, খা খে খেয় খাই, চা চাই চেয় চাই, যা যে গিয় গিয়, দে দি দিয় দি, নে নি নিয় নি, হ হ হয় হই"
_IRREGULAR = {
    "যা": "গেল গেলেন গেলাম গেলে গেছে গেছেন গেছি গেছিল গিয়াছে গিয়াছেন গিয়াছিল গিয়াছিলেন যাইবে যাইবেন যাইতে যাইতেছে যাইয়া",
    "আস": "এল এলেন এলাম এলে",
    "দে": "দেবে দেবেন দিবে দিবেন দেওয়া দেয়া",
    "নে": "নেবে নেবেন নিবে নিবেন নেওয়া নেয়া",
    "হ": "হলো হোক",
}
_PAST = "ল", "লেন", "লাম", "লে", "লো"
_FUTURE = "বে", "বেন", "ব", "বো"
_ONGOING = "ছে", "ছেন", "ছি", "ছিল", "ছিলেন", "ছিলাম"
_NOT_FORMS = frozenset(
    normalised(
        "থেকে দিয়ে নিয়ে করে বলে হয়ে ধরে চেয়ে হতে হয় হল হলে পরে পড়ে গেলে খান যান পান দেব খেত মারি রাখি বাড়ি নামে ডাকে "
        "পারে হারে হত পার কাটা হারা জানা বস কিন খাব বসে এসে এসেন আসল পাব বসত খেল"
    ).split()
)
"""Verb forms that `_forms` leaves out, because they are also common nouns, names or postpositions (দেব, খান, থেকে)."""


def other_forms(word: str) -> tuple[str, ...]:
    """Return the other forms of the verb that `word` belongs to; empty if no known verb has this form."""
    return _forms().get(word, ())


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """Map each form of a verb to the verb's other forms; takes 15 ms once."""
    found: dict[str, set[str]] = {}
    for verb in _verbs():
        forms = tuple(dict.fromkeys(form for form in normalised(" ".join(verb)).split() if form not in _NOT_FORMS))
        for form in forms:
            found.setdefault(form, set()).update(forms)
    return {form: tuple(sorted(others - {form})) for form, others in found.items()}


def _verbs() -> Iterator[Iterator[str]]:
    for stems in _STEMS.split(", "):
        yield _of_consonant(*stems.split())
    for stem in _CAUSATIVES.split():
        yield _of_causative(stem)
    for stems in _VOWEL_STEMS.split(", "):
        yield _of_vowel(*stems.split())


def _of_consonant(present: str, past: str, perfect: str) -> Iterator[str]:
    yield from (present + ending for ending in ("েন", "া", "ার", "ায়"))
    yield from (past + ending for ending in (*_PAST, *_FUTURE, *_ONGOING, "ত", "তেন", "তাম", "তে", "ুন", "ুক"))
    yield from (f"{perfect}ে{ending}" for ending in _ONGOING)
    older = past + "ি"
    yield from (older + ending for ending in (*_PAST, *_FUTURE, "ত", "তেন", "তে", "য়া"))
    yield from (f"{older}{tense}{ending}" for tense in ("তে", "য়া") for ending in _ONGOING)
    yield from _IRREGULAR.get(present, "").split()


def _of_causative(stem: str) -> Iterator[str]:
    yield from (stem + ending for ending in ("ন", "য়", *_PAST, *_FUTURE, "ত", "তেন", "তে", "নো", "নোর", "নোয়", "ক"))
    yield from (f"{stem}চ্{ending}" for ending in _ONGOING)
    joined = f"{stem[:-1]}িয়ে"
    yield from (joined, *(joined + ending for ending in _ONGOING))
    yield from (f"{stem}ই{ending}" for ending in (*_PAST, *_FUTURE, "তে", "য়া", *(f"য়া{ending}" for ending in _ONGOING)))


def _of_vowel(present: str, past: str, perfect: str, older: str) -> Iterator[str]:
    yield from (present + ending for ending in ("য়", "ন", "ওয়া", "ওয়ার", "ওয়ায়"))
    yield from (past + ending for ending in (*_PAST, "ত", "তেন", "তাম", "তে"))
    ongoing = past if present in ("দে", "নে") else present  # দিচ্ছে, but পাচ্ছে
    yield from (f"{ongoing}চ্{ending}" for ending in _ONGOING)
    yield from (present + ending for ending in _FUTURE)
    yield from (f"{perfect}ে{ending}" for ending in ("", *_ONGOING))
    if older != perfect:
        yield from (older + ending for ending in (*_PAST, *_FUTURE, "তে", "য়া"))
        yield from (f"{older}{tense}{ending}" for tense in ("তে", "য়া") for ending in _ONGOING)
    yield from _IRREGULAR.get(present, "").split()
