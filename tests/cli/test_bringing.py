"""The first start of a reader who had an earlier version, with a folder for each portal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost
from tests.unit.store.earlier_libraries import make_earlier


@pytest.fixture
def old(tmp_path: Path) -> Bpost:
    """Bpost in the home of a reader who had two papers."""
    bpost = Bpost(tmp_path, "https://thebengalpost.net")
    for key, count in (("example.org", 30), ("thebengalpost.net", 20)):
        (bpost.data / key).mkdir(parents=True)
        make_earlier(bpost.data / key, key, count)
    return bpost


def test_first_start_brings_all_over_and_library_says_so(old: Bpost) -> None:
    assert old.run("list", "-n", "1").stdout.split()[-2:] == ["thebengalpost.net", "20"]
    assert sorted(path.name for path in old.data.iterdir()) == ["brought-over", "library"]
    assert "example.org (30 stories" in old.run("library").stdout
    assert [each["folder"] for each in json.loads(old.run("library", "stats", "--json").stdout)["brought_over"]] == ["example.org"]
    assert old.run("library", "verify").stdout.strip()


def test_doctor_and_config_change_nothing_and_doctor_says_what_is_to_come(old: Bpost) -> None:
    old.run("config")
    told = old.run("doctor", "--language", "en").stdout
    assert "brought into the one library at the next start: example.org, thebengalpost.net" in told
    assert sorted(path.name for path in old.data.iterdir()) == ["example.org", "thebengalpost.net"]
    old.run("list")
    assert "next start" not in old.run("doctor", "--language", "en").stdout


def test_numbers_that_scripts_hold_go_on_finding_their_stories(old: Bpost) -> None:
    for key, number in (("thebengalpost.net", 17), ("example.org", 7), ("example.org", 30)):
        assert f"{key} {number}" in old.run("show", str(number), "--plain", "--portal", f"https://{key}").stdout
    assert old.run("show", "30", code=1).stdout == ""


def test_folder_that_an_older_version_makes_again_is_brought_over_too(old: Bpost) -> None:
    old.run("list")
    (old.data / "example.org").mkdir()
    make_earlier(old.data / "example.org", "example.org", 33)
    there = ("--portal", "https://example.org")
    assert len(old.run("list", "-n", "99", *there).stdout.splitlines()) == 33
    assert sorted(path.name for path in (old.data / "brought-over").iterdir()) == ["example.org", "example.org-2"]
