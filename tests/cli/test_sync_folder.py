"""Tests of the same marks on two machines, by the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.bpost_process import Bpost


def test_marks_are_the_same_on_both_machines(machines: tuple[Bpost, Bpost]) -> None:
    laptop, desktop = machines
    first, second = (row["guid"] for row in laptop.json("list")[:2])
    laptop.run("mark", "star", first)
    desktop.run("mark", "read", second)
    assert [row["guid"] for row in desktop.json("list", "--starred")] == [first]
    laptop.run("refresh")
    assert second not in [row["guid"] for row in laptop.json("list", "--unread")]
    desktop.run("mark", "unstar", first)
    laptop.run("mark", "later", second)
    assert laptop.json("list", "--starred") == []


def test_fetch_syncs_marks_with_other_machines(machines: tuple[Bpost, Bpost]) -> None:
    laptop, desktop = machines
    first = laptop.json("list")[0]["guid"]
    laptop.run("mark", "star", first)
    desktop.run("fetch")
    assert [row["guid"] for row in desktop.json("list", "--starred")] == [first]


def test_refresh_reports_a_missing_sync_folder_once(saved: Bpost, tmp_path: Path) -> None:
    saved.config.write_text(f'sync_folder = "{tmp_path}/unmounted/bpost"\n')
    for verb in ("refresh", "fetch"):
        assert saved.run(verb, code=4).stderr.count("sync_folder: ") == 1


def test_library_names_synced_machines_and_unknown_files(machines: tuple[Bpost, Bpost], tmp_path: Path) -> None:
    laptop, desktop = machines
    laptop.run("mark", "star", "1")
    folder = tmp_path / "Sync" / "bpost"
    (folder / "notes.txt").write_text("\x1b[2J")
    result = laptop.run("library").stdout
    assert f"Sync folder: {folder}\n" in result
    assert "notes.txt: not written by bpost" in result
    status = laptop.json("library")["sync_folder"]
    assert (status["folder"], len(status["machines"]), status["waiting"]) == (str(folder), 1, False)
    assert status["problems"] == ["notes.txt: not written by bpost"]
    assert "Other machines: " in desktop.run("library").stdout


def test_mark_is_saved_despite_a_missing_sync_folder(saved: Bpost, tmp_path: Path) -> None:
    saved.config.write_text(f'sync_folder = "{tmp_path}/unmounted/bpost"\n')
    result = saved.run("mark", "star", "1")
    assert result.stdout == "1 story changed\n"
    assert result.stderr.startswith(f"sync_folder: {tmp_path}/unmounted/bpost: ") and result.stderr.count("\n") == 1
    assert "Some of your marks aren't in the sync folder yet" in saved.run("library").stdout


def test_relative_sync_folder_is_a_config_problem(saved: Bpost) -> None:
    saved.config.write_text('sync_folder = "Sync/bpost"\n')
    assert 'config.toml:1: sync_folder must be a folder\'s whole path, such as "~/Sync/bpost"' in saved.run("unread").stderr
