from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bpost_tui import log
from bpost_tui.errors import ContentError, NotFoundError, PortalError, StoreError, UsageError
from bpost_tui.i18n import Reason, prefix_reason


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    log.start(tmp_path / "log")
    yield tmp_path / "log"
    assert log._log.descriptor is not None
    os.close(log._log.descriptor)
    log._log.descriptor = log._log.fault = None


def lines(file: Path) -> list[str]:
    """Return the lines of a log without their times and process numbers, after checking those."""
    found = [
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (\d+) (.+)", line) for line in file.read_text("utf-8").splitlines()
    ]
    assert all(each is not None and each[1] == str(os.getpid()) for each in found)
    return [each[2] for each in found if each]


def test_log_event_does_nothing_without_a_log() -> None:
    log.log_event("save", new=1)
    log.log_error("no")
    with log.log_request("GET", "https://example.org/"):
        pass


def test_log_event_is_a_line_with_its_fields(file: Path) -> None:
    log.log_event("save", since=time.monotonic() - 0.2, new=3, why="two words", path='a"b', nothing="", none=None, escape="\x1b[2J")
    (line,) = lines(file)
    assert re.sub(r"ms=2\d\d", "ms=200", line) == (
        r'save new=3 why="two words" path="a\"b" nothing=- none=- escape="\u001b[2J" ms=200'
    )


def test_log_file_is_private_and_appended_to(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from bpost_tui import log; log.start(Path(sys.argv[1])); log.log_event('a')"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, tmp_path / "log"], check=True)
    assert (tmp_path / "log").read_text().count(" a\n") == 2
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
def test_log_is_not_written_through_a_planted_link(tmp_path: Path) -> None:
    (tmp_path / "bashrc").touch()
    (tmp_path / "log").symlink_to(tmp_path / "bashrc")
    os.chown(tmp_path / "log", 1000, 1000, follow_symlinks=False)
    with pytest.raises(PermissionError):
        log.start(tmp_path / "log")


def test_log_of_two_processes_has_whole_lines(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bpost_tui import log; log.start(Path(sys.argv[1]))\n"
        "for n in range(2000): log.log_event('line', text='x' * (n % 250), n=n)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "log"]) for _ in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    written = (tmp_path / "log").read_text().splitlines()
    assert len(written) == 4000
    assert all(re.fullmatch(r"\S+ \d+ line text=(-|x*) n=\d+", line) for line in written)


def test_logged_request_omits_its_query(file: Path) -> None:
    with log.log_request("GET", "https://example.org:8443/feed/?s=secret") as record:
        record.response = SimpleNamespace(status_code=200, num_bytes_downloaded=1234)
    (line,) = lines(file)
    assert re.fullmatch(r"request method=GET host=example.org:8443 path=/feed/ status=200 bytes=1234 ms=\d+", line)


def test_logged_request_has_its_error(file: Path) -> None:
    with pytest.raises(PortalError), log.log_request("GET", "https://example.org"):
        raise PortalError(prefix_reason("https://example.org", Reason("more than {n} redirects", n=5)))
    (line,) = lines(file)
    line = re.sub(r"ms=\d+", "ms=0", line)
    error = '"PortalError: https://example.org: more than 5 redirects"'
    assert line == f"request method=GET host=example.org path=/ status=- error={error} ms=0"


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (StoreError("/x/stories.db: the disk is full"), '"StoreError: /x/stories.db: the disk is full"'),
        (ContentError(Reason("story {n}", n=3)), '"ContentError: story 3"'),
        (
            UsageError(Reason("“{what}” isn't a whole number from 1 to 99999999", what="ভোট")),
            '"UsageError: “{what}” isn\'t a whole number from 1 to 99999999"',
        ),
        (NotFoundError("ভোট"), "NotFoundError"),
        (ValueError("ভোট"), "ValueError"),
        (OSError(13, "Permission denied", "ভোট"), '"PermissionError: Permission denied"'),
    ],
    ids=lambda each: type(each).__name__,
)
def test_logged_fault_quotes_no_stories_or_typed_text(file: Path, error: Exception, described: str) -> None:
    log.log_error(error)
    assert lines(file) == [f"fault error={described}"]


def test_reraised_fault_is_logged_once(file: Path) -> None:
    error = StoreError("a")
    for each in (error, error, StoreError("b"), error):
        log.log_error(each)
    assert lines(file) == ['fault error="StoreError: a"', 'fault error="StoreError: b"', 'fault error="StoreError: a"']


def test_log_event_is_lost_silently_on_a_full_disk(file: Path) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    kept, log._log.descriptor = log._log.descriptor, full
    log.log_event("save")
    log._log.descriptor = kept
    os.close(full)
