"""Pictures in the sizes shown: rendered on demand, cached within a limit, fetched once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpost_tui.core import picture_cache as module
from bpost_tui.core.picture_cache import PictureCache, PictureReady, PictureUnavailable
from bpost_tui.errors import ContentError, PortalError, StoreError
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.picture_store import PictureStore
from bpost_tui.refresh.picture_fetch import FetchedPicture
from bpost_tui.typesetting.typeset.photo import Photo

PICTURE = StoredPicture(40, 30, b"a picture")


class FakeFetcher:
    """A picture fetcher that returns the test's own results and counts the calls."""

    def __init__(self, answer: Callable[[str], FetchedPicture]) -> None:
        self.answer = answer
        self.requested: list[str] = []
        self.prints = 0

    async def picture(self, address: str, store: PictureStore) -> FetchedPicture:
        self.requested.append(address)
        return self.answer(address)

    async def render_picture(self, picture: StoredPicture, width_px: int, height_px: int, colours: int) -> Photo:
        self.prints += 1
        return Photo(width_px, height_px, bytes(3 * width_px * height_px))


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path, max_bytes=1 << 20)


def cache_with(fetcher: FakeFetcher, store: PictureStore) -> PictureCache:
    return PictureCache(fetcher, store)  # type: ignore[arg-type]


async def test_picture_is_fetched_once_and_decoded_once(store: PictureStore) -> None:
    store.save("a", PICTURE)
    fetcher = FakeFetcher(lambda _: FetchedPicture(PICTURE))
    cache, requests = cache_with(fetcher, store), []
    cache.on_request = lambda: requests.append(1)
    assert cache.scaled_picture("a", 8, 6) is None
    assert cache.scaled_picture("a", 8, 6) is None
    assert requests == [1]
    assert await cache.decode_next() and not await cache.decode_next()
    photo = cache.scaled_picture("a", 8, 6)
    assert photo is not None and photo.width_px == 8
    assert (fetcher.prints, fetcher.requested) == (1, [])


async def test_rendered_pictures_are_cached_within_the_limit(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_DECODED_BYTES", 3 * 8 * 6 * 2)
    store.save("a", PICTURE)
    cache = cache_with(FakeFetcher(lambda _: FetchedPicture(PICTURE)), store)
    for width in (8, 7, 6, 5):
        cache.scaled_picture("a", width, 6)
        await cache.decode_next()
    assert [cache.scaled_picture("a", width, 6) is not None for width in (8, 5)] == [False, True]


async def test_picture_is_rendered_again_for_other_colours(store: PictureStore) -> None:
    store.save("a", PICTURE)
    fetcher = FakeFetcher(lambda _: FetchedPicture(PICTURE))
    cache = cache_with(fetcher, store)
    for colours in (0, 64):
        cache.colours = colours
        cache.scaled_picture("a", 8, 6)
        await cache.decode_next()
    assert fetcher.prints == 2


async def test_picture_cache_fetch_reports_success_and_failure(store: PictureStore) -> None:
    def answer(address: str) -> FetchedPicture:
        if address == "gone":
            raise ContentError("gone: 404")
        if address == "down":
            raise PortalError("down: no answer")
        return FetchedPicture(PICTURE)

    fetcher = FakeFetcher(answer)
    cache, calls = cache_with(fetcher, store), []
    await cache.fetch(["a", "gone", "down", "a"], lambda: calls.append(1))
    assert [cache.state(address) for address in ("a", "gone", "down", "x")] == [
        PictureReady(40, 30),
        PictureUnavailable(),
        PictureUnavailable(),
        None,
    ]
    assert len(calls) == 4
    await cache.fetch(["a", "gone"], lambda: None)
    assert fetcher.requested == ["a", "gone", "down", "gone"]


async def test_unstored_picture_is_rendered_from_memory(store: PictureStore) -> None:
    cache = cache_with(FakeFetcher(lambda _: FetchedPicture(PICTURE, store_error=StoreError("the disk is full"))), store)
    await cache.fetch(["a"], lambda: None)
    assert cache.error is not None and (cache.error.message, "is shown" in cache.error.hint) == ("the disk is full", True)
    cache.scaled_picture("a", 8, 6)
    await cache.decode_next()
    assert cache.scaled_picture("a", 8, 6) is not None


async def test_error_of_the_disk_is_reported_only_by_the_fetch_that_had_it(store: PictureStore) -> None:
    fetcher = FakeFetcher(lambda _: FetchedPicture(PICTURE, store_error=StoreError("the disk is full")))
    cache = cache_with(fetcher, store)
    await cache.fetch(["a"], lambda: None)
    assert cache.error is not None
    fetcher.answer = lambda _: FetchedPicture(PICTURE)
    await cache.fetch(["a", "b"], lambda: None)
    assert cache.error is None


async def test_picture_removed_from_disk_becomes_unavailable(store: PictureStore) -> None:
    cache = cache_with(FakeFetcher(lambda _: FetchedPicture(PICTURE)), store)
    cache.scaled_picture("a", 8, 6)
    assert await cache.decode_next()
    assert cache.state("a") == PictureUnavailable()


async def test_picture_cache_decodes_few_of_a_hundred_passed_pictures(store: PictureStore) -> None:
    fetcher = FakeFetcher(lambda _: FetchedPicture(PICTURE, store_error=StoreError("full")))
    cache = cache_with(fetcher, store)
    await cache.fetch([str(number) for number in range(100)], lambda: None)
    for number in range(100):
        cache.scaled_picture(str(number), 8, 6)
    while await cache.decode_next():
        pass
    assert cache.scaled_picture("99", 8, 6) is not None
    assert fetcher.prints <= 8
