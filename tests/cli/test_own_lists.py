"""Tests of the reader's own lists by scripts: made, filled, shown, exported and imported, the same on two machines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.cli.bpost_process import Bpost


def test_lists_are_filled_shown_renamed_and_deleted(saved: Bpost) -> None:
    first, second, third, *_ = (row["id"] for row in saved.json("list"))
    none = saved.run("lists", "--language", "en")
    assert (none.stdout, none.stderr) == ("", "You have no lists yet. `bpost lists make NAME` creates one.\n")
    put = saved.run("lists", "put", "পরে পড়ব", str(first), str(second), "--language", "en")
    assert (put.stdout, put.stderr) == ("2 stories changed\n", "List “পরে পড়ব” created\n")
    assert saved.run("lists", "put", "পরে পড়ব", str(first), "--language", "en").stdout == "0 stories changed\n"
    saved.run("mark", "read", str(first))
    assert saved.json("lists") == [{"name": "পরে পড়ব", "saved": 2, "unread": 1}]
    assert saved.run("lists", "--language", "en").stdout == "1 / 2  পরে পড়ব\n"
    assert [row["id"] for row in saved.json("list", "-l", "পরে পড়ব")] == [first, second]
    assert [row["id"] for row in saved.json("list", "-l", "পরে পড়ব", "--unread")] == [second]
    assert {row["id"] for row in saved.json("search", 'list:"পরে পড়ব"')} == {first, second}
    assert {row["id"] for row in saved.json("list", "-l", "পরে পড়ব", "-q", "is:read")} == {first}
    for slug in {each["slug"] for row in saved.json("list") for each in row["categories"]}:
        within = [row["id"] for row in saved.json("list", "-l", "পরে পড়ব", "-c", slug)]
        assert within == [row["id"] for row in saved.json("list", "-c", slug) if row["id"] in (first, second)]
    saved.run("lists", "take", "পরে পড়ব", str(first), str(third))
    saved.run("lists", "rename", "পরে পড়ব", "Trip")
    assert [row["id"] for row in saved.json("list", "--list", "Trip")] == [second]
    saved.run("lists", "delete", "Trip")
    assert saved.json("lists") == []


def test_unknown_list_is_an_error_with_a_hint(saved: Bpost) -> None:
    saved.run("lists", "make", "Weekend")
    assert saved.run("lists", "make", "Weekend", "--language", "en").stdout == "There is a list “Weekend” already\n"
    for arguments in (("list", "-l", "Weeknd"), ("lists", "take", "Weeknd", "1"), ("lists", "delete", "Weeknd")):
        result = saved.run(*arguments, "--language", "en", code=1).stderr
        assert "no list is called 'Weeknd'" in result
        assert "Did you mean Weekend?" in result
    assert saved.run("lists", "put", code=1).stdout == ""
    assert saved.run("lists", "rename", "Weekend", code=2).stdout == ""
    missing = saved.run("lists", "put", "Weekend", "999", "--language", "en", code=1)
    assert missing.stderr == "bpost: no story 999 in the library\n"


def test_story_is_not_put_into_a_misspelt_list(saved: Bpost) -> None:
    story = str(saved.json("list")[0]["id"])
    saved.run("lists", "make", "Weekend")
    refused = saved.run("lists", "put", "Weeknd", story, "--language", "en", code=1).stderr
    assert "no list is called 'Weeknd'" in refused
    assert "Did you mean Weekend? `bpost lists make` makes a new one." in refused
    saved.run("lists", "make", "Weeknd")
    saved.run("lists", "put", "Weeknd", story)
    saved.run("lists", "put", "Trip 1", story)
    saved.run("lists", "put", "Trip 2", story)
    assert [each["name"] for each in saved.json("lists")] == ["Trip 1", "Trip 2", "Weekend", "Weeknd"]


def test_lists_survive_export_import_and_pruning(saved: Bpost, tmp_path: Path) -> None:
    first, *_, last = (row["id"] for row in saved.json("list", "-n", "50"))
    saved.run("lists", "put", "Trip", str(first), str(last))
    saved.run("lists", "make", "Empty")
    saved.run("lists", "rename", "Trip", "Journey")
    path = tmp_path / "all.json"
    saved.run("export", "-o", str(path))
    exported = json.loads(path.read_text(encoding="utf-8"))
    assert exported["lists"] == [{"key": "Empty", "name": "Empty"}, {"key": "Trip", "name": "Journey"}]
    other = replace(saved, home=tmp_path / "other")
    other.run("import", str(path))
    assert [(each["name"], each["saved"]) for each in other.json("lists")] == [("Empty", 0), ("Journey", 2)]
    saved.run("library", "prune", "--older-than", "1d")
    assert last in [row["id"] for row in saved.json("list", "-n", "50")]


def test_lists_are_the_same_on_two_machines(machines: tuple[Bpost, Bpost]) -> None:
    saved, desktop = machines
    guid = saved.json("list")[0]["guid"]
    saved.run("lists", "put", "Trip", guid)
    desktop.run("lists", "rename", "Trip", "Journey", code=1)  # this command reads the new list from the folder
    desktop.run("lists", "make", "Empty")
    desktop.run("lists", "rename", "Trip", "Journey")
    assert [row["guid"] for row in desktop.json("list", "-l", "Journey")] == [guid]
    saved.run("lists", "make", "Empty")
    assert [each["name"] for each in saved.json("lists")] == ["Empty", "Journey"]
