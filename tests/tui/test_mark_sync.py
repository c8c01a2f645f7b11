"""Tests of syncing marks with other machines while the reader is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bpost_tui.config import Settings
from bpost_tui.mark_sync import peer
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.tui.shared.optional_features import OPTIONAL_FEATURES
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

STARRED = ListFilter(starred=True)


@pytest.fixture
def elsewhere(tmp_path: Path, sample_portal: SamplePortal) -> Iterator[Library]:
    """Yield the library of another machine."""
    with Library(tmp_path / "elsewhere") as other:
        other.set_subscriptions([paper_at(sample_portal.address)])
        yield other


async def test_marks_sync_both_ways_a_few_seconds_after_a_key(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, elsewhere: Library, tmp_path: Path
) -> None:
    library.set_subscriptions([paper_at(sample_portal.address)])
    folder = tmp_path / "Sync"
    async with reader(sample_portal.address, settings=Settings(sync_folder=str(folder))) as bpost:
        assert await bpost.until(folder.exists)
        await bpost.press("s")
        (starred,) = library.headlines(STARRED, limit=5)
        peer = FolderPeer(elsewhere, folder)

        def has_heard() -> bool:
            sync(peer)
            return bool(elsewhere.changes.all_changes())

        assert await bpost.until(has_heard)
        await bpost.settle()
    elsewhere.save([Story(starred.guid, starred.title, published=starred.published)], now=NOW)
    assert [row.guid for row in elsewhere.headlines(STARRED, limit=5)] == [starred.guid]
    elsewhere.set_mark("starred", [row.id for row in elsewhere.headlines(STARRED, limit=5)], False, now=NOW)
    sync(peer)
    async with reader(sample_portal.address, settings=Settings(sync_folder=str(folder))) as bpost:
        assert await bpost.until(lambda: library.count(STARRED) == 0)
        assert await bpost.until(lambda: not any(row.starred for row in bpost.posts.stories))


async def test_mutes_sync_both_ways_while_the_reader_is_open(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, elsewhere: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "Sync"
    async with reader(sample_portal.address, settings=Settings(sync_folder=str(folder))) as bpost:
        assert await bpost.until(folder.exists)
        title = bpost.posts.stories[0].title
        assert bpost.listings.library.mutes.set_rule("authors", "কেউ না", on=True, now=NOW)
        elsewhere.mutes.set_rule("words", title, on=True, now=NOW)
        peer = FolderPeer(elsewhere, folder)

        def has_heard() -> bool:
            sync(peer)
            return elsewhere.mutes.rules().get("authors") == ("কেউ না",)

        assert await bpost.until(has_heard)
        sync(FolderPeer(library, folder))
        assert await bpost.until(lambda: all(row.title != title for row in bpost.posts.stories))


async def test_missing_sync_folder_is_reported_in_one_line(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path
) -> None:
    missing = tmp_path / "unmounted" / "bpost"
    async with reader(sample_portal.address, settings=Settings(sync_folder=str(missing)), language="en") as bpost:
        assert await bpost.until(lambda: str(missing.name) in bpost.screen_text() and "sync_folder" in bpost.screen_text())
        before = bpost.posts.cursor
        await bpost.press("j")
        assert bpost.posts.cursor != before


async def test_reader_without_a_sync_folder_syncs_nothing(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library
) -> None:
    async with reader(sample_portal.address) as bpost:
        await bpost.press("s")
    assert not (library.folder / "exchange.lock").exists()


async def test_bug_in_sync_turns_only_sync_off(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def fail(asked_peer: peer.Peer) -> object:
        calls.append(asked_peer)
        raise OverflowError("int too large to convert to float")

    monkeypatch.setattr(peer, "sync", fail)
    async with reader(sample_portal.address, settings=Settings(sync_folder=str(tmp_path / "Sync"))) as bpost:
        what = bpost.text("Sync with your other machines")
        assert await bpost.until(
            lambda: bpost.message == bpost.text("{what} failed, and is off until the next start").format(what=what)
        )
        await bpost.press("s", "j", "s", "ctrl+l")
        assert bpost.pane == "posts" and len(calls) == 1


async def test_bug_in_an_optional_feature_turns_only_it_off(bpost: Reader) -> None:
    for group, what in OPTIONAL_FEATURES.items():
        calls: list[str] = []

        async def fail(group: str = group, calls: list[str] = calls) -> None:
            calls.append(group)
            raise OverflowError

        message = bpost.text("{what} failed, and is off until the next start").format(what=bpost.text(what))
        bpost._main._run(fail, group=group)
        assert await bpost.until(lambda group=group: group in bpost._main._disabled_features)  # type: ignore[misc]
        assert bpost.message.startswith(message)
        await bpost._main._run(fail, group=group).wait()
        assert calls == [group]
    before = bpost.posts.cursor
    await bpost.press("j")
    assert bpost.posts.cursor != before
