from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.errors import StoreError
from bpost_tui.paths import folders, make_private, portal_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://thebengalpost.net", "thebengalpost.net"),
        ("https://www.thebengalpost.net", "thebengalpost.net"),
        ("http://thebengalpost.net", "thebengalpost.net"),
        ("http://localhost:8080", "localhost-8080"),
    ],
)
def test_portal_key_when_plain_is_the_host(address: str, key: str) -> None:
    assert portal_key(address) == key


@pytest.mark.parametrize("address", ["https://example.org/news", "http://[::1]:8080", "https://খবর.in", "https://h/../.."])
def test_portal_key_when_changed_is_safe_and_ends_in_a_hash(address: str) -> None:
    assert re.fullmatch(r"[a-z0-9.-]*[0-9a-f]{8}", portal_key(address))


def test_portal_key_when_paths_differ_differs() -> None:
    keys = {portal_key(f"https://example.org{path}") for path in ("", "/a", "/a/b", "/a-b", "/A")}
    assert len(keys) == 5


@given(st.text(max_size=200))
def test_portal_key_when_anything_is_one_safe_name(path: str) -> None:
    key = portal_key("https://example.org/" + path.replace("[", "").replace("]", ""))
    assert key.startswith("example.org")
    assert key.isascii() and not set(key) & set("/\\:\0")
    assert len(key) <= 100


def test_folders_when_xdg_is_set_follow_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    found = folders()
    assert (found.data, found.config, found.state) == tuple(tmp_path / name / "bpost" for name in ("DATA", "CONFIG", "STATE"))


def test_folders_when_a_data_dir_is_given_use_it(tmp_path: Path) -> None:
    assert folders(tmp_path / "there").data == tmp_path / "there"


def test_library_when_made_is_private(tmp_path: Path) -> None:
    folder = make_private(folders(tmp_path / "new" / "data").library("https://thebengalpost.net"))
    assert folder == tmp_path / "new" / "data" / "thebengalpost.net"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_make_private_when_a_file_is_in_the_way_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError) as caught:
            make_private(folder)
        assert str(folder) in caught.value.message
        assert "--data-dir" in caught.value.hint
