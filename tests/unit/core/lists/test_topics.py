"""Topics of a story; a topic's name can only be words in its search, never query syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.normalise import words
from bpost_tui.core import templates
from bpost_tui.core.lists.topics import Kind, Topic, topic_at, topics_of
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.datelines import dateline_place
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.story import SavedStory, Story
from bpost_tui.store.library import Library
from bpost_tui.store.search.query_parser import parse_query
from bpost_tui.store.search.query_terms import FieldTerm, WordsTerm
from bpost_tui.typesetting.typeset.items import Para
from tests.conftest import NOW

DATELINE = "দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর: "


def saved(library: Library, title: str = "Debra: ডেবরায় মেলা", *, tags: tuple[str, ...] = ("বইমেলা", "debra")) -> SavedStory:
    text = Paragraph((Span(DATELINE), Span("মেলা শুরু হল।")))
    story = Story("গ", title, author="News Desk", published=NOW, tags=tags, blocks=(text,), full=True)
    return library.story(library.save([story], now=NOW).new[0])


def test_topics_list_tag_author_and_place_once(library: Library) -> None:
    found = topics_of(saved(library))
    assert found == (
        Topic("tag", "Debra"),
        Topic("author", "News Desk"),
        Topic("place", "পশ্চিম মেদিনীপুর"),
        Topic("tag", "বইমেলা"),
    )
    assert [topic.query for topic in found] == ['tag:"Debra"', 'author:"News Desk"', "পশ্চিম মেদিনীপুর", 'tag:"বইমেলা"']


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{DATELINE}মেলা", "পশ্চিম মেদিনীপুর"),
        ("দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৩ নভেম্বর: মেলা", ""),
        ("সোমবার মেলা শুরু হল, জানান উদ্যোক্তারা।", ""),
        ("", ""),
    ],
)
def test_dateline_place_is_between_agency_and_date(text: str, place: str) -> None:
    assert dateline_place(text) == place


@given(st.sampled_from(["tag", "author"]), st.text(max_size=40) | st.text(alphabet='":- orOR()*টু“”', max_size=20))
def test_topic_name_is_only_words_of_its_field_in_a_query(kind: Kind, name: str) -> None:
    name = clean_line(name, MAX_NAME_CHARS)
    query = parse_query(Topic(kind, name).query, NOW)
    terms = [term for clause in query.clauses for term in clause.any_of]
    if words(name):
        assert terms == [FieldTerm(kind, tuple(words(name)))]
        assert query.problem is None


@given(st.text(alphabet='":-. orOR()*টুis:unread', max_size=30))
def test_place_name_is_only_words_in_a_query(name: str) -> None:
    query = parse_query(Topic("place", clean_line(name, MAX_NAME_CHARS)).query, NOW)
    assert not any(clause.negated for clause in query.clauses)
    assert all(isinstance(term, WordsTerm) for clause in query.clauses for term in clause.any_of)


def test_topic_links_on_the_page_lead_to_the_storys_topics(library: Library) -> None:
    story = saved(library)
    page = templates.story(story, Language("en"), paper="The Bengal Post")
    linked = [run for item in page if isinstance(item, Para) for run in item.runs if run.link]
    assert [run.text.replace("\xa0", " ") for run in linked] == [  # no line breaks within a name
        *("ডেবরা", "News Desk", "পশ্চিম মেদিনীপুর"),
        *("Debra", "News Desk", "পশ্চিম মেদিনীপুর", "বইমেলা"),
    ]
    assert [topic_at(run.link or "", story) for run in linked[3:]] == list(topics_of(story))
    assert topic_at("topic:tag:Elsewhere", story) is None
    assert topic_at("topic:tag:Debra", None) is None
    joined = "".join(run.text for item in page if isinstance(item, Para) for run in item.runs)
    assert joined.startswith("ডেবরাডেবরায় মেলা")


def test_story_without_topics_has_no_topic_line(library: Library) -> None:
    story = Story("গ", "শিরোনাম", published=NOW, blocks=(Paragraph((Span("মেলা"),)),), full=True)
    bare = library.story(library.save([story], now=NOW).new[0])
    assert topics_of(bare) == ()
    page = templates.story(bare, Language("en"), paper="")
    assert not any("More on" in run.text for item in page if isinstance(item, Para) for run in item.runs)
