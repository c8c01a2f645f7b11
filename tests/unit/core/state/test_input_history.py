"""Input history: lines by kind, the latest last, read back from a file in any state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpost_tui.core.state.input_history import InputHistory


def test_input_history_keeps_50_unique_lines_of_each_kind(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    lines = InputHistory(folder)
    assert lines.read("search") == ()
    assert not folder.exists()
    for line in ("নদী", "wc -l", "নদী"):
        lines.add("search", line)
    lines.add("program", "wc")
    assert InputHistory(folder).read("search") == ("wc -l", "নদী")
    assert InputHistory(folder).read("program") == ("wc",)
    for number in range(60):
        lines.add("search", str(number))
    assert lines.read("search") == tuple(map(str, range(10, 60)))
    assert [path.name for path in folder.iterdir()] == ["lines.json"]
    assert folder.stat().st_mode & 0o077 == (folder / "lines.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9999, b'{"search": 3}', b'{"search": null}'])
def test_damaged_input_history_is_empty_and_replaced(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "lines.json").write_bytes(text)
    assert InputHistory(tmp_path).read("search") == ()
    InputHistory(tmp_path).add("search", "নদী")
    assert InputHistory(tmp_path).read("search") == ("নদী",)


def test_input_history_skips_lines_that_nobody_can_type(tmp_path: Path) -> None:
    lines = ["নদী", "", 3, None, ["a"], "a\nb", "\x1b[2J", "\ud800", "x" * 5000, "শেষ"]
    (tmp_path / "lines.json").write_text(json.dumps({"search": lines}))
    assert InputHistory(tmp_path).read("search") == ("নদী", "শেষ")


def test_input_history_is_lost_silently_when_unwritable(tmp_path: Path) -> None:
    (tmp_path / "lines.json").mkdir()
    InputHistory(tmp_path).add("search", "নদী")
    assert InputHistory(tmp_path).read("search") == ()
