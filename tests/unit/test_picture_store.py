"""Picture store: real files within a size limit, checked whenever they are read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.picture_store import FOLDER, MISSING_S, MissingPicture, PictureStore

LIMIT = 10_000
ADDRESS = "https://thebengalpost.net/wp-content/uploads/ছবি.jpg"


def picture(number: int = 0, size: int = 2000) -> StoredPicture:
    return StoredPicture(8, 6, bytes([number]) * size, 3 * size)


class Clock:
    """A clock that tests set."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_store(tmp_path: Path, clock: Clock) -> Callable[..., PictureStore]:
    return lambda **more: PictureStore(tmp_path, max_bytes=LIMIT, clock=clock, **more)


def files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).iterdir())


def test_saved_picture_is_found_again(make_store: Callable[..., PictureStore], tmp_path: Path) -> None:
    make_store().save(ADDRESS, picture(7))
    assert make_store().find(ADDRESS) == picture(7)
    assert make_store().find(ADDRESS + "?") is None
    (file,) = files(tmp_path)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    assert file.stem.isalnum() and file.stem.isascii()


@pytest.mark.parametrize("address", ["../../x", "/etc/passwd", "a\0b", "\ud800", "x" * 9000])
def test_picture_file_name_never_leaves_the_folder(make_store: Callable[..., PictureStore], tmp_path: Path, address: str) -> None:
    make_store().save(address, picture(1))
    assert make_store().find(address) == picture(1)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(files(tmp_path))


def test_damaged_picture_file_is_ignored(make_store: Callable[..., PictureStore], tmp_path: Path) -> None:
    store = make_store()
    store.save(ADDRESS, picture(7, size=40))
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at])
        assert store.find(ADDRESS) is None, at
    for at in (*range(8), 20, 25, 29, 40):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert store.find(ADDRESS) is None, at
    file.write_bytes(whole + b"x")
    assert store.find(ADDRESS) is None


def test_missing_picture_is_remembered_for_a_day(make_store: Callable[..., PictureStore], clock: Clock) -> None:
    store = make_store()
    store.save_missing(ADDRESS)
    assert store.find(ADDRESS) == MissingPicture()
    clock.now += MISSING_S + 1
    assert store.find(ADDRESS) is None


def test_full_picture_store_drops_the_least_recently_shown(make_store: Callable[..., PictureStore], clock: Clock) -> None:
    store = make_store()
    for number in range(4):
        clock.now += 1
        store.save(f"{ADDRESS}{number}", picture(number))
    clock.now += 1
    assert store.find(f"{ADDRESS}0") == picture(0)
    clock.now += 1
    assert store.find(f"{ADDRESS}1", is_shown=False) == picture(1)
    store.save(f"{ADDRESS}4", picture(4))
    assert [number for number in range(5) if store.find(f"{ADDRESS}{number}")] == [0, 2, 3, 4]


def test_full_picture_store_drops_marked_stories_pictures_last(make_store: Callable[..., PictureStore], clock: Clock) -> None:
    store = make_store(marked=lambda: {f"{ADDRESS}0", f"{ADDRESS}1"})
    for number in range(7):
        clock.now += 1
        store.save(f"{ADDRESS}{number}", picture(number))
    assert [number for number in range(7) if store.find(f"{ADDRESS}{number}")] == [0, 1, 5, 6]


def test_picture_larger_than_the_limit_is_stored_alone(make_store: Callable[..., PictureStore]) -> None:
    store = make_store()
    store.save(ADDRESS, picture(1))
    store.save(ADDRESS + "2", picture(2, size=2 * LIMIT))
    assert store.find(ADDRESS) is None
    assert store.usage().pictures in (0, 1)


def test_usage_counts_pictures_but_not_missing_ones(make_store: Callable[..., PictureStore]) -> None:
    store = make_store()
    assert store.usage().pictures == 0
    store.save(ADDRESS, picture(1))
    store.save_missing(ADDRESS + "2")
    held = store.usage()
    assert (held.pictures, held.stored_bytes, held.sent_bytes) == (1, 2000, 6000)


def test_unfinished_file_of_a_dead_process_is_removed(
    make_store: Callable[..., PictureStore], tmp_path: Path, clock: Clock
) -> None:
    store = make_store()
    store.save(ADDRESS, picture(1))
    left = tmp_path / FOLDER / "abc.1.2"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    store.save(ADDRESS + "2", picture(2))
    assert not left.exists()
    assert len(files(tmp_path)) == 2


def test_picture_folder_failing_to_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("not a folder")
    store = PictureStore(tmp_path, max_bytes=LIMIT)
    with pytest.raises(StoreError):
        store.save(ADDRESS, picture())
    assert store.find(ADDRESS) is None


def test_pipe_in_place_of_a_picture_is_not_waited_for(make_store: Callable[..., PictureStore], tmp_path: Path) -> None:
    make_store().save(ADDRESS, picture())
    (file,) = files(tmp_path)
    file.unlink()
    os.mkfifo(file)
    assert make_store().find(ADDRESS) is None
    assert make_store().usage().pictures == 0
