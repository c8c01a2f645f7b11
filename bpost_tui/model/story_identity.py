"""Rules that decide whether two versions belong to the same story. All such rules are here. Pure.

The obvious rule is that versions with the same guid (the identifier that a feed gives a story) belong to the same story. A guid
stays the same if the story's link or host changes. A story whose guid isn't in the library is searched for by its link instead
(`store.sent_stories.find_saved`). But portals send stories without a guid, one guid for all stories, or the front page as every
story's link. Two stories would then become one, and the second would overwrite the first. These rules prevent that:

    a feed has                                     function            result
    a story without a guid                         assign_guids        guid: the link, or a digest of title and date
    a very long guid                               assign_guids        guid: a digest of the long guid
    without a guid, several titles with one link   assign_guids        guid: a digest of title and date
    several summaries with one such digest         assign_guids        guid: a digest of title, date, link and summary
    several texts with one guid and one link       assign_guids        guid: a digest of title and date
    many titles (3 or more) with one guid and link assign_guids        guid: a digest of title and date
    several links with one guid                    split_shared_guids  several stories; the link of each becomes its guid
    several guids and titles with one link         ambiguous_links     several stories; the link identifies none of them
    a saved story under a new guid and link        is_resent           one story, if headline, date and text are the same
    saved stories under new guids, links and dates resent_with_shift   one story each, if all dates moved by the same time

`find_same` finds a story among a portal's answers to one request: by its guid, or else by the address of its page.

Two links are the same if their `urls.link_key` is the same. Texts are compared only within one feed: two papers that print the same
report are the same news (`grouping`), but two stories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.sanitize import MAX_GUID_CHARS
from bpost_tui.model.story import Story
from bpost_tui.urls import link_key, page_key

_MAX_TITLES_PER_GUID = 2
"""Maximum number of headlines of stories with one guid that still count as one story.

A feed may have an edited story twice, with two headlines, and with texts that share half their words.
"""
MAX_SHIFT = timedelta(hours=14)
"""Maximum difference between a date and the same date read in another time zone."""
_SHIFT_STEP = timedelta(minutes=15)
_LEAST_SHIFTED = 5
"""Minimum number of stories whose old and new dates differ by one interval, to conclude that a site changed its time zone."""
_LEAST_SUMMARY_WORDS = 8
"""Minimum number of words of a text or summary that identify a story if another version has the same words."""
_DOTS = ".…[]() "


def assign_guids(stories: Iterable[Story]) -> list[Story]:
    """Return the stories of a feed, each with a guid: the guid that the feed gives, else its link, else a digest of title and date.

    A guid that several stories share isn't used. A link that stories with several headlines share leads to a list or a front page,
    so it isn't used either. A long guid is replaced by its digest.
    """
    in_feed = list(stories)
    wrong = _shared_guids(in_feed)
    sent = [story._replace(guid="") if story.guid in wrong else story for story in in_feed]
    titles: defaultdict[str | None, set[str]] = defaultdict(set)
    for story in sent:
        if not story.guid:
            titles[link_key(story.link)].add(story.title)
    guids = [
        _guid_of(story, is_links=named.guid not in wrong and len(titles[link_key(story.link)]) < 2)
        for named, story in zip(in_feed, sent, strict=True)
    ]
    contents: defaultdict[str, set[tuple[str | None, str]]] = defaultdict(set)
    for story, guid in zip(sent, guids, strict=True):
        if not story.guid and guid != story.link:
            contents[guid].add((story.link, story.excerpt))
    return [
        story._replace(guid=guid if len(contents[guid]) < 2 else _guid_of(story, more=f"\n{story.link}\n{story.excerpt}"))
        for story, guid in zip(sent, guids, strict=True)
    ]


def _shared_guids(stories: Iterable[Story]) -> set[str]:
    """Return the guids that several different stories share, judged by their titles and texts.

    Stories with one guid and different links are left to `split_shared_guids`.
    """
    by_guid: defaultdict[str, list[Story]] = defaultdict(list)
    for story in stories:
        by_guid[story.guid].append(story)
    return {guid for guid, own in by_guid.items() if guid and len(own) > 1 and _have_different_texts(own)}


def _have_different_texts(stories: Sequence[Story]) -> bool:
    if len({key for story in stories if (key := link_key(story.link))}) > 1:
        return False
    if len({story.title for story in stories}) > _MAX_TITLES_PER_GUID:
        return True
    texts = [words for story in stories if (words := set(plain_text(story.blocks).split()))]
    return any(2 * len(one & other) < min(len(one), len(other)) for one, other in pairwise(texts))


def _guid_of(story: Story, *, is_links: bool = False, more: str = "") -> str:
    guid = story.guid or (story.link if is_links else None) or f"{story.title}\n{story.published}{more}"
    if len(guid) <= MAX_GUID_CHARS and "\n" not in guid:
        return guid
    import hashlib  # 3 ms

    return f"urn:sha256:{hashlib.sha256(guid.encode()).hexdigest()}"


def split_shared_guids(stories: Iterable[Story]) -> list[Story]:
    """Return the stories; if stories with one guid link to different pages, each gets its link as its guid.

    A story sent twice stays one story: its links have the same key, or one of them is missing.
    """
    sent = list(stories)
    keys = [link_key(story.link) for story in sent]
    pages: defaultdict[str, set[str]] = defaultdict(set)
    for story, key in zip(sent, keys, strict=True):
        pages[story.guid] |= {key} if key else set()
    return [
        story._replace(guid=story.link) if story.link and key and len(pages[story.guid]) > 1 else story
        for story, key in zip(sent, keys, strict=True)
    ]


def deduplicate(stories: Iterable[Story]) -> tuple[Story, ...]:
    """Return one story for each guid: the first that has a text, or the first if none has a text."""
    found: dict[str, Story] = {}
    for story in stories:
        if story.guid not in found or (story.blocks and not found[story.guid].blocks):
            found[story.guid] = story
    return tuple(found.values())


def ambiguous_links(stories: Iterable[Story]) -> set[str]:
    """Return the keys of links that identify no story, because several stories have the link with different guids and headlines."""
    by_link: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for story in stories:
        if key := link_key(story.link):
            by_link[key].add((story.guid, story.title))
    return {key for key, own in by_link.items() if min(len(set(column)) for column in zip(*own, strict=True)) > 1}


def is_resent(known: Story, sent: Story) -> bool:
    """Whether a paper sent the story `known` again under another guid and link, as sites do after a change of their software.

    Headline, date and text must be the same. Texts are the same if they share nine words in ten, because a story may be edited
    while its site changes. Unless two texts can be compared, the summaries must be the same, or the text of one version must be
    the beginning of the other's whole text. A headline alone identifies nothing: every day has its weather report.
    """
    if known.published != sent.published or known.title != sent.title:
        return False
    texts = [plain_text(story.blocks).split() for story in (known, sent)]
    if known.full == sent.full and any(texts):
        return _share_words(*texts)
    if sent.excerpt and known.excerpt.split() == sent.excerpt.split():
        return True
    whole, part = texts if known.full else reversed(texts)
    return known.full != sent.full and _is_beginning(part, whole)


def resent_with_shift(pairs: Sequence[tuple[Story, Story]]) -> tuple[str, ...]:
    """Return the guids of the stories that a paper sent again with dates of another time zone, as sites do after a migration.

    Each of `pairs` is a known story and a sent story with the same headline; no other story has this headline. One pair alone
    proves nothing, since some papers send the same text every half hour. So the pairs are judged together: in all pairs with the
    same text, the two dates must differ by the same interval, a multiple of 15 minutes. At least 5 pairs, and more than half of
    all, must have the same text. Otherwise, the result is empty.
    """
    same = [(known, sent) for known, sent in pairs if _has_same_words(known, sent)]
    shifts = {sent.published - known.published for known, sent in same if sent.published and known.published}
    is_shift = len(shifts) == 1 and all(shift and abs(shift) <= MAX_SHIFT and not shift % _SHIFT_STEP for shift in shifts)
    is_common = len(same) >= _LEAST_SHIFTED and 2 * len(same) > len(pairs)
    return tuple(sent.guid for _, sent in same) if is_shift and is_common else ()


def _has_same_words(known: Story, sent: Story) -> bool:
    """Whether two versions have the same text, and it has enough words to identify a story.

    If only one version is complete, or neither has a text, the summaries are compared instead.
    """
    texts = plain_text(known.blocks), plain_text(sent.blocks)
    one, other = texts if known.full == sent.full and any(texts) else (known.excerpt, sent.excerpt)
    return one.split() == other.split() and len(one.split()) >= _LEAST_SUMMARY_WORDS


def _share_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two texts have at least nine tenths of their words in common."""
    words, others = set(one), set(other)
    return 10 * len(words & others) >= 9 * max(len(words), len(others))


def _is_beginning(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether `part`, apart from dots at its end, is the beginning of the text `whole`, and long enough to identify the text.

    Nine words in ten must be the same as the words at the same positions in `whole`.
    """
    summary = " ".join(part).rstrip(_DOTS)
    words = summary.split()
    kept = sum(word == other for word, other in zip(words, whole, strict=False))
    return len(words) >= _LEAST_SUMMARY_WORDS and (" ".join(whole).startswith(summary) or 10 * kept >= 9 * len(words))


def lookup_keys(story: Story) -> tuple[str, ...]:
    """Return the keys for finding a story among a portal's answers: first the guid, then the page's address."""
    page = page_key(story.link)
    return (story.guid, page) if page else (story.guid,)


def find_same(story: Story, answers: Iterable[Story]) -> Story | None:
    """Return the version of `story` that is among a portal's answers, or None if there is none."""
    by_key = {key: answer for answer in answers for key in lookup_keys(answer)}
    return next((by_key[key] for key in lookup_keys(story) if key in by_key), None)
