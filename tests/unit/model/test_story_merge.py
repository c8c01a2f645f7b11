from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_fields import field_of
from bpost_tui.model.story_merge import merge_detail, merge_imported, merge_resent, title_of_excerpt

WHEN = datetime(2026, 11, 25, tzinfo=UTC)
TEXT, OTHER = (Paragraph((Span("এক"),)),), (Paragraph((Span("দুই"),)),)
NEWS = (Category("news", "News"),)


def version(title: str, hours: int | None) -> Story:
    modified = None if hours is None else WHEN + timedelta(hours=hours)
    return Story(title, title, modified=modified, blocks=TEXT, full=True)


@pytest.mark.parametrize(
    ("before", "after", "updated", "reconciled"),
    [(0, 1, "after", "after"), (1, 0, "before", "before"), (0, 0, "after", "before"), (None, 1, "after", "before")],
)
def test_later_modified_version_wins_a_merge(before: int | None, after: int, updated: str, reconciled: str) -> None:
    known, sent = version("before", before), version("after", after)
    assert merge_resent(known, sent).title == updated
    assert merge_imported(known, sent).title == reconciled
    assert merge_resent(known, sent).guid == merge_imported(known, sent).guid == "before"


def test_summary_never_replaces_a_full_text_in_a_merge() -> None:
    whole = version("ক", 0)._replace(author="Desk", categories=NEWS)
    summary = version("খ", 1)._replace(blocks=OTHER, full=False)
    assert merge_resent(whole, summary) == whole._replace(title="খ", modified=summary.modified)
    assert merge_resent(summary, whole).blocks == TEXT
    assert merge_imported(whole, summary._replace(title="")).title == "ক"


def test_merge_detail_keeps_the_headline_and_takes_the_text() -> None:
    item = Story("1", "ক", blocks=OTHER, tags=("News", "ভোট"))
    detail = version("খ", 1)._replace(categories=NEWS, tags=("ভোট",), excerpt="খবর")
    completed = merge_detail(item, detail)
    assert (completed.guid, completed.title, completed.blocks, completed.full) == ("1", "ক", TEXT, True)
    assert (completed.categories, completed.tags, completed.excerpt) == (NEWS, ("ভোট",), "খবর")
    assert merge_detail(item, detail._replace(full=False)).blocks == OTHER
    assert merge_detail(item, None) is item


@pytest.mark.parametrize(("source", "has_less", "is_taken"), [("page", True, False), ("page", False, True), ("", True, True)])
def test_page_shorter_than_the_item_keeps_its_text_as_full(source: str, has_less: bool, is_taken: bool) -> None:
    item = Story("1", "ক", blocks=(Paragraph((Span("এক দুই" if has_less else "কএ"),)),), full=False)
    detail = version("খ", 1)._replace(source=source)
    completed = merge_detail(item, detail)
    assert completed.blocks == (detail if is_taken else item).blocks
    assert completed.full is True


def test_item_stays_a_beginning_if_a_page_for_subscribers_has_less() -> None:
    item = Story("1", "ক", blocks=(Paragraph((Span("এক দুই"),)),), source="feed")
    merged = merge_detail(item, version("খ", 1)._replace(source="page", text_end="subscribers"))
    assert (merged.blocks, merged.full, merged.source, merged.text_end) == (item.blocks, False, "feed", "subscribers")


def test_merge_detail_follows_the_table_of_merge_rules() -> None:
    item = Story("1", "ক", author="Reporter", excerpt="item", categories=(), tags=("a",), published=WHEN)
    detail = version("খ", 1)._replace(author="Desk", excerpt="detail", tags=("b",), categories=())
    completed = merge_detail(item, detail)
    for name in Story._fields:
        ours, theirs = getattr(item, name), getattr(detail, name)
        if (wins := field_of(name).merge_rule) != "text":
            results = {"item or detail": ours or theirs, "detail or item": theirs or ours, "text end": theirs}
            wanted = results.get(wins, ours)
            assert getattr(completed, name) == wanted, name
    assert merge_detail(item, detail._replace(categories=NEWS)).tags == ("b",)
    outdated = version("খ", 1)._replace(guid="2", blocks=(), full=True)
    assert merge_detail(item, outdated).full is False  # `full` is set, but there is no text


def test_item_without_a_headline_gets_the_details() -> None:
    excerpt = "নদীর ধারে একটি নতুন পাঠাগার খুলল"
    item = Story("1", title_of_excerpt(excerpt), excerpt=excerpt)
    assert merge_detail(item, version("খ", 1)).title == "খ"
    assert merge_detail(item, version("", 1)).title == item.title


def test_feeds_values_precede_those_of_a_page() -> None:
    item = Story(
        "1", "ক", author="Reporter", published=WHEN, modified=WHEN, categories=NEWS, tags=("a",), image="https://a.example/1.jpg"
    )
    page = version("খ", 1)._replace(source="page", author="Desk", categories=(Category("x", "X"),), tags=("b",), published=WHEN)
    assert merge_detail(item, page) == item._replace(blocks=TEXT, full=True, source="page")
    bare = merge_detail(Story("1", "ক"), page)
    assert (bare.author, bare.modified, bare.categories, bare.tags) == (page.author, page.modified, page.categories, page.tags)


def test_reason_of_an_early_end_stays_until_a_whole_text_comes() -> None:
    refused = version("ক", None)._replace(full=False, text_end="refused")
    sent = version("ক", None)._replace(full=False)
    assert merge_resent(refused, sent).text_end == "refused"
    assert merge_resent(refused, version("ক", None)).text_end == ""
    assert merge_detail(refused, version("ক", None)).text_end == ""
    page = version("ক", None)._replace(source="page", text_end="subscribers")
    assert merge_detail(sent, page).text_end == merge_resent(sent, page).text_end == "subscribers"


def test_merge_prefers_the_full_text_then_the_later_one() -> None:
    early, late = version("ক", 0)._replace(blocks=TEXT), version("খ", 1)._replace(blocks=OTHER)
    assert merge_resent(early, late).blocks == OTHER
    assert merge_resent(late, early).blocks == OTHER
    assert merge_resent(early._replace(modified=None), late).title == merge_resent(early, late._replace(modified=None)).title == "খ"
    empty = late._replace(blocks=(), full=True)
    assert merge_resent(early._replace(full=False), empty).blocks == TEXT
