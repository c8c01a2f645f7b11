from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.core import templates
from bpost_tui.core.lists.list_slice import FIRST, HIT_ROWS, LoadedRows, NextRows, RowsAtUnread
from bpost_tui.core.lists.list_source import ALL_NEWS, SearchSource
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.core.wording import found_line
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.search_values import MAX_COUNTED_HITS
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.plain.line_formatting import category_line
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import INDEX_VERSION
from bpost_tui.store.search import search_index
from bpost_tui.store.sqlite_files import OpenMode, connect
from tests.conftest import NOW

STORIES = 3 * HIT_ROWS - 5
OUTLOOK = Outlook(PaperList.of(Language("en"), ()))
RIVERS = OUTLOOK.query(SearchSource("নদী"))


def story(at: int) -> Story:
    return Story(
        f"g{at}", f"নদী {at}", published=NOW - timedelta(minutes=at), blocks=(Paragraph((Span("একটি নদীর কথা"),)),), full=True
    )


@pytest.fixture
def listings(tmp_path: Path) -> Iterator[Listings]:
    with Library(tmp_path / "stories") as library:
        library.save([story(at) for at in range(STORIES)], now=NOW)
        yield Listings(library, Language("en"), lambda: NOW)


def test_hits_are_read_page_by_page_and_counted_at_once(listings: Listings) -> None:
    listing = listings.read(RIVERS, FIRST)
    assert (len(listing.stories), len(listing.hits), listing.total) == (HIT_ROWS, HIT_ROWS, STORIES)
    seen = list(listing.hits)
    while listing.slice.more_after:
        listing = listings.read(RIVERS, NextRows(listing.slice))
        seen += listing.hits
        assert listing.total == STORIES
    assert len(set(seen)) == len(seen) == STORIES
    assert seen == [row.id for row in listing.stories]
    assert listings.read(RIVERS, LoadedRows(listing.slice)).stories == listing.stories


def test_next_page_repeats_no_hit_when_a_story_arrives(listings: Listings) -> None:
    first = listings.read(RIVERS, FIRST)
    listings.library.save([story(-1)], now=NOW)
    longer = listings.read(RIVERS, NextRows(first.slice))
    ids = [row.id for row in longer.stories]
    assert ids[:HIT_ROWS] == [row.id for row in first.stories]
    assert len(set(ids)) == len(ids)
    assert first.stories[-1].id not in longer.hits


def test_unread_hit_is_found_beyond_the_loaded_rows(listings: Listings) -> None:
    first = listings.read(RIVERS, FIRST)
    ids = [hit.headline.id for hit in listings.library.search.find("নদী", limit=STORIES, now=NOW).hits]
    listings.mark("read", ids[: 2 * HIT_ROWS + 3], True)
    rows = listings.read(RIVERS, RowsAtUnread(first.slice, 1)).stories
    assert [row.id for row in rows[HIT_ROWS:] if not row.read][:1] == [ids[2 * HIT_ROWS + 3]]


def test_unread_ids_of_a_search_cover_all_hits(listings: Listings) -> None:
    ids = listings.library.search.story_ids("নদী", now=NOW)
    listings.mark("read", ids[:7], True)
    assert listings.unread(RIVERS) == ids[7:]
    assert set(listings.unread(OUTLOOK.query(ALL_NEWS))) == set(listings.library.story_ids(ListFilter(unread=True)))


def test_counts_of_saved_searches_show_that_the_index_is_being_rebuilt(listings: Listings, monkeypatch: pytest.MonkeyPatch) -> None:
    listings.saved_searches.save("rivers", "নদী")
    monkeypatch.setattr(search_index, "INDEX_BATCH", 10)
    with closing(connect(listings.library.folder, OpenMode.WRITE)) as db:
        present = INDEX_VERSION
        for version, unindexed, are_too_few in ((present, 10, False), (present, 11, True), (1, 0, True)):
            db.execute("UPDATE index_version SET version = ?", (version,))
            db.execute("UPDATE stories SET entry = id")
            db.execute("UPDATE stories SET entry = NULL WHERE id <= ?", (unindexed,))
            assert listings.library.search.counts_too_few() is are_too_few
        search_index.begin_emptying(db)
    counts = listings.recount_searches(OUTLOOK)
    assert counts is not None and counts.outlook.searches.are_too_few
    row = counts.rows[-1]
    assert templates.unread_of(row, Language("en")) == "0+"
    assert category_line(row, counts.outlook.papers, Language("en")) == "rivers. at least 0 unread"
    listings.library.search.find("নদী", limit=1, now=NOW)  # completes the index
    counts = listings.recount_searches(OUTLOOK.with_counts(counts))
    assert counts is not None
    assert templates.unread_of(counts.rows[-1], Language("en")) == str(STORIES)
    assert listings.recount_searches(OUTLOOK.with_counts(counts)) is None


def test_hit_count_above_the_maximum_reads_more_than() -> None:
    assert found_line(MAX_COUNTED_HITS, Language("en")) == "1,000 found"
    assert found_line(MAX_COUNTED_HITS + 1, Language("en")) == "more than 1,000 found"
