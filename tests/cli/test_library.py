"""Tests of `bpost library`, and of how long stories are kept."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.bpost_process import Bpost


def test_library_shows_stats_verifies_prunes_and_compacts(saved: Bpost) -> None:
    saved.run("mark", "star", "1")
    stats = saved.json("library")
    assert (stats["stories"], stats["unread"], stats["starred"]) == (16, 16, 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stats["oldest"]) and stats["sizes"]["stories.db"] > 10_000
    assert "Starred: 1\n" in saved.run("library", "stats").stdout
    checked = (
        "Checked: 16 stories with their texts and lists, the marks of 1 stories, 0 groups of the same news, and the search index\n"
    )
    assert saved.run("library", "verify").stdout == f"{checked}No problems found\n"
    verified = {"sound": True, "problems": [], "checked": {"stories": 16, "groups": 0, "marked": 1}}
    assert saved.json("library", "verify") == verified
    result = saved.run("library", "prune", "--older-than", "1d", "--dry-run").stdout
    count = int(re.match(r"(\d+) stor(y|ies) would be removed: ", result)[1])  # type: ignore[index]
    saved.config.write_text('keep = "9999y"\n')
    assert saved.json("library", "prune") == {"pruned": 0, "prunable": 0, "before": "1970-01-01T00:00:00Z"}
    assert saved.run("library", "prune", "--older-than", "3000y").stdout.startswith("0 stories removed: ")
    assert saved.json("library")["stories"] == 16
    assert saved.run("library", "prune", "--older-than", "1d").stdout.startswith(f"{count} stor")
    assert saved.json("library")["stories"] == 16 - count
    assert saved.json("list", "--starred")[0]["id"] == 1
    assert re.fullmatch(r"[\d,]+ [kM]B → [\d,]+ [kM]B\n", saved.run("library", "compact").stdout)


def test_library_rejects_wrong_arguments(reading: Bpost) -> None:
    assert "keep" in reading.run("library", "prune", code=2).stderr
    for age in ("2", "0d", "-1d", "2 y", "99999y"):
        assert "age" in reading.run("library", "prune", f"--older-than={age}", code=2).stderr


def test_verify_gives_way_to_marks_and_keys_on_a_busy_machine(saved: Bpost) -> None:
    show = """
import os
from bpost_tui.store.maintenance import Maintenance
Maintenance.verify = lambda _: print(os.nice(0)) or ()
from bpost_tui.__main__ import main
main()
"""
    assert saved.python(show, "library", "verify").stdout.startswith(f"{min(19, os.nice(0) + 5)}\n")


def test_verify_of_a_damaged_library_exits_with_5(saved: Bpost) -> None:
    with closing(sqlite3.connect(next(saved.data.iterdir()) / "stories.db")) as db, db:
        db.execute("UPDATE lists SET total = 99 WHERE id = 0")
    found = saved.run("library", "verify", "--json", code=5)
    assert json.loads(found.stdout)["sound"] is False
    assert "miscounted" in found.stdout
    assert "stories.db was damaged; it was renamed to" in found.stderr
    assert saved.run("library", "verify").stdout.endswith("No problems found\n")


def test_verify_reports_problems_in_bengali(saved: Bpost) -> None:
    with closing(sqlite3.connect(next(saved.data.iterdir()) / "stories.db")) as db, db:
        db.execute("UPDATE lists SET total = 99 WHERE id = 0")
        db.execute("UPDATE texts SET blocks = '' WHERE story = 1")
    found = saved.run("library", "verify", code=5, LANG="bn_IN.UTF-8")
    assert found.stdout.partition("\n")[2] == "stories.db: ১টি বিভাগের গোনা ভুল\nstories.db: ১টি খবরের লেখা পড়া যাচ্ছে না\n"


def test_refresh_removes_stories_older_than_keep_unless_marked(saved: Bpost) -> None:
    oldest = saved.json("list", "-n", "99")[-1]
    saved.run("mark", "later", str(oldest["id"]))
    saved.config.write_text('keep = "2d"\n')
    saved.run("refresh")
    left = saved.json("list", "-n", "99")
    assert 1 < len(left) < 16 and left[-1]["id"] == oldest["id"]
    saved.config.write_text('keep = "two years"\n')
    assert "keep must be" in saved.run("list").stderr


def test_library_in_a_synced_folder_is_reported_once(bpost: Bpost) -> None:
    bpost.data.mkdir(parents=True)
    (bpost.data / ".stfolder").mkdir()
    result = bpost.run("refresh").stderr
    assert result.startswith(str(bpost.data)) and "(Syncthing): the library is in a folder that is synchronised" in result
    assert bpost.run("list").stderr == ""
    for _ in range(2):
        assert any("Syncthing" in line for line in bpost.json("doctor")["advice"])
    assert "কম্পিউটারের সঙ্গে" in bpost.run("doctor", "--language", "bn").stdout


def test_doctor_shows_the_named_config(bpost: Bpost, tmp_path: Path) -> None:
    assert bpost.json("doctor")["config"] == f"{tmp_path}/.config/bpost/config.toml"
    (tmp_path / "mine.toml").touch()
    assert bpost.json("doctor", "--config", f"{tmp_path}/mine.toml")["config"] == f"{tmp_path}/mine.toml"


def test_library_of_a_newer_bpost_is_renamed_and_rescued(saved: Bpost) -> None:
    saved.run("mark", "star", "1")
    for name in ("stories.db", "reader.db"):
        with closing(sqlite3.connect(next(saved.data.iterdir()) / name)) as db:
            db.execute("PRAGMA user_version = 99")
    result = saved.run("list", "--starred")
    assert result.stderr.count("was made by a newer bpost; it was renamed to") == 2
    assert saved.json("list", "--starred")[0]["id"] == 1
