from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story
from bpost_tui.model.versions import complete, reconcile, update

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
def test_version_that_was_modified_later_wins_else_what_was_sent_or_what_is_ours(
    before: int | None, after: int, updated: str, reconciled: str
) -> None:
    known, sent = version("before", before), version("after", after)
    assert update(known, sent).title == updated
    assert reconcile(known, sent).title == reconciled
    assert update(known, sent).guid == reconcile(known, sent).guid == "before"


def test_summary_never_replaces_a_whole_text_nor_something_empty_anything() -> None:
    whole = version("ক", 0)._replace(author="Desk", categories=NEWS)
    summary = version("খ", 1)._replace(blocks=OTHER, full=False)
    assert update(whole, summary) == whole._replace(title="খ", modified=summary.modified)
    assert update(summary, whole).blocks == TEXT
    assert reconcile(whole, summary._replace(title="")).title == "ক"


def test_item_keeps_its_headline_and_takes_text_and_categories_from_a_whole_account() -> None:
    item = Story("1", "ক", blocks=OTHER, tags=("News", "ভোট"))
    account = version("খ", 1)._replace(categories=NEWS, tags=("ভোট",), excerpt="খবর")
    completed = complete(item, account)
    assert (completed.guid, completed.title, completed.blocks, completed.full) == ("1", "ক", TEXT, True)
    assert (completed.categories, completed.tags, completed.excerpt) == (NEWS, ("ভোট",), "খবর")
    assert complete(item, account._replace(full=False)).blocks == OTHER
    assert complete(item, None) is item
