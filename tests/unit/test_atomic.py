from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bpost_tui.atomic import read_whole, replace_file, resolve_links, write_whole


def test_written_file_is_whole_and_private(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o644)
    write_whole(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o600)
    assert os.listdir(tmp_path) == ["a"]


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    with pytest.raises(ZeroDivisionError), replace_file(file) as part:
        part.write_text("half of what is ne")
        raise ZeroDivisionError
    assert (file.read_text(), os.listdir(tmp_path)) == ("old", ["a"])


@pytest.mark.parametrize(("before", "after"), [(None, 0o644), (0o640, 0o640), (0o600, 0o600)])
def test_public_file_keeps_its_mode_or_gets_the_usual_one(tmp_path: Path, before: int | None, after: int) -> None:
    file = tmp_path / "a"
    if before is not None:
        file.touch()
        file.chmod(before)
    umask = os.umask(0o022)
    try:
        with replace_file(file, private=False) as part:
            part.write_text("new")
    finally:
        os.umask(umask)
    assert file.stat().st_mode & 0o777 == after


def test_draft_name_fits_for_the_longest_file_name(tmp_path: Path) -> None:
    file = tmp_path / ("ক" * 85)
    write_whole(file, b"")
    assert file.exists()


def test_file_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "no" / "a", b"")


def test_read_whole_refuses_files_above_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"four")
    assert read_whole(tmp_path / "a", 4) == b"four"
    with pytest.raises(OSError, match="File too large"):
        read_whole(tmp_path / "a", 3)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_read_whole_refuses_other_than_regular_files(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "a")
    before = set(os.listdir("/dev/fd"))
    with pytest.raises(OSError, match="not a regular file"):
        read_whole(tmp_path / "a", 4)
    assert set(os.listdir("/dev/fd")) == before


def test_concurrent_writers_leave_one_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    writers = [threading.Thread(target=write_whole, args=(file, bytes([n]) * 50_000)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    written = file.read_bytes()
    assert len(written) == 50_000 and len(set(written)) == 1
    assert os.listdir(tmp_path) == ["a"]


# ── links ──


def test_resolve_links_follows_own_links_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "there" / "deep").mkdir(parents=True)
    (tmp_path / "here").symlink_to("there")
    (tmp_path / "there" / "deep" / "link").symlink_to("../../here/./deep/../file")
    assert resolve_links(tmp_path / "here" / "deep" / "link") == tmp_path / "there" / "file"
    assert resolve_links(tmp_path / "none" / "at all") == tmp_path / "none" / "at all"
    assert resolve_links(Path("/")) == Path("/")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="elsewhere no link leads to what is open")
def test_resolve_links_stops_at_a_link_to_a_pipe() -> None:
    reading, writing = os.pipe()
    assert resolve_links(Path(f"/dev/fd/{writing}")) == Path(f"/proc/{os.getpid()}/fd/{writing}")
    os.close(reading)
    os.close(writing)


def test_resolve_links_refuses_a_loop(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    with pytest.raises(OSError, match=r"[Tt]oo many"):
        resolve_links(tmp_path / "one")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
def test_resolve_links_refuses_a_planted_link(tmp_path: Path) -> None:
    sticky, target = tmp_path / "sticky", tmp_path / "bashrc"
    sticky.mkdir(mode=0o1777)
    target.write_text("mine")
    (sticky / "news.html").symlink_to(target)
    os.chown(sticky / "news.html", 1000, 1000, follow_symlinks=False)
    with pytest.raises(PermissionError):
        resolve_links(sticky / "news.html")
    os.chown(sticky, 1000, 1000)  # the folder's owner could have created the file there
    assert resolve_links(sticky / "news.html") == target
