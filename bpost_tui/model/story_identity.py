"""Whether two accounts are of the same story: every rule that answers this. Pure.

A story is its guid, which outlives a change of its link or host; where the guid is new, it is its link. In this order the library
looks for a story that was sent (`store.stories.find_saved`). Portals break both, and the rules here mend it:

    no guid, or an endless one          with_guids       takes the link, or what the story says, in its place
    no guid, one link, several titles   with_guids       takes what the story says
    no guid, one title, several texts   with_guids       takes the link and the text, too
    one guid and link, several texts    with_guids       takes what the story says
    one guid and link, many titles      with_guids       takes what the story says
    one guid, several links             tell_apart       several stories; each has its link for a guid
    one link, several guids and titles  ambiguous_links  several stories; the link is no evidence
    one question, several answers       find_same        the answer with the story's guid, else with its page

Two links are the same when their `urls.link_key` is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.sanitize import MAX_GUID_CHARS
from bpost_tui.model.story import Story
from bpost_tui.urls import link_key, page_key

_MAX_TITLES_PER_GUID = 2
"""A story that was edited may be in a feed twice: not with more headlines, nor with texts that share less than half their words."""


def assign_guids(stories: Iterable[Story]) -> list[Story]:
    """Return the stories of a feed, each with a guid: the one that was sent, else its link, else a digest of what it says.

    A guid of several stories is none. A link under several headlines is a list's, or a front page's: it is no guid, either. A long
    guid is replaced by its digest.
    """
    given = list(stories)
    wrong = _shared_guids(given)
    sent = [story._replace(guid="") if story.guid in wrong else story for story in given]
    titles: defaultdict[str | None, set[str]] = defaultdict(set)
    for story in sent:
        if not story.guid:
            titles[link_key(story.link)].add(story.title)
    guids = [
        _guid_of(story, is_links=named.guid not in wrong and len(titles[link_key(story.link)]) < 2)
        for named, story in zip(given, sent, strict=True)
    ]
    saying: defaultdict[str, set[tuple[str | None, str]]] = defaultdict(set)
    for story, guid in zip(sent, guids, strict=True):
        if not story.guid and guid != story.link:
            saying[guid].add((story.link, story.excerpt))
    return [
        story._replace(guid=guid if len(saying[guid]) < 2 else _guid_of(story, more=f"\n{story.link}\n{story.excerpt}"))
        for story, guid in zip(sent, guids, strict=True)
    ]


def _shared_guids(stories: Iterable[Story]) -> set[str]:
    """Return the guids that are those of several stories by what these say; links to several pages are `split_shared_guids`'s."""
    bearers: defaultdict[str, list[Story]] = defaultdict(list)
    for story in stories:
        bearers[story.guid].append(story)
    return {guid for guid, own in bearers.items() if guid and len(own) > 1 and _have_different_texts(own)}


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
    """Return the stories; where links to several pages are under one guid, each story has its link for a guid.

    One sent twice stays one story: its links have one key, or one of them is missing.
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
    """Return of each guid the first story, or the first that has a text."""
    found: dict[str, Story] = {}
    for story in stories:
        if story.guid not in found or (story.blocks and not found[story.guid].blocks):
            found[story.guid] = story
    return tuple(found.values())


def ambiguous_links(stories: Iterable[Story]) -> set[str]:
    """Return the link keys that tell no story apart: several stories bear them, with guids and headlines of their own."""
    bearers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for story in stories:
        if key := link_key(story.link):
            bearers[key].add((story.guid, story.title))
    return {key for key, own in bearers.items() if min(len(set(column)) for column in zip(*own, strict=True)) > 1}


def lookup_keys(story: Story) -> tuple[str, ...]:
    """Return what a story is found by among a portal's answers: its guid, then its page."""
    page = page_key(story.link)
    return (story.guid, page) if page else (story.guid,)


def find_same(story: Story, answers: Iterable[Story]) -> Story | None:
    """Return the account of a story among a portal's answers."""
    by_key = {key: answer for answer in answers for key in lookup_keys(answer)}
    return next((by_key[key] for key in lookup_keys(story) if key in by_key), None)
