from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.model.story_identity import (
    MAX_SHIFT,
    ambiguous_links,
    assign_guids,
    deduplicate,
    find_same,
    is_resent,
    resent_with_shift,
    split_shared_guids,
)

LINKS = st.none() | st.sampled_from([f"https://a.org/{name}" for name in ("x", "x?utm_source=rss", "y", "y#top", "?p=1", "")])
STORY = Story("", "", author="News Desk", excerpt="আর কী", published=datetime(2026, 11, 25, tzinfo=UTC))
STORIES = st.lists(st.builds(STORY._replace, guid=st.sampled_from("12"), title=st.sampled_from("কখ"), link=LINKS), max_size=6)


def guid_of(sent: str, link: str | None, title: str, when: datetime) -> str:
    return assign_guids([Story(sent, title, link, published=when)])[0].guid


def test_guid_defaults_to_the_link_then_to_a_digest() -> None:
    when = datetime(2026, 11, 25, tzinfo=UTC)
    assert guid_of("1", "https://a.org/x", "ক", when) == "1"
    assert guid_of("", "https://a.org/x", "ক", when) == "https://a.org/x"
    digest = guid_of("", None, "ক", when)
    assert digest.startswith("urn:sha256:") and digest == guid_of("", None, "ক", when) != guid_of("", None, "খ", when)


def test_stories_sharing_a_link_get_guids_from_their_titles() -> None:
    found = assign_guids(Story("", title, "https://a.org/news.html") for title in ("ক", "খ", "ক"))
    assert len({story.guid for story in found}) == 2 and all(story.guid.startswith("urn:sha256:") for story in found)


def test_stories_sharing_a_title_get_guids_from_texts_and_links() -> None:
    stories = [Story("", "Re", "https://a.org/", excerpt=words) for words in ("ক", "খ", "ক")] + [Story("", "Re", "https://b.org/")]
    assert len({story.guid for story in assign_guids([*stories, Story("", "Other", "https://a.org/")])}) == 4
    edited = [Story("", "ক", "https://a.org/x", excerpt=words) for words in ("আগে", "পরে")]
    assert {story.guid for story in assign_guids(edited)} == {"https://a.org/x"}


def test_comments_sharing_guid_and_title_get_guids_from_their_texts() -> None:
    texts = ["The river rose again", "Buy cheap pills now", "The river rose again today", "Buy cheap pills now"]
    comments = [Story("post-1", "Re", "https://a.org/", blocks=(Paragraph((Span(text),)),), excerpt=text) for text in texts]
    assert len({story.guid for story in assign_guids(comments[:1] + comments[2:3])}) == 1
    assert len({story.guid for story in assign_guids(comments)}) == 3
    assert [story.guid for story in assign_guids([Story("1", "ক"), Story("1", "খ")])] == ["1", "1"]


@pytest.mark.parametrize(("shared", "guids"), [(4, 1), (5, 1), (3, 2)])
def test_stories_sharing_a_guid_are_one_if_they_share_half_of_their_words(shared: int, guids: int) -> None:
    texts = [" ".join(f"{name if at >= shared else 'same'}{at}" for at in range(8)) for name in ("a", "b")]
    blocks = [(Paragraph((Span(text),)),) for text in texts]
    for links in ((None, None), ("https://a.org/x", "https://a.org/x")):
        stories = [
            Story("1", text[:3], link, blocks=each, excerpt=text) for text, link, each in zip(texts, links, blocks, strict=True)
        ]
        assert len({story.guid for story in assign_guids(stories)}) == guids
    pages = [Story("1", text[:3], f"https://a.org/{text[0]}", blocks=each) for text, each in zip(texts, blocks, strict=True)]
    assert len({story.guid for story in assign_guids(pages)}) == 1, "left to `split_shared_guids`"


def test_guid_with_more_than_two_headlines_identifies_no_story() -> None:
    assert len({story.guid for story in assign_guids([Story("1", title) for title in "কখগ"])}) == 3


def test_story_sent_twice_keeps_the_version_with_a_text() -> None:
    whole = Story("1", "ক", blocks=(Paragraph((Span("আর কী"),)),))
    assert deduplicate([Story("1", "ক"), whole, Story("2", "খ"), Story("1", "ক")]) == (whole, Story("2", "খ"))


@pytest.mark.parametrize(("versions", "kept"), [("-AB", "A"), ("A-", "A"), ("AB", "A"), ("--", "-"), ("-A", "A")])
def test_first_version_with_a_text_is_kept(versions: str, kept: str) -> None:
    stories = [Story("1", text, blocks=(Paragraph((Span(text),)),) if text != "-" else ()) for text in versions]
    assert [story.title for story in deduplicate(stories)] == [kept]


def test_guid_with_two_links_is_left_to_the_links() -> None:
    stories = [Story("1", text, f"https://a.org/{text}", blocks=(Paragraph((Span(text),)),)) for text in ("flood", "cricket")]
    assert [story.guid for story in assign_guids(stories)] == ["1", "1"]
    assert [story.guid for story in split_shared_guids(assign_guids(stories))] == [story.link for story in stories]


def test_stories_sharing_a_guid_take_their_links_as_guids() -> None:
    stories = [Story("same", "ক", "https://a.org/x"), Story("same", "খ", "https://a.org/y"), Story("other", "গ")]
    assert [story.guid for story in split_shared_guids(stories)] == ["https://a.org/x", "https://a.org/y", "other"]


@pytest.mark.parametrize("again", ["https://a.org/x", "http://www.a.org/x/?utm_source=rss", None])
def test_story_sent_twice_keeps_one_guid(again: str | None) -> None:
    assert {story.guid for story in split_shared_guids([Story("1", "ক", "https://a.org/x"), Story("1", "ক", again)])} == {"1"}


@given(STORIES)
def test_splitting_shared_guids_keeps_stories_and_is_idempotent(stories: list[Story]) -> None:
    apart = split_shared_guids(stories)
    assert [story._replace(guid="") for story in apart] == [story._replace(guid="") for story in stories]
    assert split_shared_guids(apart) == apart


def test_link_of_several_stories_is_ambiguous() -> None:
    live = [Story(str(n), f"খবর {n}", "https://a.org/live/") for n in range(2)]
    assert ambiguous_links([*live, Story("3", "ক", "https://a.org/x"), Story("4", "ক", "https://a.org/x")]) == {"a.org/live"}


@pytest.mark.parametrize(("same", "resent"), [(9, True), (8, False)])
def test_story_sent_again_shares_nine_words_in_ten(same: int, resent: bool) -> None:
    texts = [tuple(f"{name if at >= same else 'same'}{at}" for at in range(10)) for name in ("a", "b")]
    known, sent = (STORY._replace(title="ক", full=True, blocks=(Paragraph((Span(" ".join(text)),)),)) for text in texts)
    assert is_resent(known, sent._replace(excerpt="")) is resent


@pytest.mark.parametrize(("words", "resent"), [(8, True), (7, False)])
def test_summary_of_eight_words_identifies_a_story_by_the_beginning_of_its_text(words: int, resent: bool) -> None:
    text = [f"word{at}" for at in range(20)]
    known = STORY._replace(title="ক", full=True, blocks=(Paragraph((Span(" ".join(text)),)),))
    sent = STORY._replace(title="ক", excerpt="", blocks=(Paragraph((Span(" ".join(text[:words]) + " […]"),)),))
    assert is_resent(known, sent) is is_resent(sent, known) is resent


@pytest.mark.parametrize(("edited", "resent"), [(1, True), (2, False)])
def test_edited_text_is_known_by_nine_tenths_of_its_summary(edited: int, resent: bool) -> None:
    text = [f"word{at}" for at in range(20)]
    now = [f"other{at}" if 10 - edited <= at < 10 else word for at, word in enumerate(text)]
    known = STORY._replace(title="ক", excerpt="before", blocks=(Paragraph((Span(" ".join(text[:10]) + " […]"),)),))
    sent = STORY._replace(title="ক", excerpt="after", full=True, blocks=(Paragraph((Span(" ".join(now)),)),))
    assert is_resent(known, sent) is is_resent(sent, known) is resent


def _moved(count: int, other: int = 0, *, shift: timedelta = timedelta(hours=6), words: int = 8) -> int:
    """Return how many of `count` stories with moved dates are known again beside `other` stories with other summaries."""
    assert STORY.published is not None
    known = [STORY._replace(guid=str(at), excerpt=" ".join(f"{at}-{word}" for word in range(words))) for at in range(count + other)]
    sent = [
        story._replace(guid=f"new {at}", published=STORY.published + shift, excerpt=story.excerpt if at < count else "another text")
        for at, story in enumerate(known)
    ]
    return len(resent_with_shift(list(zip(known, sent, strict=True))))


def test_five_stories_and_more_than_half_show_that_dates_moved() -> None:
    assert [_moved(4), _moved(5), _moved(6, 5), _moved(5, 5), _moved(6, 6)] == [0, 5, 6, 0, 0]
    assert [_moved(5, words=7), _moved(5, shift=timedelta(0)), _moved(5, shift=timedelta(minutes=20))] == [0, 0, 0]
    assert [_moved(5, shift=MAX_SHIFT), _moved(5, shift=-MAX_SHIFT), _moved(5, shift=MAX_SHIFT + timedelta(minutes=15))] == [
        5,
        5,
        0,
    ]


@pytest.mark.parametrize(
    ("story", "number"),
    [
        (Story("2", "", "https://a.org/1.html"), 1),
        (Story("new", "", "http://www.a.org/1.html?share=mail"), 0),
        (Story("new", "", "https://a.org/%31.HTML"), 0),
        (Story("new", "", "https://a.org/?p=9"), 2),
        (Story("new", "", "https://a.org/?p=8"), None),
        (Story("new", "", "https://a.org/"), None),
        (Story("new", ""), None),
    ],
)
def test_same_story_among_answers_is_found_by_guid_then_by_page(story: Story, number: int | None) -> None:
    answers = [Story("1", "", "https://a.org/1.html"), Story("2", "", "https://a.org/2.html"), Story("9", "", "https://a.org/?p=9")]
    assert find_same(story, answers) == (None if number is None else answers[number])
