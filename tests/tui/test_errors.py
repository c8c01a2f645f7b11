"""Tests of errors in the background: an error is shown in one line, and a bug ends the app."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bpost_tui.config import Settings
from bpost_tui.errors import StoreError
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, SavedStory, Story
from bpost_tui.store.library import Library
from bpost_tui.store.search.story_search import StorySearch
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def _full(self: Library, *arguments: object, **named: object) -> tuple[int, ...]:
    raise StoreError("the disk is full", hint="Free some space.")


@pytest.mark.given(language="en")
async def test_storage_error_shows_a_message_and_reading_continues(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Library.story

    def broken(self: Library, story: int) -> SavedStory:
        raise StoreError("the disk is full", hint="Free some space.")

    monkeypatch.setattr(Library, "story", broken)
    await bpost.press("j")
    assert "the disk is full · Free some space." in bpost.screen_text()
    monkeypatch.setattr(Library, "story", read)
    await bpost.press("j")
    assert bpost.posts.cursor == 2


@pytest.mark.given(language="en")
async def test_error_of_the_palettes_search_is_shown(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: StorySearch, *arguments: object, **named: object) -> None:
        raise StoreError("the disk is full", hint="Free some space.")

    await bpost.press("colon")
    with monkeypatch.context() as patch:
        patch.setattr(StorySearch, "find", broken)
        await bpost.press("u")
    assert bpost.dialog == "palette" and bpost.message == "the disk is full · Free some space."
    assert "Undo the last mark" in bpost.screen_text()


@pytest.mark.given(language="en")
async def test_mark_that_could_not_be_saved_is_not_shown(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "set_mark", _full)
    await bpost.press("s", "m")
    assert "the disk is full · Free some space." in bpost.screen_text()
    story, shown = bpost.posts.stories[0], bpost.saved
    assert shown is not None and shown.headline.id == story.id
    assert [(each.starred, each.read) for each in (story, shown.headline)] == [(False, False)] * 2


@pytest.mark.given(language="en")
async def test_error_of_a_mark_hides_the_answer_to_an_earlier_key(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await bpost.press("s")
    assert "Star added" in bpost.screen_text()
    monkeypatch.setattr(Library, "set_mark", _full)
    await bpost.press("m")
    assert "the disk is full · Free some space." in bpost.screen_text()
    assert "Star added" not in bpost.screen_text()


@pytest.mark.given(language="en")
async def test_marks_of_a_list_that_could_not_be_saved_are_not_reported(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "set_mark", _full)
    await bpost.press("A", "A")
    assert "the disk is full · Free some space." in bpost.screen_text()
    assert "marked read" not in bpost.screen_text()


@pytest.mark.given(language="en")
async def test_undo_that_could_not_be_saved_can_be_repeated(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await bpost.press("s")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(Library, "set_mark", _full)
        await bpost.press("u")
    assert bpost.posts.stories[0].starred
    await bpost.press("u")
    assert not bpost.posts.stories[0].starred


async def test_bug_in_a_worker_ends_the_app_and_is_raised(
    reader: ReaderFactory, sample_portal: SamplePortal, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Library, story: int) -> SavedStory:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        async with reader(sample_portal.address) as bpost:
            monkeypatch.setattr(Library, "story", broken)
            await bpost.press("j")
    assert isinstance(bpost.app.bug, RuntimeError)
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.given(address="http://nowhere.invalid")
async def test_unknown_host_error_is_in_the_interface_language(bpost: Reader) -> None:
    text = " ".join(bpost.screen_text().replace("│", " ").split())
    assert "nowhere.invalid খুঁজে পাওয়া গেল না" in text
    assert "can't find" not in text


async def test_paper_that_is_redirected_to_another_site_names_the_key_that_moves_it(
    reader: ReaderFactory, library: Library, now: datetime
) -> None:
    with PortalServer() as server:
        server.redirect("/feed", "https://new.example/feed")
        library.for_paper(paper_at(server.address)).save([Story("1", "খবর", published=now)], now=now)
        async with reader(server.address, language="en", size=(176, 40)) as bpost:
            assert await bpost.until(lambda: "@: move the paper there" in bpost.screen_text())


async def test_untranslated_error_begins_in_bengali(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(self: Library, story: int) -> SavedStory:
        raise StoreError("the disk is on fire", hint="Make the folder writable. Reading still works.")

    monkeypatch.setattr(Library, "story", broken)
    await bpost.press("j")
    assert "the disk is on fire · ফোল্ডারে লেখার অনুমতি দিন" in bpost.screen_text()
    assert bpost.text("The files can't be used") in bpost.screen_text()


@pytest.mark.given(settings=Settings(listen=("no-such-voice",)))
async def test_missing_voice_error_is_in_bengali(bpost: Reader) -> None:
    await bpost.press("enter", "v")
    assert "no-such-voice: এই প্রোগ্রাম ইনস্টল করা নেই" in bpost.screen_text(), bpost.screen_text()


async def test_removed_category_error_has_no_address(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    gone = Category("vanished", "হারানো বিভাগ")
    library.save([Story("1", "একটি খবর", "http://example.org/1", published=now, categories=(gone,))], now=now)
    async with reader(sample_portal.address, language="en") as bpost:
        bpost.choose_category(bpost.slugs.index("vanished"))
        await bpost.settle()
        await bpost.press("r")
        assert await bpost.until(lambda: "the portal has no category 'vanished'" in bpost.screen_text())
        assert sample_portal.address not in bpost.screen_text()


@pytest.mark.given(language="en")
async def test_story_deleted_while_it_is_read_is_reported_once(bpost: Reader) -> None:
    await bpost.press("enter")
    story = bpost.shown
    bpost.library.maintenance.prune(bpost.now + timedelta(days=400))
    await bpost.reloaded()
    assert bpost.message == "the story is no longer saved"
    await bpost.reloaded()
    assert (bpost.message, bpost.shown) == ("the story is no longer saved", story)
    await bpost.press("down")
    bpost.tick()
    await bpost.rest()
    await bpost.reloaded()
    assert "no longer saved" not in bpost.message
