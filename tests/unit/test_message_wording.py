"""Wording for readers: every message is used and complete in both languages, and avoids certain words.

To ban a word from messages, the manual page and README, add it to `NO_LONGER` with its replacement; from docstrings, comments and
all documents, add it to `CONSTRUCTIONS` of test_prose.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpost_tui.bengali.letters import composed
from bpost_tui.i18n import Language
from tools.messages import CATALOGUE, used_messages

_ROOT = Path(__file__).parents[2]

NO_LONGER = {
    r"passed over": "ignored",
    r"set aside|put aside": "renamed, moved",
    r"carried over": "rescued",
    r"\btold\b": "reported, said",
    r"\bkept\b": "saved; for a story to be read later: in Read later",
    r"\bforgotten\b": "deleted",
    r"\bwanted\b": "chosen, requested",
    r"\b(is|are|be|was|isn't|not|ever) asked\b|asked in vain|ask(ing)? the portal": "fetched, contacted",
    r"left alone": "wait",
    r"taken away": "removed",
    r"left out|leave out what": "hidden",
    r"to be had": "available",
    r"can't be followed": "isn't understood",
    r"\bfaults?\b": "bugs, problems",
    r"\bmends?\b": "fixes, repairs",
    r"\bwordings?\b": "version",
    r"\banew\b|\bonce more\b": "again",
    r"in sight": "in view",
    r"\brungs?\b|\bgo(es)? round\b": "way to draw, cycles through",
    r"(?<!there )\b(is|are) no (?!longer)[a-z]": "isn't a",
    r"breaks off": "is cut short",
    r"take[ns]? apart": "ungroup",
    r"\bpass(es|ed)? (it|the story|stories|a story) on\b": "share",
    r"\bkeeps? alike\b": "sync",
    r"isn't as it should be": "is invalid",
    r"by itself from now on|stands? by itself": "on its own",
    r", too(?=[.;:)]|$)": "also, before the verb",
    r"\b(has|have) gone\b|\bwould go\b|\bnever go\b": "removed",
    r"\bsub-head": "subheading",
    r"চাবি": "বোতাম",
    r"চাপলে": "টিপলে",
    r"বাদ দেওয়া খবর": "আড়াল করা খবর",
    r"শব্দ (বাজ|লিখতে)": "অডিয়ো",
    r"থিম": "সাজ",
    r"ভাণ্ডার": "সংগ্রহ",
    r"কমান্ড (আবার|দিন)": "নির্দেশ",
    r"আঁধার": "গাঢ়",
    r"জানালা": "উইন্ডো",
    r"লাইব্রেরি": "সংগ্রহ",
    r"(?<![\u0980-\u09ff])দল(?:ের|ে|টি)?(?![\u0980-\u09ff])": "গুচ্ছ, জোড়া খবর",
    r"এই যন্ত্র": "এই কম্পিউটার",
    r"পুরোনো": "পুরনো",
    r"রাখা (সব )?(খবর|ছবি)|খবর রাখার": "জমা খবর, জমা ছবি, সংগ্রহ",
    r"(?<!তুলে )রাখা খোঁজ": "তুলে রাখা খোঁজ",
    r"ইন্টারনেট নেই": "অফলাইন",
    r"নামে কোনও ঘর": "বলে কিছু",
    r"নজরে এসেছে": "ধরা পড়েছে",
    r"[০-৯}] %": "২৪%, without a space",
    r"(?<![\u0980-\u09ff])তারা(?!চিহ্ন|[\u0980-\u09ff])": "তারাচিহ্ন",
    r"(কাগজের|নামে কোনও|ঠিক|কোনও কাগজ বা) দল": "গুচ্ছ",
    r"খোপের বদলে ঘর|কত ঘর": "খোপ",
    r"সংরক্ষিত": "জমা",
    r"মেশিন": "কম্পিউটার",
    r"বয়ান": "পাঠ",
    r"সার্ভিস": "ফিড সার্ভার",
    r"পরিবর্তন": "বদল",
    r"নজর": "চোখ",
    r"ফিরিয়ে নেওয়া হল": "ফেরানো হল",
    r"(?<![\u0980-\u09ff])গেছে(?![\u0980-\u09ff])": "গিয়েছে",
    r"[(]না দিলে": "না বললে",
    r"\bযে-?সব\b|যে-কোনও": "যে সব, যে কোনও",
    r"ডেবিয়ান": "Debian",
    r"এমবি": "MB",
    r"তির:": "← → ↑ ↓",
    r"এভাবে|এবারে?(?![\u0980-\u09ff])|একবার|অন্যভাবে": "as newspapers of Kolkata spell them: এ ভাবে, এ বার, এক বার, অন্য ভাবে",
    r"(?<![\u0980-\u09ff])কোনো(?![\u0980-\u09ff])": "কোনও",
}
"""Words banned from text for readers, as regular expressions → replacement."""

_MAY = {
    r"(?<![\u0980-\u09ff])গেছে(?![\u0980-\u09ff])": ("docs/search.md",),  # an example of a query
    r"\bkept\b": ("docs/data.md", "docs/command-line.md", "README.md"),  # in its usual sense, of files and backups
}
"""Banned word → documents that may have it."""


def _entries() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the English and the Bengali text of each message; two texts each for a message with a plural."""
    pofile = pytest.importorskip("babel.messages.pofile")
    with CATALOGUE.open("rb") as file:
        entries = [entry for entry in pofile.read_po(file, locale="bn") if entry.id]
    return [(each.id, each.string) if each.pluralizable else ((each.id,), (each.string,)) for each in entries]


def _found(text: str, name: str = "") -> dict[str, str]:
    """Return the banned words in `text`, each with its replacement."""
    text = re.sub(r"\{\w+\}", "{}", " ".join(text.split()))  # ignore names of fields
    return {
        hit[0]: instead
        for word, instead in NO_LONGER.items()
        if name not in _MAY.get(word, ()) and (hit := re.search(composed(word), text, re.IGNORECASE))
    }


def test_messages_have_no_banned_words() -> None:
    found = {text: words for pair in _entries() for texts in pair for text in texts if (words := _found(text))}
    assert not found


@pytest.mark.parametrize(
    "name",
    [
        *("README.md", "docs/bn/README.md", "docs/bpost.1"),
        *(f"docs/{name}.md" for name in ("command-line", "config", "data", "keys", "search", "terminals")),
    ],
)
def test_readers_documents_have_no_banned_words(name: str) -> None:
    text = re.sub(r"\(\w+\)$", "", (_ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)  # ignore ids of actions
    assert not _found(text, name)


def test_messages_of_the_catalogue_are_all_used() -> None:
    used = used_messages()
    assert not [ids[0] for ids, _ in _entries() if ids[0] not in used], "no longer used: make messages"


def test_bengali_messages_end_with_the_same_punctuation() -> None:
    for ids, texts in _entries():
        for english, bengali in zip(ids, texts, strict=True):
            if re.search("[A-Za-z]", re.sub(r"\{\w+\}|MB", "", english)):
                assert re.search("[\u0980-\u09ff]", bengali), english
            for mark, same in ((".", "।"), ("?", "?"), ("…", "…"), (":", ":")):
                assert english.endswith(mark) == bengali.endswith(same), (english, bengali)
            assert bengali == bengali.strip() and "  " not in bengali and english.count("`") == bengali.count("`"), bengali


def test_versions_of_programs_and_of_a_story_have_different_names() -> None:
    text = Language("bn").text
    assert text("Versions") != text("Earlier versions")
