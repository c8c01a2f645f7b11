from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.paths import close_within, folders, make_private

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def test_folders_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    found = folders()
    assert (found.data, found.config, found.state) == tuple(tmp_path / name / "bpost" for name in ("DATA", "CONFIG", "STATE"))


def test_folders_use_a_given_data_dir(tmp_path: Path) -> None:
    assert folders(tmp_path / "there").data == tmp_path / "there"


def test_created_library_folder_is_private(tmp_path: Path) -> None:
    folder = make_private(folders(tmp_path / "new" / "data").library)
    assert folder == tmp_path / "new" / "data" / "library"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_make_private_reports_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError) as caught:
            make_private(folder)
        assert str(folder) in caught.value.message
        assert "--data-dir" in caught.value.hint


def test_make_private_closes_an_open_folder(tmp_path: Path) -> None:
    folder = tmp_path / "portal"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    assert make_private(folder) == folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode == folder.parent.stat().st_mode


def test_close_within_closes_folders_but_follows_no_links(tmp_path: Path) -> None:
    for name in ("elsewhere", "library", "library/backups"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    (tmp_path / "library" / "pictures").symlink_to(tmp_path / "elsewhere")
    close_within(tmp_path / "library")
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("elsewhere", "library", "library/backups")}
    assert modes == {"elsewhere": 0o755, "library": 0o755, "library/backups": 0o700}
    close_within(tmp_path / "missing")


def test_make_private_ignores_a_read_only_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, _: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", fail)
    assert make_private(tmp_path) == tmp_path
