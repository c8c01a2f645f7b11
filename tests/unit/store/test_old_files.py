"""A library made by bpost 0.1 (tests/data/from_0_1), and the same in even earlier schema versions."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.marks import ReadingPosition
from bpost_tui.model.paper import paper_at
from bpost_tui.model.search_values import SavedSearch
from bpost_tui.model.story import ListFilter, Validators
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES, DatabaseFile
from tests.unit.store.older_files import as_of

DATA = Path(__file__).parents[2] / "data" / "from_0_1"
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
TITLES = [
    "পুজোর ছুটি",
    "Kolkata: সব রকম",
    "Midnapore: মেদিনীপুরে মেলা",
    "Kharagpur: খড়্গপুরে ট্রেন",
    "শুধু সংক্ষেপ",
    "পরের শিরোনাম",
]


REBUILT = ("this version searches in another way, so the search index is rebuilt",)
"""Notices for a library of 0.1, whose search index used other rules."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the library of 0.1."""
    for name in ("stories.db", "reader.db"):
        (tmp_path / name).write_bytes(gzip.decompress((DATA / f"{name}.gz").read_bytes()))
    return tmp_path


def test_library_of_0_1_has_its_stories_marks_and_searches(folder: Path) -> None:
    with Library(folder) as library:
        rows = library.headlines(ListFilter(), limit=9)
        assert (library.notices, library.maintenance.verify()) == (REBUILT, ())
        assert [row.title for row in rows] == TITLES
        assert [row.title for row in rows if row.read] == [TITLES[1]]
        assert [row.title for row in rows if row.starred or row.withdrawn] == [TITLES[3]]
        assert [row.title for row in rows if row.later or not row.full] == [TITLES[4]]
        assert [row.title for row in rows if row.updated] == [TITLES[5]]
        assert [revision.title for revision in library.revisions(rows[5].id)] == ["আগের শিরোনাম"]
        assert [len(library.story(row.id).blocks) for row in rows] == [1, 7, 1, 1, 0, 1]
        assert [(count.category.slug, count.total, count.unread) for count in library.categories()] == [
            ("gone", 0, 0),
            ("court", 6, 5),
            ("health", 3, 2),
        ]
        assert [opened.headline.title for opened in library.reading_log.history(limit=9)] == [TITLES[5], TITLES[1]]
        assert library.reading_log.position(rows[1].id) == ReadingPosition(3, 0.25)
        assert library.saved_searches.all() == (SavedSearch("হাসপাতাল", "হাসপাতাল is:unread"),)
        assert library.reading_log.last_visit() == NOW
        assert [hit.headline.title for hit in library.search.find("haspatal", limit=9, now=NOW).hits] == [TITLES[1]]


def test_library_of_0_1_keeps_its_fetch_log(folder: Path) -> None:
    feed = "https://thebengalpost.net/feed"
    with Library(folder) as library:
        assert library.fetch_log.cached_validators(feed)[0] == Validators('"a"', "Mon, 23 Nov 2026 10:00:00 GMT")
        assert library.fetch_log.cached_validators(feed)[1] == "c0ffee"
        assert (
            library.fetch_log.last_refresh(),
            library.fetch_log.event_time("categories"),
            library.fetch_log.event_time("none"),
        ) == (
            NOW,
            NOW,
            None,
        )
        assert [(contact.host, contact.requests) for contact in library.fetch_log.contacts()] == [("thebengalpost.net", 3)]
        for slug, state in zip(("", "court", "health"), BackfillState, strict=True):
            assert library.fetch_log.backfill_cursor(slug) == BackfillCursor(NOW, NOW - timedelta(days=9), (4, 5), 3, state)


@pytest.mark.parametrize(
    ("spec", "steps"),
    [pytest.param(spec, steps, id=f"{spec.name}-{steps}") for spec in (STORIES, READER) for steps in range(1, spec.version + 1)],
)
def test_library_of_each_earlier_schema_is_migrated(folder: Path, spec: DatabaseFile, steps: int) -> None:
    as_of(folder / spec.name, spec, steps)
    with Library(folder) as library:
        rows = library.headlines(ListFilter(), limit=9)
        rebuilt = REBUILT if spec is READER else ()  # the new file doesn't have an index yet
        assert (library.notices, library.maintenance.verify()) == (rebuilt, ())
        assert [row.title for row in rows] == TITLES
        assert [row.title for row in rows if row.read] == [TITLES[1]]
        assert [row.title for row in rows if row.starred] == [TITLES[3]]
        assert [hit.headline.title for hit in library.search.find("haspatal", limit=9, now=NOW).hits] == [TITLES[1]]
        assert library.set_mark("later", [row.id for row in rows[:2]], True, now=NOW) == (rows[0].id, rows[1].id)


def test_upgrade_keeps_folded_what_was_folded_by_earlier_rules(tmp_path: Path) -> None:
    data = Path(__file__).parents[2] / "data" / "before_fingerprints"
    for name in ("stories.db", "reader.db"):
        (tmp_path / name).write_bytes(gzip.decompress((data / f"{name}.gz").read_bytes()))
    with closing(sqlite3.connect(tmp_path / "stories.db")) as db:
        before = {
            frozenset(group.split(",")) for (group,) in db.execute("SELECT group_concat(story) FROM same_news GROUP BY leader")
        }
    with Library(tmp_path) as library:
        library.set_subscriptions([paper_at(f"https://p{number}.example", f"Paper {number}") for number in range(3)])
        library.group_builder.update_groups()
        shown = library.headlines(ListFilter(groups_same_news=True), limit=99)
        after = {frozenset(map(str, library.story_groups.members(row.id))) for row in shown}
        assert (len(before), after) == (40, before)
        assert (library.count(ListFilter()), library.count(ListFilter(starred=True))) == (94, 14)
        assert library.maintenance.verify() == ()
