"""Edits of recorded and sample stories in twelve kinds, each with the known answer whether it counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import NamedTuple

from bpost_tui.bengali.letters import DIGITS, composed, decomposed
from bpost_tui.bengali.place_names import is_place
from bpost_tui.demo.sample_edition import load_edition
from bpost_tui.edits.edit_weight import EditKind, StoryVersion
from bpost_tui.model.blocks import Block, Image, Paragraph, Span, text_of
from bpost_tui.model.story_words import words_of
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.html.block_parser import parse_blocks
from bpost_tui.portal.wordpress.wp_json_parser import read_posts
from tests.scripted_portal import recording

_URL = "https://portal.example/feed"
_NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
_WORD = re.compile(r"[^\s“”‘’\"'(),।:;!?|]{4,}")
_FIGURE = re.compile(r"(?<![\d০-৯.,:/-])[\d০-৯]{1,4}(?![\d০-৯.,:/-])")
_TO_BENGALI = str.maketrans("0123456789", DIGITS)
_TO_ASCII = str.maketrans(DIGITS, "0123456789")
_CONSONANT_CASE = re.compile("(?<=[ক-হ])(?:ের|ে)$")
_PLACES = ("ঘাটাল", "কোচবিহার", "তমলুক", "বর্ধমান", "কেশপুর")
_GIVEN_NAMES = ("অরিন্দম", "সুদীপ", "মৌসুমী", "তাপস", "শর্মিলা", "গৌতম", "রেহানা", "সফিকুল")
_SURNAMES = ("ঘোষ", "মণ্ডল", "মাইতি", "বেরা", "দাস", "খাতুন", "আলি", "চক্রবর্তী")
_ENGLISH_NAMES = ("Anita Sen", "Robert Clarke", "Maya Fernandes", "Imran Qureshi", "Helen Ward", "Sunil Rao")
_NUMBERS = ("দুই", "তিন", "চার", "পাঁচ", "ছয়", "সাত", "আট", "দশ", "এগারো", "বারো")
"""Numbers from two to twelve, without নয়: it usually isn't nine, but “not”."""
_ENGLISH_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_CORRECTIONS = (
    "Correction: The meeting was held on Tuesday, not on Monday.",
    "An earlier version of this report misstated the age of the driver.",
    "This article was amended on 3 March to correct the spelling of a village.",
    "Clarification: The school has since replied to our questions.",
    "Editor's note: The name of the company has been changed above.",
    "We apologise for the error in the table that was printed here.",
    "In an earlier version, the river was said to flow through Bihar.",
    "সংশোধনী: বৈঠকটি মঙ্গলবার হয়েছিল, সোমবার নয়।",
    "ভ্রম সংশোধন: চালকের বয়স ৪২ নয়, ২৪ বছর।",
    "এই প্রতিবেদনের আগের সংস্করণে গ্রামের নাম ভুল লেখা হয়েছিল।",
    "এই প্রতিবেদনে প্রথমে একটি তথ্য ভুল ছিল। আমরা দুঃখিত।",
    "অনিচ্ছাকৃত ত্রুটির জন্য আমরা আন্তরিকভাবে দুঃখিত।",
)
_WITHDRAWALS = (
    "This story has been withdrawn.",
    "Retraction: The claims in this report could not be confirmed.",
    "We have removed this article, because its source was not who he claimed to be.",
    "The article was taken down at the request of the court.",
    "প্রতিবেদনটি প্রত্যাহার করা হয়েছে।",
    "তথ্যে গরমিল থাকায় খবরটি সরিয়ে নেওয়া হয়েছে।",
    "এই লেখাটি মুছে ফেলা হয়েছে।",
)
_COUNTERS = ("{n} views", "{n} comments", "Views: {n}", "{n} বার পঠিত", "মন্তব্য ({n})", "{n} likes · {n} shares", "{n} জন পড়েছেন")
_AGES = (
    "{n} hours ago",
    "{n} min read",
    "{n} ঘণ্টা আগে",
    "Updated: {n} minutes ago",
    "আপডেট: {n} মিনিট আগে",
    "প্রকাশ: ২৩ নভেম্বর ২০২৬, ১০:{n}",
)
_POINTERS = (
    "আরও পড়ুন: {title}",
    "Also read: {title}",
    "এছাড়াও পড়ুন | {title}",
    "Read more: {title}",
    "বিজ্ঞাপন",
    "Advertisement",
    "ADVERTISEMENT: {title}",
    "Follow us on WhatsApp for the latest updates",
    "সব খবর পেতে আমাদের হোয়াটসঅ্যাপ চ্যানেল ফলো করুন",
)
_SHORT_CLAUSES = (
    "পুলিশ তদন্ত শুরু করেছে।",
    "ঘটনাস্থলে যান পুলিশ আধিকারিকেরা।",
    "Police have opened an inquiry.",
    "No other details were given.",
)

Edit = Callable[[Random, StoryVersion], tuple[StoryVersion, StoryVersion] | None]


class GeneratedEdit(NamedTuple):
    """Two versions of a story, with the answer."""

    name: str
    """Name of the edit's kind."""
    before: StoryVersion
    after: StoryVersion
    expected: tuple[EditKind, ...]
    """Right reasons; empty if the edit doesn't count."""


@cache
def stories() -> tuple[StoryVersion, ...]:
    """Return all recorded and sample stories with a headline and more than 40 words."""
    recorded = (
        *parse_feed(recording("feed-full-p1")[2], "application/rss+xml", _URL, now=_NOW).stories,
        *read_posts(recording("json-posts-10-embed")[2], _URL, _NOW).stories,
    )
    found = [StoryVersion(story.title, story.blocks) for story in recorded if len(words_of(story).text) > 40]
    found += [
        StoryVersion(post.title, parse_blocks(post.content("https://portal.example"), _URL)) for post in load_edition(_NOW).stories
    ]
    return tuple(dict.fromkeys(found))


def generated_edits(seed: int, count: int) -> Iterator[GeneratedEdit]:
    """Yield `count` edits of each kind."""
    for name, (edit, expected) in EDITS.items():
        random = Random(f"{seed} {name}")
        made = 0
        for _ in range(100 * count):
            if made < count and (versions := edit(random, random.choice(stories()))):
                made += 1
                yield GeneratedEdit(name, *versions, expected)


def _is_bengali(version: StoryVersion) -> bool:
    return any("\u0980" <= char <= "\u09ff" for char in version.title)


def _paragraphs(version: StoryVersion) -> list[int]:
    """Return the indexes of paragraphs with more than 12 words."""
    return [
        at for at, block in enumerate(version.blocks) if isinstance(block, Paragraph) and len(text_of(block.spans).split()) > 12
    ]


def _with_block(version: StoryVersion, at: int, *blocks: Block) -> StoryVersion:
    return version._replace(blocks=(*version.blocks[:at], *blocks, *version.blocks[at:]))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Span(text),))


def _changed_paragraph(version: StoryVersion, at: int, text: str) -> StoryVersion:
    return version._replace(blocks=(*version.blocks[:at], _paragraph(text), *version.blocks[at + 1 :]))


def _replaced(
    random: Random, version: StoryVersion, find: Callable[[str], list[tuple[int, int]]], new: Callable[[str], str]
) -> tuple[StoryVersion, StoryVersion] | None:
    """Return the version before and after one of the places that `find` returns in a paragraph is replaced."""
    places = [(at, *span) for at in _paragraphs(version) for span in find(text_of(version.blocks[at].spans))]  # type: ignore[union-attr]
    if not places:
        return None
    at, start, end = random.choice(places)
    text = text_of(version.blocks[at].spans)  # type: ignore[union-attr]
    return _changed_paragraph(version, at, text), _changed_paragraph(version, at, text[:start] + new(text[start:end]) + text[end:])


# ── edits that count ────────────────────────────────────────────────────────


def _figure_in_digits(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion] | None:
    def other(figure: str) -> str:
        value = int(figure.translate(_TO_ASCII))
        new = str(value + random.choice((1, 2, 3, 10)))
        return new.translate(_TO_BENGALI) if figure[0] in DIGITS else new

    return _replaced(random, version, lambda text: [found.span() for found in _FIGURE.finditer(text) if int(found[0]) > 1], other)


def _toll_in_words(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
    numbers, line = (
        (_NUMBERS, "ঘটনায় {n} জনের মৃত্যু হয়েছে, জানিয়েছে পুলিশ।")
        if _is_bengali(version)
        else (_ENGLISH_NUMBERS, "The fire killed {n} people, police said.")
    )
    old, new = random.sample(numbers, 2)
    at = random.choice((0, len(version.blocks)))
    return _with_block(version, at, _paragraph(line.format(n=old))), _with_block(version, at, _paragraph(line.format(n=new)))


def _headline_word(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion] | None:
    others = [word for story in stories() if _is_bengali(story) == _is_bengali(version) for word in _content(story.title)]
    own = _content(version.title)
    fresh = [word for word in others if not any(word[:3] == each[:3] for each in own)]
    if not own or not fresh:
        return None
    old, new = random.choice(own), random.choice(fresh)
    title = random.choice(
        (version.title.replace(old, new, 1), f"{version.title} {new}", " ".join(version.title.replace(old, "", 1).split()))
    )
    return version, version._replace(title=title)


def _content(title: str) -> list[str]:
    """Return the words of a title that are content words beyond doubt: long, and no verb form of the function words' list."""
    return [word for word in _WORD.findall(title) if len(word) > 5 and not word[0].isdigit() and title.count(word) == 1]


def _person(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
    if _is_bengali(version):
        surname = random.choice(_SURNAMES)
        old, new = (f"{name} {surname}" for name in random.sample(_GIVEN_NAMES, 2))
        line = random.choice(("এ কথা জানান স্থানীয় বাসিন্দা {name}।", "{name} বলেন, কাজ শুরু হবে শীঘ্রই।", "জখম {name} হাসপাতালে ভর্তি।"))
    else:
        old, new = random.sample(_ENGLISH_NAMES, 2)
        line = random.choice(("The work will start soon, said {name} of the council.", "The prize went to {name} this year."))
    at = random.randint(0, len(version.blocks))
    return _with_block(version, at, _paragraph(line.format(name=old))), _with_block(version, at, _paragraph(line.format(name=new)))


def _place(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion] | None:
    def places(text: str) -> list[tuple[int, int]]:
        found = ((word.start(), _CONSONANT_CASE.sub("", word[0])) for word in _WORD.finditer(text) if not word[0].isascii())
        return [(start, start + len(bare)) for start, bare in found if is_place(bare)]

    found = _replaced(
        random, version, places, lambda old: random.choice([place for place in _PLACES if decomposed(place) != decomposed(old)])
    )
    return found if found and found[0] != found[1] else None


def _note(lines: tuple[str, ...]) -> Edit:
    def edit(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
        return version, _with_block(version, random.choice((0, len(version.blocks))), _paragraph(random.choice(lines)))

    return edit


def _text(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion] | None:
    others = [block for story in stories() if story != version for block in story.blocks if isinstance(block, Paragraph)]
    long = [block for block in others if len(text_of(block.spans).split()) >= 25 and not _FIGURE.search(text_of(block.spans))]
    longer = _with_block(version, random.randint(0, len(version.blocks)), random.choice(long))
    return random.choice(((version, longer), (longer, version)))


# ── edits that don't count ──────────────────────────────────────────────────


def _spelling(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
    """Change composed and decomposed letters, digits' script, joiners, the letters for n and long vowels."""
    respell = random.choice(
        (
            composed,
            decomposed,
            lambda text: unicodedata.normalize("NFD", text),
            lambda text: text.translate(_TO_ASCII),
            lambda text: text.translate(_TO_BENGALI) if "\u0980" <= text[:1] <= "\u09ff" else text,
            lambda text: text.replace("ণ", "ন"),
            lambda text: text.replace("ী", "ি"),
            lambda text: text.replace("্য", "\u200d্য"),
        )
    )
    blocks = tuple(
        Paragraph((Span(respell(text_of(block.spans))),)) if isinstance(block, Paragraph) else block for block in version.blocks
    )
    return version, StoryVersion(respell(version.title), blocks)


def _punctuation(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
    """Change signs, spaces, or which words are bold."""
    pattern, sign = random.choice(
        (("।", "."), (r",(?=\s)", ";"), ("—", "-"), ("[“”]", '"'), ("[‘’]", "'"), (r"\s+", "  "), ("!", ""), (r",(?=\s)", ""))
    )
    is_bold = random.random() < 0.3

    def changed(block: Block) -> Block:
        if not isinstance(block, Paragraph):
            return block
        text = re.sub(pattern, sign, text_of(block.spans))
        return Paragraph(tuple(Span(f"{word} ", bold=random.random() < 0.2) for word in text.split()) if is_bold else (Span(text),))

    return version, StoryVersion(re.sub(pattern, sign, version.title), tuple(map(changed, version.blocks)))


def _pictures_and_order(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
    """Add a picture, change the sizes and addresses of pictures, move a paragraph, or add a clause of a few words."""
    blocks = list(version.blocks)
    at, address = random.randint(0, len(blocks)), f"https://portal.example/{random.random()}.jpg"
    match random.randrange(4):
        case 0:
            blocks.insert(at, Image(address, "Photo of a bridge", (), 640, 480))
        case 1:
            blocks = [
                each._replace(src=address, width_px=random.randrange(2000)) if isinstance(each, Image) else each for each in blocks
            ]
        case 2:
            blocks.insert(random.randrange(len(blocks)), blocks.pop(random.randrange(len(blocks))))
        case _:
            blocks.insert(at, _paragraph(random.choice(_SHORT_CLAUSES)))
    return version, version._replace(blocks=tuple(blocks))


def _page_line(random: Random, version: StoryVersion) -> tuple[StoryVersion, StoryVersion]:
    """Change a counter, an age, a pointer to another story or an advertisement."""
    form = random.choice(random.choice((_COUNTERS, _AGES, _POINTERS)))
    titles = [story.title for story in stories() if story.title != version.title and len(story.title) < 120]
    old, new = (form.format(n=random.randint(10, 59), title=random.choice(titles)) for _ in range(2))
    if random.random() < 0.3:
        old, new = (text.translate(_TO_BENGALI) for text in (old, new))
    at = random.choice((0, len(version.blocks)))
    with_new = _with_block(version, at, _paragraph(new))
    return random.choice((_with_block(version, at, _paragraph(old)), version)), with_new


EDITS: dict[str, tuple[Edit, tuple[EditKind, ...]]] = {
    "figure in digits": (_figure_in_digits, (EditKind.FIGURE,)),
    "toll in words": (_toll_in_words, (EditKind.FIGURE,)),
    "word of the headline": (_headline_word, (EditKind.HEADLINE,)),
    "person": (_person, (EditKind.NAME,)),
    "place": (_place, (EditKind.NAME,)),
    "correction": (_note(_CORRECTIONS), (EditKind.CORRECTION,)),
    "withdrawal": (_note(_WITHDRAWALS), (EditKind.WITHDRAWAL,)),
    "paragraph": (_text, (EditKind.TEXT,)),
    "spelling": (_spelling, ()),
    "punctuation and markup": (_punctuation, ()),
    "pictures and order": (_pictures_and_order, ()),
    "line of the page": (_page_line, ()),
}
"""Maps the name of each kind of edit to the function that makes it and the reasons that are right."""
