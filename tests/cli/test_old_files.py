"""Tests that files of bpost 0.1 (tests/data/from_0_1) still work: library, exported file, config, choices."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bpost_tui.cli.shared.command_context import default_keys
from bpost_tui.config.key_names import RENAMED
from bpost_tui.core.state.preferences import Preferences
from tests.cli.bpost_process import Bpost
from tests.config_files import load
from tests.pty.pty_terminal import Terminal, letters

DATA = Path(__file__).parents[1] / "data" / "from_0_1"
REBUILT = "this version searches in another way, so the search index is rebuilt\n"
_SINCE = frozenset({"source", "text_end", "paper", "paper_name", "papers", "lists", "passages", "changed"})


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def whole(exported: dict[str, Any]) -> dict[str, Any]:
    """Return an exported library without the fields that differ between exports."""
    return {name: value for name, value in exported.items() if name != "exported"}


def as_0_1_wrote(exported: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that 0.1 exported; checks first that the newer ones are empty, or name the one paper."""
    assert (exported["version"], exported["passages"], exported["lists"], len(exported["papers"])) == (1, [], [], 1)
    (paper,) = (each["key"] for each in exported["papers"])
    newer = {(story["paper"], tuple(story.get("lists", ())), story["text_end"]) for story in exported["stories"]}
    assert newer == {(paper, (), "")}
    stories = [{name: value for name, value in story.items() if name not in _SINCE} for story in exported["stories"]]
    return {**{name: value for name, value in exported.items() if name not in _SINCE}, "stories": stories}


def without_numbers(exported: dict[str, Any]) -> dict[str, Any]:
    """Return an exported library without the numbers of its stories, ordered by guid."""
    stories = [{name: value for name, value in story.items() if name != "id"} for story in exported["stories"]]
    return {**whole(exported), "stories": sorted(stories, key=lambda story: story["guid"])}


@pytest.fixture
def old(tmp_path: Path) -> Bpost:
    """Bpost in the home of a reader whose library has the schema of 0.1, and who had its config and choices."""
    bpost = Bpost(tmp_path, "https://thebengalpost.net")
    library = bpost.data / "library"
    library.mkdir(parents=True)
    for name in ("stories.db", "reader.db"):
        (library / name).write_bytes(gzip.decompress((DATA / f"{name}.gz").read_bytes()))
    bpost.config.write_bytes((DATA / "config.toml").read_bytes())
    state = tmp_path / ".local/state/bpost"
    state.mkdir(parents=True)
    (state / "choices.json").write_bytes((DATA / "choices.json").read_bytes())
    return bpost


def test_library_of_0_1_gives_the_same_export(old: Bpost) -> None:
    ended = old.run("export")
    assert ended.stderr == REBUILT
    assert whole(as_0_1_wrote(json.loads(ended.stdout))) == whole(read(DATA / "exported.json"))


def test_export_of_0_1_imports_to_the_same_library(old: Bpost, tmp_path: Path) -> None:
    other = ("--data-dir", str(tmp_path / "other"))
    assert old.run("import", str(DATA / "exported.json"), *other).stdout == "6 new stories, 0 updated, 5 marked\n"
    exported = as_0_1_wrote(json.loads(old.run("export", *other).stdout))
    assert without_numbers(exported) == without_numbers(read(DATA / "exported.json"))
    assert old.run("import", str(DATA / "exported.json")).stdout == "0 new stories, 0 updated, 0 marked\n"


@pytest.mark.parametrize(
    "command",
    [
        *("list", "unread --count", "categories", "search মেদিনীপুর", "show 1", "mark star 1", "export --format markdown"),
        *("library stats", "library verify", "config check", "doctor"),
    ],
)
def test_every_verb_opens_0_1_files_and_reports_only_reindexing(old: Bpost, command: str) -> None:
    ended = old.run(*command.split(), "--offline")
    opens = command not in ("config check", "doctor")
    assert ended.stderr == (
        REBUILT if opens else ""
    )  # the message comes once: this command is the first to open the library for writing
    assert [path.name for path in old.data.rglob("*.db.*")] == []  # nothing was set aside


def test_reader_opens_0_1_files_without_a_message(old: Bpost) -> None:
    with Terminal(["--offline", "--language", "en", "--text", "cells"], old.home) as terminal:
        terminal.wait_for(letters("শুধু সংক্ষেপ"))
        screen = "\n".join(terminal.alternate.display)
        terminal.type("q")  # as 0.1 had it
        assert terminal.end() == 0
    assert re.search("config|damaged|renamed|rescued|newer", screen) is None


def test_config_of_0_1_gives_the_same_settings() -> None:
    settings, problems = load(DATA / "config.toml", actions=default_keys())
    assert problems == ()
    loaded = json.loads(
        json.dumps(settings._asdict(), default=lambda value: dict(value) if hasattr(value, "items") else str(value))
    )
    expected = read(DATA / "settings.json")
    assert expected["bangla_date"] is False
    expected["bangla_date"] = "off"  # as `false` is called since there are two calendars
    expected["keys"] = {RENAMED.get(action, action): keys for action, keys in expected["keys"].items()}
    assert loaded == {**loaded, **expected}


def test_choices_of_0_1_are_kept(tmp_path: Path) -> None:
    (tmp_path / "choices.json").write_bytes((DATA / "choices.json").read_bytes())
    choices = asdict(Preferences(tmp_path).values)
    assert choices == {**choices, **read(DATA / "choices.json")}


def test_saving_choices_keeps_those_of_a_newer_bpost(tmp_path: Path) -> None:
    path = tmp_path / "choices.json"
    path.write_text(json.dumps({"theme": "night", "of_tomorrow": {"any": ["thing"]}}))
    Preferences(tmp_path).save(zoom_px=2)
    assert read(path)["of_tomorrow"] == {"any": ["thing"]}
    choices = Preferences(tmp_path).values
    assert (choices.theme, choices.zoom_px) == ("night", 2)
