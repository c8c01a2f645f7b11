"""Tests of `passages`: kept passages are printed, written as Markdown and JSON, and merged into another library."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.model.passage import Passage
from bpost_tui.store.library import Library
from tests.cli.bpost_process import Bpost
from tests.cli.reader_data import keep_passage


@pytest.fixture
def kept(saved: Bpost) -> Passage:
    return keep_passage(saved, "দেখতে হবে")


def test_passages_are_printed_written_searched_and_merged(saved: Bpost, kept: Passage, tmp_path: Path) -> None:
    printed = saved.run("passages").stdout
    assert f"“{kept.selector.exact}”" in printed
    assert "দেখতে হবে" in printed
    assert kept.title in printed
    found = json.loads(saved.run("passages", "-q", "dekhte", "--format", "json").stdout)["passages"]
    assert found == json.loads(saved.run("passages", "--json").stdout)["passages"]
    assert saved.run("passages", "-q", "zzz", code=1).returncode == 1
    found = json.loads(saved.run("search", "passage:দেখতে", "--json").stdout)
    assert [each["id"] for each in found] == [1]
    assert saved.run("search", "passage:zzz", code=1).returncode == 1
    markdown = tmp_path / "passages.md"
    saved.run("passages", "--format", "markdown", "-o", str(markdown))
    assert f"> {kept.selector.exact.splitlines()[0][:20]}" in markdown.read_text(encoding="utf-8").replace("\\", "")
    exported = tmp_path / "passages.json"
    saved.run("passages", "--json", "-o", str(exported))
    (passage,) = json.loads(exported.read_text(encoding="utf-8"))["passages"]
    assert passage["selector"] == {
        "type": "TextQuoteSelector",
        **dict(zip(("exact", "prefix", "suffix"), kept.selector, strict=False)),
    }
    assert (passage["state"], passage["story"]) == ("same", 1)
    (library,) = json.loads(saved.run("export").stdout)["passages"]
    assert library["key"] == kept.key
    with Library(next(saved.data.iterdir())) as other:
        other.passages.delete(kept.key, now=kept.changed_at)
        assert other.count_passages() == 0
    saved.run("import", str(exported))
    with Library(next(saved.data.iterdir())) as other:
        assert other.count_passages() == 0  # the deletion is newer
    passage["changed"] = datetime.now(UTC).isoformat()
    exported.write_text(json.dumps({"format": "bpost-library", "version": 1, "passages": [passage]}), encoding="utf-8")
    saved.run("import", str(exported))
    with Library(next(saved.data.iterdir())) as other:
        (again,) = other.passages.all()
    assert again._replace(changed_at=kept.changed_at, id=kept.id) == kept


def test_passages_have_one_format(saved: Bpost, kept: Passage) -> None:
    assert saved.run("passages", "--json", "--format", "json").stdout.startswith('{"format": "bpost-library"')
    ended = saved.run("passages", "--format", "markdown", "--json", code=2)
    assert (ended.stdout, ended.stderr) == ("", "bpost: “--json” doesn't go with “--format markdown”\n")


@pytest.mark.parametrize("wrong", [{"selector": 1}, {"kept": None, "changed": None}, {"selector": {"exact": " "}}, {"guid": ""}])
def test_invalid_passages_are_refused(saved: Bpost, kept: Passage, tmp_path: Path, wrong: dict[str, object]) -> None:
    document = json.loads(saved.run("passages", "--json").stdout)
    document["passages"][0].update(wrong)
    place = tmp_path / "wrong.json"
    place.write_text(json.dumps(document), encoding="utf-8")
    result = saved.run("import", str(place), code=4)
    assert result.returncode == 4
    assert "1" in result.stderr
