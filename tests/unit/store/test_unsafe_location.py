"""Unsafe locations of a library: reported once, and used without -wal files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store import unsafe_location as location
from bpost_tui.store.library import Library
from bpost_tui.store.unsafe_location import unsafe_location

MakeStory = Callable[..., Story]


def mounts(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "mounts"
    path.write_text("\n".join(("/dev/sda1 / ext4 rw 0 0", *lines)) + "\n")
    return path


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("server:/home {} nfs4 rw 0 0", "nfs4"),
        ("//server/share {} cifs rw 0 0", "cifs"),
        ("x {} fuse.sshfs rw 0 0", "fuse.sshfs"),
        ("gvfsd-fuse {} fuse.gvfsd-fuse rw 0 0", "fuse.gvfsd-fuse"),
        ("tmpfs {} tmpfs rw 0 0", ""),
        ("server:/home {}er nfs rw 0 0", ""),
        ("server:/home {} nfs rw 0 0\n/dev/sdb {} ext4 rw 0 0", ""),
    ],
)
def test_unsafe_location_is_found_by_the_folders_mount(tmp_path: Path, line: str, kind: str) -> None:
    home = tmp_path / "my home"
    (home / "data").mkdir(parents=True)
    table = mounts(tmp_path, line.format(*[str(home).replace(" ", "\\040")] * 2))
    found = unsafe_location(home / "data", table)
    assert (found.cause if found else "") == kind


@pytest.mark.parametrize(
    ("folders", "program"),
    [
        ("Dropbox/bpost", "Dropbox"),
        ("OneDrive - Company/x/bpost", "OneDrive"),
        ("Library/Mobile Documents/x", "iCloud"),
        ("sync/.stfolder", "Syncthing"),
        ("cloud/.nextcloudsync.log", "Nextcloud"),
        ("plain/bpost", ""),
        ("Dropboxes/bpost", ""),
    ],
)
def test_unsafe_location_is_found_by_syncing_programs_names_and_markers(tmp_path: Path, folders: str, program: str) -> None:
    (tmp_path / folders).mkdir(parents=True)
    found = unsafe_location((tmp_path / folders).parent / "data", mounts(tmp_path))
    assert (found.cause if found else "") == program


def test_unsafe_location_is_none_without_a_mount_table(tmp_path: Path) -> None:
    assert unsafe_location(tmp_path, tmp_path / "none") is None


def test_library_in_an_unsafe_location_reports_once_and_uses_no_wal(
    tmp_path: Path, make_story: MakeStory, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path) as library:  # created before the folder was on a network
        library.save([make_story(1)], now=now)
    with monkeypatch.context() as patch:
        patch.setattr(location.unsafe_location, "__defaults__", (mounts(tmp_path, f"server:/home {tmp_path.parent} nfs4 rw 0 0"),))
        for round_number in range(2):
            with Library(tmp_path) as library:
                assert len(library.notices) == 1 - round_number
                assert all("nfs4" in notice for notice in library.notices)
                library.save([make_story(2 + round_number)], now=now)
                library.set_mark("read", [1], True, now=now)
                assert not list(tmp_path.glob("*-wal")) and not list(tmp_path.glob("*-shm"))
                before = library.revision()
                with Library(tmp_path) as other:
                    other.set_mark("starred", [1], round_number == 0, now=now)
                assert library.revision() != before
    with Library(tmp_path) as library:  # the folder is local again
        library.set_mark("later", [1], True, now=now)
        assert (library.count(ListFilter()), library.unread_count()) == (3, 2)
        assert list(tmp_path.glob("stories.db-wal"))
