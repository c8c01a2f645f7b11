from __future__ import annotations

import os
from pathlib import Path

from bpost_tui.mark_sync.machine_identity import identify_machine


def test_machine_id_is_stable(tmp_path: Path) -> None:
    assert identify_machine(tmp_path) == identify_machine(tmp_path)
    assert len(identify_machine(tmp_path).id) == 16


def test_copied_home_has_another_machine_id(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.write_text("0" * 32 + "\n")
    there.write_text("1" * 32 + "\n")
    library = tmp_path / "library"
    assert identify_machine(library, ids=[here], host="a").id != identify_machine(library, ids=[there], host="a").id
    assert identify_machine(library, ids=[here], host="a").id == identify_machine(library, ids=[here], host="renamed").id


def test_machine_without_a_system_id_uses_its_host_name(tmp_path: Path) -> None:
    empty = tmp_path / "machine-id"
    empty.touch()
    ids = [tmp_path / "missing", empty]
    assert identify_machine(tmp_path, ids=ids, host="a").id != identify_machine(tmp_path, ids=ids, host="b").id


def test_machine_id_differs_for_another_library(tmp_path: Path) -> None:
    assert identify_machine(tmp_path / "a").id != identify_machine(tmp_path / "b").id


def test_host_name_is_sanitized(tmp_path: Path) -> None:
    assert identify_machine(tmp_path, host="lap\x1b[2Jtop").host == "lap[2Jtop"


def test_machine_id_is_stable_across_versions(tmp_path: Path) -> None:
    (tmp_path / "machine-id").write_text("0" * 32 + "\n")
    assert identify_machine(Path("/a/library"), ids=[tmp_path / "machine-id"], host="a") == ("4051e6ca128ee04b", "a")


def test_machine_id_accepts_odd_folders_and_cuts_long_system_ids(tmp_path: Path) -> None:
    ids = [tmp_path / "short", tmp_path / "long"]
    ids[0].write_text("0" * 64)
    ids[1].write_text("0" * 65)
    odd = Path(os.fsdecode(b"/home/\xff"))
    assert identify_machine(odd, ids=ids[:1], host="a") == identify_machine(odd, ids=ids[1:], host="a")
