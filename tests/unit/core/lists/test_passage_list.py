from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.core.changes.undo import MarkChange, PendingMarks
from bpost_tui.core.lists.list_slice import FIRST, RowsAround
from bpost_tui.core.lists.list_source import PassagesSource
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.story import PassageRow, Story
from bpost_tui.store.library import Library
from tests.kept_passages import keep_passage

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TEXT = "নদীর জল বাড়ছে। রাস্তা বন্ধ।"
SHELF = Outlook(PaperList.of(Language("en"), ())).query(PassagesSource())


@pytest.fixture
def listings(tmp_path: Path) -> Iterator[Listings]:
    with Library(tmp_path) as library:
        sent = Story("one", "জল", published=NOW - timedelta(days=9), blocks=(Paragraph((Span(TEXT),)),))
        (number,) = library.save([sent], now=NOW).new
        for at, words in enumerate(TEXT.split("। ")):
            keep_passage(library, number, QuoteSelector(words), now=NOW + timedelta(minutes=at))
        yield Listings(library, Language("en"), lambda: NOW)


def rows_of(listings: Listings) -> tuple[PassageRow, PassageRow]:
    one, two = listings.read(SHELF, FIRST).slice.rows
    assert isinstance(one, PassageRow) and isinstance(two, PassageRow)
    return one, two


def test_passages_of_one_story_are_separate_rows(listings: Listings) -> None:
    one, two = rows_of(listings)
    assert one.key != two.key
    assert one.story == two.story == listings.library.headline(one.story.id)
    assert [row.passage.selector.exact for row in (one, two)] == ["রাস্তা বন্ধ।", "নদীর জল বাড়ছে"]
    assert listings.read(SHELF, RowsAround(two.key)).hits.keys() == {one.key, two.key}
    for row in (one, two):
        saved = listings.story(row.key)
        assert (saved.key, saved.opened_at, saved.headline) == (row.key, row.passage.key, row.story)
        assert row.represents(saved.key) and row.represents(saved.headline.key)
    assert not one.represents(two.key)


def test_mark_of_a_story_shows_in_all_its_passage_rows(listings: Listings) -> None:
    rows, pending = rows_of(listings), PendingMarks()
    pending.add(MarkChange("starred", True, (rows[0].story.id,)))
    assert [row.story.starred for row in pending.apply_to_rows(rows) if isinstance(row, PassageRow)] == [True, True]
    assert listings.mark("starred", [rows[0].story.id], True) == (rows[0].story.id,)
    assert [row.story.starred for row in rows_of(listings)] == [True, True]


def test_passage_of_a_pruned_story_has_row_number_0(listings: Listings) -> None:
    assert listings.library.maintenance.prune(NOW - timedelta(days=1))
    one, two = rows_of(listings)
    assert (one.story.id, two.story.id, one.story.title) == (0, 0, "জল")
    assert one.key != two.key
    saved, item = listings.story_and_item(one.key)
    assert (saved.key, saved.headline.id, item) == (one.key, 0, 0)
    assert listings.mark("starred", [0], True) == ()
    assert listings.revisions(0) == ()
    listings.save_position(0, 3)
    listings.note_opened(0)
    assert listings.library.reading_log.history(limit=9) == ()


def test_deleted_passage_stays_readable_while_open(listings: Listings) -> None:
    one, _ = rows_of(listings)
    saved = listings.story(one.key)
    listings.passage_list.save(one.passage.key, None)
    assert listings.story(one.key)._replace(passages=()) == saved._replace(passages=())
