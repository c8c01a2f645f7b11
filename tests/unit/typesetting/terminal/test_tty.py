"""Tests of keys typed ahead for the next program, in pseudo-terminals."""

from __future__ import annotations

import fcntl
import os
import pty
import termios
from collections.abc import Iterator

import pytest

from bpost_tui.typesetting.terminal.cbreak import set_cbreak
from bpost_tui.typesetting.terminal.tty import has_pending_keys, push_back

pytestmark = pytest.mark.pty


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    near, far = pty.openpty()
    yield near, far
    os.close(near)
    os.close(far)


@pytest.mark.parametrize(("keys", "wait"), [(b"", False), (b"l", True), (b"ls\r", True)])
def test_has_pending_keys_changes_neither_keys_nor_terminal(ends: tuple[int, int], keys: bytes, wait: bool) -> None:
    near, far = ends
    os.write(near, keys)
    echo = b""
    while len(echo) < len(keys.replace(b"\r", b"\r\n")):  # the system accepts keys with a delay; their echo proves their arrival
        echo += os.read(near, 99)
    before = termios.tcgetattr(far)
    assert has_pending_keys(os.ttyname(far)) is wait
    assert termios.tcgetattr(far) == before
    set_cbreak(far)
    assert os.read(far, 99) == keys.replace(b"\r", b"\n")


def test_has_pending_keys_is_false_without_a_terminal() -> None:
    assert not has_pending_keys("/nowhere/tty")


def test_push_back_returns_keys_and_reports_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bytes] = []

    def ioctl(fd: int, request: int, key: bytes) -> None:
        assert request == termios.TIOCSTI
        taken.append(key)
        if key == b"\xff":
            raise OSError

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    assert push_back(0, b"")
    assert push_back(0, "ক".encode())
    assert b"".join(taken) == "ক".encode()
    assert not push_back(0, b"\xffno")
