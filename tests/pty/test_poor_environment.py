"""Tests of the reader in poor environments, and of the connections, programs and files that it makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults.fault import Stage, between, post
from tests.faults.fault_portal import JSON, RSS, FaultPortal, answer
from tests.faults.screen_trial import stream_wrong
from tests.pty.pty_terminal import Terminal
from tests.pty.reader_internals import everywhere
from tests.pty.test_reader import Open, wait_for_first_screen
from tests.scripted_portal import PUBLIC_HOST

pytestmark = pytest.mark.pty
_LIMIT = "import resource\nresource.setrlimit(resource.RLIMIT_{}, ({}, {}))"
FULL = _LIMIT.format("FSIZE", 0, 0)


@pytest.mark.parametrize(
    ("env", "patch"),
    [
        ({"LC_ALL": "C", "LANG": "C"}, ""),
        ({"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}, ""),
        ({"TZ": "Nowhere/At_All"}, ""),
        ({"TERM": "nonsense"}, ""),
        ({"COLUMNS": "no", "LINES": "-1"}, ""),
        ({"BROWSER": "/nowhere %s"}, ""),
    ],
    ids=["C", "POSIX", "TZ", "TERM", "COLUMNS", "BROWSER"],
)
def test_reader_works_in_a_poor_environment(open_reader: Open, env: dict[str, str], patch: str) -> None:
    terminal = open_reader(env=env, patch=patch)
    wait_for_first_screen(terminal)
    terminal.type("j\r")
    terminal.wait_for("%")
    terminal.leave("Q")
    assert not stream_wrong(terminal.raw)


@pytest.mark.parametrize("text", ["cells", "mosaic"])
def test_reader_in_gnu_screen_sends_no_true_colour(open_reader: Open, text: str) -> None:
    terminal = open_reader(text=text, env={"TERM": "screen-256color", "STY": "1.x", "COLORTERM": "truecolor"})
    terminal.wait_until(lambda: "\x1b[?1006h" in terminal.raw, "the reader never came")
    terminal.wait_until(lambda: "48;5;" in terminal.raw, "nothing was drawn")
    terminal.leave("Q")
    assert not re.search(r"[34]8;2;", terminal.raw)


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (100, 1), (2, 2), (500, 200)], ids=str)
def test_reader_survives_a_window_of_any_size(open_reader: Open, size: tuple[int, int]) -> None:
    terminal = open_reader(size=size)
    terminal.wait_until(lambda: "\x1b[?1006h" in terminal.raw, "the reader never came")
    terminal.type("j\rJ Q")
    assert terminal.end() == 0
    assert not stream_wrong(terminal.raw)


@pytest.mark.parametrize("most", [20])
def test_reader_with_few_descriptors_works_or_reports_it(open_reader: Open, most: int) -> None:
    terminal = open_reader(patch=_LIMIT.format("NOFILE", most, most))
    terminal.type_until_it_ends("Q")
    assert terminal.end() in (0, 5)
    assert "Traceback" not in terminal.raw and "is a bug" not in terminal.raw
    terminal.assert_restored(printed=True)


def test_reader_on_a_full_disk_shows_saved_stories(open_reader: Open) -> None:
    first = open_reader()
    wait_for_first_screen(first)
    first.type("Q")
    assert first.end() == 0
    terminal = open_reader(patch=FULL)
    terminal.wait_for("Bengal", "All news")
    terminal.type("jm\r")
    terminal.wait_for("%")
    terminal.type("Q")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.raw
    terminal.assert_restored(printed=True)


# ── traces that others could see ────────────────────────────────────────────

_AUDIT = """
import sys
log = open({log!r}, "a", buffering=1)
def hook(event, given):
    if event in ("socket.connect", "socket.sendto"):
        log.write(event + " " + repr(given[1]) + "\\n")
    elif event == "socket.getaddrinfo":
        log.write(event + " " + repr(given[0]) + "\\n")
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "webbrowser.open"):
        log.write(event + " " + repr(given[:2]) + "\\n")
sys.addaudithook(hook)
"""
OWN_PROCESSES = (
    "bpost_tui.portal.worker.parser_worker",
    "bpost_tui.refresh.refresh_worker",
    "('/bin/sh', ['/bin/sh', '-c', 'read -r line || printf %s",  # `typesetting.terminal.watcher`
)
EVIL = (
    '<p>পড়ুন</p><img src="@sentinel@/a.png"/><a href="@sentinel@/b">খ</a><iframe src="@sentinel@/c"></iframe>'
    '<link rel="stylesheet" href="@sentinel@/d"/><script src="@sentinel@/e"></script>'
)


PUBLIC = f"""
from bpost_tui import urls
asked = urls.is_public
urls.is_public = lambda ip: ip == {PUBLIC_HOST!r} or asked(ip)
"""
"""Python statements that make the reader take a second address of this machine for public, so that it sends requests there."""
FOREIGN = "<item><title>অন্য খবর</title><link>@foreign@/collect?n=3</link><guid>x-3</guid><description>শুরুটুকু […]</description></item>"
OWN = '<p><a href="@portal@/khobor-12/">আরও</a></p>'
LINKED = (
    '[{"id": 12, "guid": {"rendered": "x-12"}, "link": "@portal@/khobor-12/", "title": {"rendered": "লিংকের খবর"}, '
    '"content": {"rendered": "<p>এখানে।</p>"}}]'
)


def test_reader_contacts_only_the_portal_without_cookies(open_reader: Open, tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    with FaultPortal() as portal, FaultPortal() as sentinel, FaultPortal(PUBLIC_HOST) as foreign:
        stage = Stage(portal, sentinel, foreign)
        feed = stage.fill(between(post(11, "কঠিন লেখা", OWN + EVIL + EVIL.replace("@sentinel@", "@foreign@")), FOREIGN))
        portal.set_reply("/feed", answer(feed, "200 OK", RSS, "Set-Cookie: id=42; Path=/", "Link: <x>; rel=preload"))
        portal.set_reply(
            "/wp-json/*", lambda request: answer(stage.fill(LINKED) if "slug=khobor-12&" in request.path else "[]", "200 OK", JSON)
        )
        terminal = open_reader("--portal", portal.address, patch=everywhere(PUBLIC + _AUDIT.format(log=str(log))))
        terminal.wait_for_unread("All news", 4)  # the first story's message may soon replace "4 new"
        _read_all(terminal)
        _follow_the_link(terminal)
        terminal.type("r")
        terminal.wait_until(lambda: portal.count("/feed") > 1, "the portal was never asked again")
        terminal.wait_for("Nothing new")
        terminal.leave("Q")
        assert not sentinel.connections and not foreign.connections
        assert not [request for request in portal.requests if request.header("Cookie")]
        seen = log.read_text(encoding="utf-8").splitlines()
        others = [
            line for line in seen if line.startswith("socket") and not re.search(rf"'127\.0\.0\.1'(, {portal.port}\)|$)", line)
        ]
        assert any(line.startswith("socket.connect") for line in seen) and others == []
        assert [line for line in seen if not line.startswith("socket") and not any(each in line for each in OWN_PROCESSES)] == []
    kept = [path for path in tmp_path.rglob("*") if path != log and (path.is_file() or path.name == "bpost")]
    open_to_others = [path for path in kept if path.stat().st_mode & 0o077]
    assert open_to_others == []


def _follow_the_link(terminal: Terminal) -> None:
    """Open the second story of the list, which has a link to another story of the portal, and follow this link."""
    terminal.type("\x1b")
    terminal.wait_without("%")
    terminal.type("gj\r")
    terminal.wait_for("%")
    terminal.type(";")
    terminal.wait_for("[f]")
    terminal.type("f")
    terminal.wait_for("লিংকের")


def _read_all(terminal: Terminal) -> None:
    terminal.type("\r")
    terminal.wait_for("%")
    for _ in range(2):
        terminal.press("J")
