"""Changes of stories since the reader read them: which version was read, the list, and the ends of the sign."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.cli.import_validation import imported_story
from bpost_tui.core.json_api import exported_to_json
from bpost_tui.model.blocks import Blocks, Paragraph, Span
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Headline, ListFilter, ReadChange, Story
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import STORIES

MakeStory = Callable[..., Story]
CHANGED = ListFilter(changed=True)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def with_dead(n: int, *, more: str = "") -> Blocks:
    """Return the text of an accident with `n` dead; `more` is a further sentence."""
    lines = f"The crash near Ghatal on Monday left {n} dead, police said.", "A bus hit a lorry on the bridge at dawn." + more
    return tuple(Paragraph((Span(line),)) for line in lines)


@pytest.fixture
def crash(make_story: MakeStory) -> Callable[..., Story]:
    """Return a function that makes a version of one story."""

    def make(n: int, *, more: str = "", **fields: object) -> Story:
        return make_story(1, title="Bus and lorry collide near Ghatal", blocks=with_dead(n, more=more), **fields)

    return make


def read(library: Library, story: int, now: datetime) -> None:
    """Open a story and mark it read, as reading it does."""
    library.reading_log.record_opened(story, now=now)
    library.set_mark("read", [story], True, now=now)


def changed(library: Library) -> tuple[Headline, ...]:
    rows = library.headlines(CHANGED, limit=9)
    assert library.count(CHANGED) == len(rows) and not any(line for line in library.maintenance.verify())
    assert (
        tuple(hit.headline for hit in library.search.find("is:changed", limit=9, now=rows[0].published if rows else NOW).hits)
        == rows
    )
    return rows


NOW = datetime(2026, 11, 23, 12).astimezone()


def test_changed_figure_of_a_read_story_is_listed(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    assert changed(library) == ()
    read(library, story, now + MINUTE)
    library.save([crash(3)], now=now + 2 * MINUTE)
    (row,) = changed(library)
    assert row.read and row.changed == ReadChange("figure", "2", "3", "dead") == library.headline(story).changed
    version = library.reading_log.version_read(story)
    assert version is not None and version.blocks == with_dead(2)


@pytest.mark.parametrize("reading", ["unread", "marked", "opened"])
def test_only_a_story_that_was_opened_and_read_has_a_version(
    library: Library, crash: Callable[..., Story], now: datetime, reading: str
) -> None:
    (story,) = library.save([crash(2)], now=now).new
    if reading == "marked":
        library.set_mark("read", [story], True, now=now)
    elif reading == "opened":
        library.reading_log.record_opened(story, now=now)
    library.save([crash(3)], now=now + MINUTE)
    assert changed(library) == () and library.headline(story).changed is None


def test_trivial_edit_has_no_sign_but_later_edits_add_up(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    rest = [" The road to the town was closed", " for most of the day and all buses", " went by way of Daspur and the old ferry."]
    for at, _ in enumerate(rest, 1):
        library.save([crash(2, more="".join(rest[:at]))], now=now + at * MINUTE)
        assert len(changed(library)) == (at == len(rest))
    assert library.headline(story).changed is not None and library.headline(story).changed.kind == "text"  # type: ignore[union-attr]


def test_text_that_goes_back_loses_the_sign(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    for at, dead in enumerate((3, 2, 4), 1):
        library.save([crash(dead)], now=now + at * MINUTE)
        assert [row.changed for row in changed(library)] == [ReadChange("figure", "2", str(dead), "dead")] * (dead != 2)


def test_version_read_outlives_the_revisions_of_its_day_and_of_later_days(
    library: Library, crash: Callable[..., Story], now: datetime
) -> None:
    (story,) = library.save([crash(2)], now=now).new
    library.save([crash(3)], now=now + MINUTE)  # the revision of this day
    read(library, story, now + 2 * MINUTE)
    for day in range(30):
        library.save([crash(4 + day)], now=now + 3 * MINUTE + day * DAY)
    version = library.reading_log.version_read(story)
    assert version is not None and version.blocks == with_dead(3) and len(library.revisions(story)) == 21
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "3", "33", "dead")]


def test_seeing_the_changes_ends_the_sign_and_undo_restores_it(
    library: Library, crash: Callable[..., Story], now: datetime
) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3)], now=now + MINUTE)
    seen = library.reading_log.see_changes(story, now=now + 2 * MINUTE)
    assert seen is not None and changed(library) == () and library.headline(story).read
    library.reading_log.restore_changes(seen)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "2", "3", "dead")]
    library.reading_log.record_opened(story, now=now + 3 * MINUTE)
    library.save([crash(4)], now=now + 4 * MINUTE)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "3", "4", "dead")]


def test_undo_doesnt_restore_the_sign_of_a_story_edited_or_unread_since(
    library: Library, crash: Callable[..., Story], now: datetime
) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3)], now=now + MINUTE)
    seen = library.reading_log.see_changes(story, now=now + 2 * MINUTE)
    assert seen is not None
    library.save([crash(4)], now=now + 3 * MINUTE)
    library.reading_log.restore_changes(seen)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "3", "4", "dead")]
    library.set_mark("read", [story], False, now=now + 4 * MINUTE)
    library.reading_log.restore_changes(seen)
    assert changed(library) == ()


def test_marking_unread_ends_the_sign(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3)], now=now + MINUTE)
    library.set_mark("read", [story], False, now=now + 2 * MINUTE)
    assert changed(library) == () and library.count(ListFilter(unread=True)) == 1


def test_rest_of_a_text_and_the_text_of_a_page_are_no_changes(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    short, feed = crash(2, full=False), crash(3, source="feed")
    (story,) = library.save([short], now=now).new
    read(library, story, now)
    library.save([feed], now=now + MINUTE)
    library.save([crash(4, source="page")], now=now + 2 * MINUTE)
    assert changed(library) == ()
    library.save([crash(5, source="page")], now=now + 3 * MINUTE)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "4", "5", "dead")]


def test_summary_is_compared_with_the_summary_that_was_read(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2, full=False)], now=now).new
    library.save([crash(1, full=False)], now=now + MINUTE)
    assert library.revisions(story) == ()
    read(library, story, now + 2 * MINUTE)
    library.save([crash(3, full=False)], now=now + 3 * MINUTE)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "1", "3", "dead")]
    for more in ("", " It rained on the road." * 20):
        library.save([crash(1, full=False, more=more)], now=now + 4 * MINUTE)
        assert changed(library) == ()
    library.save([crash(3, full=False)._replace(title="Bus and lorry collide")], now=now + 5 * MINUTE)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "1", "3", "dead")]
    library.save([crash(3, more=" It rained." * 20)], now=now + 6 * MINUTE)  # the whole text comes
    assert changed(library) == ()
    library.save([crash(4, more=" It rained." * 20)], now=now + 7 * MINUTE)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "3", "4", "dead")]


def test_changed_list_can_be_limited_to_papers_and_categories(
    library: Library, crash: Callable[..., Story], make_story: MakeStory, now: datetime
) -> None:
    other = paper_at("https://two.example")
    library.set_subscriptions([paper_at("https://one.example"), other])
    both = library.for_paper(paper_at("https://one.example")), library.for_paper(other)
    for paper in both:
        (story,) = paper.save([crash(2)], now=now).new
        read(library, story, now)
        paper.save([crash(3)], now=now + MINUTE)
    assert len(changed(library)) == 2
    for narrowed in (CHANGED._replace(paper=other.key), CHANGED._replace(papers=(other.key,))):
        assert [row.paper for row in library.headlines(narrowed, limit=9)] == [other.key]
        assert library.count(narrowed) == 1
    slug = library.headline(story).categories[0].slug
    assert library.count(CHANGED._replace(category=slug)) == 2
    assert library.count(CHANGED._replace(category=slug, paper=other.key)) == 1
    assert library.count(CHANGED._replace(starred=True)) == 0


def test_change_moves_with_the_date_and_goes_with_the_story(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3, published=now - 3 * DAY)], now=now + MINUTE)
    (row,) = changed(library)
    assert row.published == now - 3 * DAY
    library.maintenance.prune(now)
    assert changed(library) == () and library.count(ListFilter()) == 0


def test_reading_elsewhere_ends_the_sign_until_the_story_is_opened_here(
    library: Library, tmp_path: Path, crash: Callable[..., Story], now: datetime
) -> None:
    with Library(tmp_path / "other") as other:
        for each in (library, other):
            each.set_subscriptions([paper_at("https://one.example")])
            (story,) = each.save([crash(2)], now=now).new
        read(library, story, now)
        other.changes.merge(library.changes.all_changes())
        other.save([crash(3)], now=now + MINUTE)
        assert other.headline(story).read and changed(other) == ()  # nobody read it here
        library.save([crash(3)], now=now + 2 * MINUTE)
        assert len(changed(library)) == 1
        other.reading_log.record_opened(story, now=now + 3 * MINUTE)
        library.changes.merge(other.changes.all_changes())
        assert changed(library) == ()
        library.save([crash(4)], now=now + 4 * MINUTE)
        library.save([crash(6, source="page")], now=now + 4 * MINUTE)
        library.save([crash(4, source="page")], now=now + 4 * MINUTE)
        assert changed(library) == ()
        library.reading_log.record_opened(story, now=now + 5 * MINUTE)
        library.save([crash(5, source="page")], now=now + 6 * MINUTE)
        assert [row.changed for row in changed(library)] == [ReadChange("figure", "4", "5", "dead")]


def test_other_marks_and_old_changes_of_another_machine_leave_the_sign(
    library: Library, tmp_path: Path, crash: Callable[..., Story], now: datetime
) -> None:
    with Library(tmp_path / "other") as other:
        for each in (library, other):
            each.set_subscriptions([paper_at("https://one.example")])
            (story,) = each.save([crash(2)], now=now).new
        read(library, story, now)
        other.changes.merge(library.changes.all_changes())
        library.save([crash(3)], now=now + MINUTE)
        other.set_mark("starred", [story], True, now=now + 2 * MINUTE)
        library.changes.merge(other.changes.all_changes())
        assert [row.starred for row in changed(library)] == [True]


def test_turned_off_nothing_is_tracked(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3)], now=now + MINUTE)
    library.set_tracking(False)
    assert changed(library) == ()
    library.save([crash(4)], now=now + 2 * MINUTE)
    assert changed(library) == ()
    library.set_tracking(True)
    library.save([crash(5)], now=now + 3 * MINUTE)
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "4", "5", "dead")]


def test_export_and_import_keep_the_version_read(
    library: Library, tmp_path: Path, crash: Callable[..., Story], now: datetime
) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3)], now=now + MINUTE)
    (exported,) = library.import_export.export([story])
    imported = imported_story(json.loads(json.dumps(exported_to_json(exported, {}))))
    with Library(tmp_path / "other") as other:
        for _ in range(2):
            other.import_export.merge([imported], now=now + 2 * MINUTE)
            assert [row.changed for row in changed(other)] == [ReadChange("figure", "2", "3", "dead")]
        other.save([crash(2)], now=now + 3 * MINUTE)
        assert changed(other) == ()


def test_move_of_a_paper_keeps_the_sign(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    old, new = paper_at("https://old.example"), paper_at("https://new.example")
    library.set_subscriptions([old])
    paper = library.for_paper(old)
    (story,) = paper.save([crash(2)], now=now).new
    read(library, story, now)
    paper.save([crash(3)], now=now + MINUTE)
    library.move_paper(old, new, now=now)
    assert [(row.paper, row.changed) for row in changed(library)] == [(new.key, ReadChange("figure", "2", "3", "dead"))]
    assert library.for_paper(new).save([crash(3)], now=now + 2 * MINUTE) == SaveResult()


def test_sign_survives_the_rescue_of_a_damaged_file(library: Library, crash: Callable[..., Story], now: datetime) -> None:
    (story,) = library.save([crash(2)], now=now).new
    read(library, story, now)
    library.save([crash(3)], now=now + MINUTE)
    with closing(sqlite3.connect(library.folder / STORIES.name)) as db:
        db.execute("UPDATE lists SET total = 99")
        db.commit()
    library.maintenance.repair()
    assert library.notices
    assert [row.changed for row in changed(library)] == [ReadChange("figure", "2", "3", "dead")]
