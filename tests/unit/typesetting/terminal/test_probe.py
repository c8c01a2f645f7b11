"""Tests of the probe (queries to the terminal) in pseudo-terminals, with a simulated terminal at the other end."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import SimpleNamespace

import pytest

import bpost_tui.typesetting.terminal.probe as probe_module
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.cbreak import set_cbreak
from bpost_tui.typesetting.terminal.probe import REPLY_TIMEOUT_S, Probe
from bpost_tui.typesetting.terminal.queries import queries
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES, XTERM, Dialogue

pytestmark = pytest.mark.pty
Answer = Callable[[int], None]
LONG_S = 20.0


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the probe wait long for replies, so that a reply delayed by a busy machine isn't missed."""
    monkeypatch.setattr(probe_module, "REPLY_TIMEOUT_S", 10.0)
    monkeypatch.setattr(probe_module, "SLOW_REPLY_TIMEOUT_S", LONG_S)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the probe's usual timeout for terminals that aren't known to reply."""
    monkeypatch.setattr(probe_module, "REPLY_TIMEOUT_S", REPLY_TIMEOUT_S)


@contextmanager
def terminal(answer: Answer, *, pixels: tuple[int, int] = (1000, 600)) -> Iterator[str]:
    """Yield the path of a pseudo-terminal. Once the last query has come, `answer` is called with its other end to reply."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 2 * pixels[0], 2 * pixels[1]))

    def play() -> None:
        received = b""
        while not received.endswith(b"\x1b[c"):
            if not select.select([near], [], [], LONG_S)[0]:
                return
            received += os.read(near, 4096)
        answer(near)

    player = Thread(target=play)
    player.start()
    try:
        yield os.ttyname(far)
    finally:
        player.join()
        os.close(near)
        os.close(far)


def says(*pieces: bytes) -> Answer:
    def answer(fd: int) -> None:
        for piece in pieces:
            os.write(fd, piece)
            time.sleep(0.005)

    return answer


def probed(path: str, env: dict[str, str]) -> tuple[Probe, Capabilities]:
    with Probe.start(env, path) as probe:
        return probe, probe.finish()


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_probe_detects_an_answering_terminal(dialogue: Dialogue) -> None:
    with terminal(says(dialogue.answer), pixels=dialogue.pixels) as path:
        probe, capabilities = probed(path, {**os.environ, **XTERM, **dialogue.env})
    assert (capabilities.name, capabilities.render_mode) == (dialogue.name, dialogue.render_mode)
    assert probe.late_replies() is None


def test_probe_waits_for_the_end_of_a_split_reply() -> None:
    answer = DIALOGUES[0].answer
    with terminal(says(*(answer[at : at + 9] for at in range(0, len(answer), 9)))) as path:
        assert probed(path, XTERM)[1].render_mode is RenderMode.KITTY


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("env", [{}, {"COLORTERM": "truecolor"}, {"TERM": "screen"}], ids=str)
def test_probe_gives_up_on_a_silent_terminal(env: dict[str, str]) -> None:
    with terminal(says()) as path:
        start = time.monotonic()
        probe, capabilities = probed(path, {**XTERM, **env})
        took = time.monotonic() - start
    assert REPLY_TIMEOUT_S <= took < LONG_S
    assert capabilities.render_mode is RenderMode.MOSAIC
    assert (capabilities.cell_w_px, capabilities.cell_h_px) == (10, 20)
    late = probe.late_replies()
    assert late is not None
    assert late.feed(b"\x1b[?62;cj") == b"j"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "env",
    [{"SSH_CONNECTION": "1"}, {"KITTY_WINDOW_ID": "1"}, {"VTE_VERSION": "1"}, {"TERM": "foot"}, {"TERM": "st-256color"}],
    ids=str,
)
def test_probe_waits_longer_for_remote_or_known_terminals(env: dict[str, str]) -> None:
    def slowly(fd: int) -> None:
        time.sleep(REPLY_TIMEOUT_S + 0.1)
        os.write(fd, DIALOGUES[0].answer)

    with terminal(slowly) as path:
        assert probed(path, {**XTERM, **env})[1].render_mode is RenderMode.KITTY


def test_probe_waits_for_the_rest_of_a_begun_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, patience_s = DIALOGUES[0].answer, 2.0
    monkeypatch.setattr(probe_module, "REPLY_TIMEOUT_S", patience_s)  # long enough for a busy machine

    def haltingly(fd: int) -> None:
        os.write(fd, answer[:40])
        time.sleep(patience_s + 0.1)
        os.write(fd, answer[40:])

    with terminal(haltingly) as path:
        start = time.monotonic()
        assert probed(path, XTERM)[1].render_mode is RenderMode.KITTY
        assert time.monotonic() - start < LONG_S


def test_probe_counts_import_time_as_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(says()) as path, Probe.start(XTERM, path) as probe:
        time.sleep(REPLY_TIMEOUT_S)
        monkeypatch.setattr(probe_module, "REPLY_TIMEOUT_S", REPLY_TIMEOUT_S)
        monkeypatch.setattr(probe_module, "select", SimpleNamespace(select=never_waits))
        probe.finish()


def never_waits(read: list[int], write: list[int], other: list[int], seconds: float | None = None) -> tuple[list[int], ...]:
    assert seconds is not None and seconds <= 0
    return [], [], []


def test_probe_treats_garbage_as_keys() -> None:
    with terminal(says(b"\xff\x1b[999~\x1bP!|0\x1b\\q", next(each.answer for each in DIALOGUES if each.name == "foot"))) as path:
        probe, capabilities = probed(path, XTERM)
    assert capabilities.name == "foot"
    assert probe.replies.typed == b"\xff\x1b[999~\x1bP!|0\x1b\\q"


def test_probe_keeps_keys_typed_ahead() -> None:
    answer = DIALOGUES[1].answer
    with terminal(says(b"jj\r" + answer[:30] + b"\x1b[B" + answer[30:])) as path:
        probe, _ = probed(path, XTERM)
    assert probe.replies.typed.startswith(b"jj\r")


def test_probe_returns_other_programs_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put: list[bytes] = []

    def push_back(_: int, keys: bytes) -> bool:
        put.append(keys)
        return len(put) < 2

    monkeypatch.setattr(probe_module, "push_back", push_back)
    for lost in (False, True):
        with terminal(says(b"l" + DIALOGUES[0].answer + b"s\r")) as path:
            fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
            with Probe.start(XTERM, path, leaves_keys=True) as probe:
                assert probe.finish().render_mode is RenderMode.KITTY
            assert probe.has_lost_keys is lost
            set_cbreak(fd)
            assert os.read(fd, 99).rstrip() == b"s"
            os.close(fd)
    assert put == [b"l", b"l"]


@pytest.mark.parametrize("ending", ["finish", "close", "raise"])
def test_probe_restores_the_terminal_on_any_ending(ending: str) -> None:
    with terminal(says(DIALOGUES[0].answer)) as path:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        before = termios.tcgetattr(fd)
        try:
            with Probe.start(XTERM, path) as probe:
                assert termios.tcgetattr(fd) != before
                if ending == "finish":
                    probe.finish()
                elif ending == "raise":
                    raise LookupError
        except LookupError:
            pass
        assert termios.tcgetattr(fd) == before
        os.close(fd)


def test_probe_without_a_terminal_sends_nothing() -> None:
    probe, capabilities = probed("/nowhere/tty", XTERM)
    assert capabilities.render_mode is RenderMode.CELLS
    assert probe.late_replies() is None


@pytest.mark.parametrize("term", ["dumb", "linux"])
def test_probe_sends_nothing_to_terminals_that_print_queries(term: str) -> None:
    near, far = pty.openpty()
    probed(os.ttyname(far), {**XTERM, "TERM": term})
    assert select.select([near], [], [], 0)[0] == []
    os.close(near)
    os.close(far)


def test_queries_inside_multiplexers_omit_unsafe_ones() -> None:
    assert b"\x1b_G" in queries({})
    assert b"\x1b_G" not in queries({"TMUX": "/tmp/x,1,0"})
    assert queries({}).endswith(b"\x1b[c")
    assert b"\x1b]11;?" in queries({"STY": "1.a"}) and b"\x1b]11;?" not in queries({"STY": "1.a"}, only_before_da1=True)
    assert b"\x1b]11;?" in queries({}, only_before_da1=True)
