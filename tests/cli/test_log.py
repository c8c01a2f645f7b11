"""Tests of the log, written on demand: requests, saves, faults, parser processes, and no word of a story."""

from __future__ import annotations

import re
from pathlib import Path

from bpost_tui.store.library import Library
from tests.cli.bpost_process import NOBODY, Bpost
from tests.sample_portal.server import SamplePortal

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ ")


def events(file: Path) -> list[str]:
    """Return the lines of the log without times and process numbers."""
    found = file.read_text("utf-8").splitlines()
    assert all(TIME.match(line) for line in found)
    return [TIME.sub("", line, count=1) for line in found]


def test_log_of_a_refresh_has_requests_saves_and_processes(bpost: Bpost, edition: SamplePortal, tmp_path: Path) -> None:
    file = tmp_path / "log"
    bpost.run("refresh", "--log", str(file))
    lines = events(file)
    assert lines[0].startswith("start bpost=") and lines[0].endswith("verb=refresh")
    host = edition.address.removeprefix("http://")
    requests = [line for line in lines if line.startswith("request ")]
    assert any(re.fullmatch(rf"request method=GET host={host} path=/feed status=200 bytes=\d+ ms=\d+", line) for line in requests)
    assert any(re.fullmatch(r"save new=\d+ updated=0 ms=\d+", line) for line in lines)
    started, ended = (next(line for line in lines if line.startswith(f"parser-{what} ")) for what in ("start", "end"))
    child = re.search(r"child=\d+", started)
    assert child and re.fullmatch(rf"parser-end {child[0]} exit=-?\d+ ms=\d+", ended)
    assert file.stat().st_mode & 0o777 == 0o600


def test_log_has_class_and_message_of_faults(bpost: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "log"
    bpost.run("refresh", "--portal", NOBODY, code=3, BPOST_LOG=str(file))
    bpost.run("show", "১২৩", code=1, BPOST_LOG=str(file))
    lines = events(file)
    assert any(line.startswith('fault error="PortalError: http://127.0.0.1:9/feed: can') for line in lines)
    assert any(re.match(r'request method=GET host=127.0.0.1:9 path=/feed status=- error="\w+: can', line) for line in lines)
    assert [line for line in lines if "NotFoundError" in line] and "১২৩" not in file.read_text()


def test_log_contains_no_word_of_stories_or_queries(reading: Bpost, tmp_path: Path) -> None:
    file = tmp_path / "log"
    for arguments in (
        ("list",),
        ("search", "বাংলা"),
        ("search", "xyzzyxyzzy"),
        ("list", "-q", "গোপন"),
        ("show", "1", "--plain"),
        ("export",),
    ):
        reading.run(*arguments, "--log", str(file), code=None)
    with Library(next(reading.data.iterdir()), read_only=True) as library:
        words = {word for n in range(1, 5) for word in library.headline(n).title.split() if len(word) > 3}
    text = file.read_text("utf-8")
    assert [word for word in {*words, "বাংলা", "গোপন", "xyzzyxyzzy"} if word in text] == []


def test_log_is_not_written_by_default(reading: Bpost) -> None:
    reading.run("list", BPOST_LOG="")
    assert [path.name for path in reading.home.rglob("*log*")] == []


def test_unwritable_log_ends_the_command(reading: Bpost, tmp_path: Path) -> None:
    lines = reading.run("list", "--log", str(tmp_path / "no" / "log"), code=2).stderr
    assert lines == f"bpost: {tmp_path}/no/log: No such file or directory\n"
