from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bpost_tui.bengali import word_tables
from bpost_tui.bengali.word_tables import WordTableEntry, entries

TABLES = sorted((Path(word_tables.__file__).parent / "tables").iterdir())


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_table_line_is_read_and_unique(path: Path) -> None:
    found = list(entries(path.stem, str))
    written = [line for line in path.read_text("utf-8").splitlines() if line and line[0] not in "#["]
    assert len(found) == len(written) > 0
    assert [line for line, count in Counter(written).items() if count > 1] == []


def test_part_of_a_table_is_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "few.txt").write_text("# a note\n[one]\nবই: ~boi\n\n[two]\nছাত্র, ছাত্রী < student, pupil\nভাল, ভালো\n")
    monkeypatch.setattr(word_tables, "_FOLDER", tmp_path)
    two = [
        WordTableEntry(("ছাত্র", "ছাত্রী"), ("student", "pupil"), is_one_way=True),
        WordTableEntry(("ভাল", "ভালো"), (), is_one_way=False),
    ]
    assert list(entries("few", str, "two")) == two
    assert list(entries("few", str)) == [WordTableEntry(("বই",), ("~boi",), is_one_way=False), *two]


@pytest.mark.parametrize("wrong", ["বই:boi", "বই : boi", "বই: Boi", "boi: বই", "বই,খাতা", "বই: ", "বই < ", "বই: boi\x1b[0m", " বই"])
def test_bad_table_line_is_refused_with_its_line_number(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "few.txt").write_text(f"খবর: khabar\n{wrong}\n")
    monkeypatch.setattr(word_tables, "_FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"few\.txt, line 2"):
        list(entries("few", str))
