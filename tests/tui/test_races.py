"""Tests of keys pressed while earlier work isn't done: the last key counts, and none is lost or confused with another."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bpost_tui.core.lists.listings import Listings
from bpost_tui.errors import PortalError, StoreError
from bpost_tui.refresh import FetchFailure, RefreshEvent, RefreshPlan, RefreshProgress, RefreshResult
from bpost_tui.store.library import Library
from bpost_tui.store.search.story_search import StorySearch
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.held_calls import HeldCalls, story_on_its_way, watch_nothing
from tests.tui.reader_facade import Reader, sentences

pytestmark = pytest.mark.given(language="en")

_OUT_OF_TURN_S = 2.0
"""Time in seconds to wait for something that must not happen yet."""


class Portal:
    """Portal whose answers a test gives event by event. A refresh runs until the test ends its answer."""

    def __init__(self, bpost: Reader, patch: pytest.MonkeyPatch) -> None:
        self.requests: list[tuple[str, ...]] = []
        """Categories of each request, in the order of the requests; an empty tuple is the front page."""
        self._answers: dict[tuple[str, ...], asyncio.Queue[RefreshEvent]] = {}
        patch.setattr(bpost.fetcher, "refresh", self._refresh)

    def answer(self, categories: tuple[str, ...], *events: RefreshEvent) -> None:
        for event in events:
            self._queue(categories).put_nowait(event)

    async def _refresh(self, plan: RefreshPlan, paper: str) -> AsyncGenerator[RefreshEvent]:
        self.requests.append(plan.categories)
        yield RefreshProgress(0, 1, "http://portal.test")
        event: RefreshEvent | None = None
        while not isinstance(event, RefreshResult):
            event = await self._queue(plan.categories).get()
            yield event

    def _queue(self, categories: tuple[str, ...]) -> asyncio.Queue[RefreshEvent]:
        return self._answers.setdefault(categories, asyncio.Queue())

    def is_idle(self) -> bool:
        """Whether every answer was received."""
        return all(queue.empty() for queue in self._answers.values())


FRONT_PAGE: tuple[str, ...] = ()
FAILED = FetchFailure("http://portal.test", "no answer", PortalError("the portal sleeps"))
NOTHING_NEW = RefreshResult(fetched=0, new=0, updated=0)


@contextmanager
def writing_elsewhere(folder: Path) -> Iterator[None]:
    """Hold the lock of the reader's marks, as another process does while it writes."""
    with closing(sqlite3.connect(folder / "reader.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def listed(bpost: Reader) -> tuple[str, list[int]]:
    return bpost.query, [row.id for row in bpost.posts.stories]


# ── searches ────────────────────────────────────────────────────────────────


async def test_search_left_while_running_is_not_shown(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    before = listed(bpost)
    with HeldCalls(monkeypatch, StorySearch, "find") as held:
        await bpost.pilot.press("slash", "3")
        assert await bpost.until(lambda: held.calls > 0)
        await bpost.pilot.press("escape")
        assert not bpost.line.display
    await bpost.settle()
    assert listed(bpost) == before
    assert before[0] == ""
    assert not bpost.line.display
    assert "found" not in bpost.message


async def test_line_emptied_while_searching_shows_the_whole_list(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    before = listed(bpost)
    with HeldCalls(monkeypatch, StorySearch, "find") as held:
        await bpost.pilot.press("slash", "3")
        assert await bpost.until(lambda: held.calls > 0)
        await bpost.pilot.press("backspace")
    await bpost.settle()
    assert (bpost.line.display, bpost.line.value) == (True, "")
    assert listed(bpost) == before
    assert "found" not in bpost.message


async def test_line_emptied_after_a_search_shows_the_whole_list(bpost: Reader) -> None:
    before = listed(bpost)
    await bpost.press("slash", "3")
    assert bpost.query == "3"
    await bpost.press("backspace")
    assert (bpost.line.display, bpost.line.value) == (True, "")
    assert listed(bpost) == before
    assert "found" not in bpost.message


async def test_letter_deleted_while_searching_keeps_the_last_result(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await bpost.press("slash", *"nodi")
    before = listed(bpost)
    with HeldCalls(monkeypatch, StorySearch, "find") as held:
        await bpost.pilot.press("x")
        assert await bpost.until(lambda: held.calls > 0)
        await bpost.pilot.press("backspace")
    await bpost.settle()
    assert bpost.line.value == "nodi"
    assert before[0] == "nodi"
    assert listed(bpost) == before


@pytest.mark.given(language="bn")
async def test_order_key_acts_on_the_list_being_loaded(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with HeldCalls(monkeypatch, Library, "read_together", first_only=True) as held:
        bpost.choose_category(1)
        assert await bpost.until(lambda: held.calls >= 1)  # on a busy machine, another read may begin in the same moment
        await bpost.pilot.press("R")
    await bpost.settle()
    assert bpost.categories.cursor == 1 and bpost.list_filter.category
    assert bpost.text("oldest first") in bpost.notes


# ── lists that can't be read ────────────────────────────────────────────────


def fail_to_read(*_: object) -> None:
    raise StoreError("no room")


async def test_keys_act_on_the_shown_list_when_another_cannot_be_read(
    bpost: Reader, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    bpost.choose_category(1)
    await bpost.settle()
    before, shown, unread = bpost.list_filter, listed(bpost), library.unread_count()
    with monkeypatch.context() as patch:
        patch.setattr(Listings, "read", fail_to_read)
        bpost.choose_category(0)
        await bpost.settle()
        assert bpost.message == "no room"
    assert (bpost.list_filter, listed(bpost), bpost.categories.cursor, bpost.is_list_shown) == (before, shown, 1, True)
    await bpost.press("A", "A")
    assert unread - library.unread_count() == len(shown[1])
    bpost.choose_category(0)
    await bpost.settle()
    assert bpost.categories.cursor == 0 and listed(bpost) != shown


async def test_order_stays_when_the_list_cannot_be_read_in_another(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    before, notes = listed(bpost), bpost.notes
    with monkeypatch.context() as patch:
        patch.setattr(Listings, "read", fail_to_read)
        await bpost.press("R")
    assert (listed(bpost), bpost.notes) == (before, notes)
    await bpost.press("R")
    assert "oldest first" in bpost.notes


async def test_list_requested_while_another_fails_stays_requested(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    watch_nothing(monkeypatch)
    await bpost.settle()
    with monkeypatch.context() as patch:
        patch.setattr(Listings, "read", fail_to_read)
        with HeldCalls(patch, Listings, "read", first_only=True) as held:
            bpost.choose_category(1)
            assert await bpost.until(lambda: held.calls >= 1)
            patch.undo()
            bpost.choose_category(2)
            assert await bpost.until(lambda: bpost.is_list_shown)
        assert await bpost.until(lambda: held.ended == 1)
    await bpost.settle()
    assert bpost.is_list_shown and bpost.categories.cursor == 2 and bpost.message != "no room"


# ── keys that wait for a story ──────────────────────────────────────────────

WAITING_KEYS = {";": "hints", "a": "links", "H": "selecting"}
"""Maps each key that waits until the requested story is shown to the dialog that it then opens."""
per_waiting_key = pytest.mark.parametrize(("key", "dialog"), WAITING_KEYS.items())


@per_waiting_key
@pytest.mark.given(prepares=False)
async def test_key_waits_for_its_story_through_a_reload(
    bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str, dialog: str
) -> None:
    async with story_on_its_way(bpost, monkeypatch, "j") as held:
        await bpost.pilot.press(key)
        bpost.reload()
        assert await bpost.until(lambda: held.calls >= 2)
        await bpost.settle()
        assert bpost.app.bug is None
        assert (bpost.shown, bpost.dialog) == (bpost.posts.stories[1].id, dialog)


@per_waiting_key
@pytest.mark.given(prepares=False)
async def test_key_pressed_twice_while_loading_opens_one_dialog(
    bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str, dialog: str
) -> None:
    async with story_on_its_way(bpost, monkeypatch, "j"):
        await bpost.pilot.press(key, key)
    await bpost.settle()
    assert bpost.app.bug is None
    assert (bpost.shown, bpost.dialog) == (bpost.posts.stories[1].id, dialog)
    await bpost.press("escape")
    assert not bpost.dialog


@per_waiting_key
@pytest.mark.given(prepares=False)
async def test_key_acts_on_the_shown_story_when_loading_fails(
    bpost: Reader, monkeypatch: pytest.MonkeyPatch, key: str, dialog: str
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("no room")

    before = bpost.shown
    monkeypatch.setattr(Listings, "story_and_item", fail)
    with HeldCalls(monkeypatch, Listings, "story_and_item") as held:
        await bpost.pilot.press("j")
        assert await bpost.until(lambda: held.calls >= 1)
        await bpost.pilot.press(key)
    await bpost.settle()
    assert bpost.app.bug is None
    assert (bpost.shown, bpost.dialog) == (before, dialog)


# ── marks ───────────────────────────────────────────────────────────────────


@pytest.mark.given(language="bn")
async def test_last_of_two_marks_wins_while_another_process_writes(
    bpost: Reader, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = bpost.posts.stories[0].id
    assert not library.headline(story).read
    with HeldCalls(monkeypatch, Library, "set_mark", first_only=True) as held:
        with writing_elsewhere(tmp_path / "library"):
            await bpost.pilot.press("m")
            assert await bpost.until(lambda: held.calls == 1)
            await bpost.pilot.press("m")
            has_overtaken = await bpost.until(lambda: held.calls == 2, _OUT_OF_TURN_S)
        if has_overtaken:
            assert await bpost.until(lambda: held.ended == 1)
    await bpost.settle()
    assert not library.headline(story).read
    assert not bpost.posts.stories[0].read


@pytest.mark.given(language="bn")
async def test_mark_being_saved_stays_through_a_reload(bpost: Reader, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    story, other = (row.id for row in bpost.posts.stories[:2])
    with HeldCalls(monkeypatch, Library, "set_mark", first_only=True) as held:
        await bpost.pilot.press("m")
        assert await bpost.until(lambda: held.calls == 1)
        library.set_mark("starred", [other], True, now=bpost.now)
        bpost.reload()
        assert await bpost.until(lambda: bpost.posts.stories[1].starred)
        kept = bpost.posts.stories[0]
        assert kept.read
        await bpost.pilot.press("m")
        assert not bpost.posts.stories[0].read
    await bpost.settle()
    assert not library.headline(story).read
    assert not bpost.posts.stories[0].read


async def test_unsaved_mark_disappears_at_the_next_reload(
    reader: ReaderFactory, sample_portal: SamplePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("no room")

    async with reader(sample_portal.address) as bpost:
        monkeypatch.setattr(Library, "set_mark", fail)
        await bpost.press("m")
        await bpost.reloaded()
        assert not bpost.posts.stories[0].read


async def test_undo_waits_for_a_mark_being_saved(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = sentences(monkeypatch)
    async with reader(sample_portal.address, language="en") as bpost:
        story = bpost.posts.stories[0].id
        with HeldCalls(monkeypatch, Library, "set_mark", first_only=True) as held, writing_elsewhere(tmp_path / "library"):
            await bpost.pilot.press("s")
            assert await bpost.until(lambda: held.calls == 1)
            await bpost.pilot.press("u")
            await bpost.until(lambda: bpost.text("Nothing to undo") in messages, _OUT_OF_TURN_S)
        await bpost.settle()
        assert bpost.text("Nothing to undo") not in messages
        assert "Undone: no longer starred" in messages
        assert not library.headline(story).starred
        assert not bpost.posts.stories[0].starred


async def test_second_of_two_undos_at_once_finds_nothing_to_undo(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = sentences(monkeypatch)
    async with reader(sample_portal.address, language="en") as bpost:
        story = bpost.posts.stories[0].id
        await bpost.press("s")
        with HeldCalls(monkeypatch, Library, "set_mark", first_only=True) as held:
            await bpost.pilot.press("u", "u")
            assert await bpost.until(lambda: held.calls == 1)
        await bpost.settle()
        assert messages.count(bpost.text("Nothing to undo")) == 1
        assert messages.count("Undone: no longer starred") == 1
        assert not library.headline(story).starred
        assert bpost.app.is_running and bpost.app.bug is None


# ── refreshes ───────────────────────────────────────────────────────────────


async def ask_both(bpost: Reader, portal: Portal) -> tuple[str, ...]:
    """Request the front page and a category with few saved stories, and return the category's request."""
    slug = bpost.slugs[1]
    assert bpost.categories.rows[1].total < 10
    await bpost.pilot.press("r")
    assert await bpost.until(lambda: portal.requests == [FRONT_PAGE])
    bpost.choose_category(1)
    assert await bpost.until(lambda: portal.requests == [FRONT_PAGE, (slug,)])
    return (slug,)


async def come_back(bpost: Reader, portal: Portal, category: tuple[str, ...]) -> None:
    """Leave the category and come back to it. If it is fetched again, `portal` answers that nothing is new."""
    portal.answer(category, NOTHING_NEW)
    for at in (0, 1):
        bpost.choose_category(at)
        await bpost.settle()


async def test_failed_front_page_leaves_the_category_answered(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(bpost, monkeypatch)
    category = await ask_both(bpost, portal)
    portal.answer(FRONT_PAGE, FAILED, NOTHING_NEW)
    assert await bpost.until(lambda: "sleeps" in bpost.message)
    portal.answer(category, NOTHING_NEW)
    await bpost.settle()
    await come_back(bpost, portal, category)
    assert portal.requests.count(category) == 1


async def test_failed_category_leaves_the_front_page_answered(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(bpost, monkeypatch)
    category = await ask_both(bpost, portal)
    portal.answer(category, FAILED, NOTHING_NEW)
    assert await bpost.until(lambda: "sleeps" in bpost.message)
    portal.answer(FRONT_PAGE, NOTHING_NEW)
    await bpost.settle()
    assert bpost.message == "Nothing new"
    await come_back(bpost, portal, category)
    assert portal.requests.count(category) == 2


async def test_failed_category_stays_failed_after_a_new_refresh(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(bpost, monkeypatch)
    category = await ask_both(bpost, portal)
    portal.answer(FRONT_PAGE, NOTHING_NEW)
    portal.answer(category, FAILED)
    assert await bpost.until(portal.is_idle)
    bpost.choose_category(0)
    await bpost.pilot.press("r")
    assert await bpost.until(lambda: portal.requests.count(FRONT_PAGE) == 2)
    portal.answer(category, NOTHING_NEW)
    portal.answer(FRONT_PAGE, NOTHING_NEW)
    await bpost.settle()
    await come_back(bpost, portal, category)
    assert portal.requests.count(category) == 2


@pytest.mark.parametrize("new", [0, 1])
async def test_finished_refresh_keeps_the_message_of_a_search(bpost: Reader, monkeypatch: pytest.MonkeyPatch, new: int) -> None:
    portal = Portal(bpost, monkeypatch)
    await bpost.pilot.press("r")
    assert await bpost.until(lambda: portal.requests == [FRONT_PAGE])
    await bpost.pilot.press("slash", *"nodi")
    assert await bpost.until(lambda: bpost.query == "nodi" and "found" in bpost.message)
    before = bpost.message
    portal.answer(FRONT_PAGE, RefreshResult(fetched=new, new=new, updated=0))
    await bpost.settle()
    assert bpost.message == before
