"""Terminal for tests of whole processes: a pseudo-terminal with a screen (by pyte) and answers to the app's queries.

with Terminal(["demo"], home) as terminal:
    terminal.wait_for("The Bengal Post")
    terminal.leave()
"""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import struct
import subprocess
import sys
import termios
import time
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from fcntl import ioctl
from pathlib import Path
from typing import Any, Self

import pyte

from bpost_tui.typesetting.terminal.cbreak import set_cbreak
from tests.child_processes import children, is_watcher
from tests.clean_environment import AS_INSTALLED, skip_tour
from tests.machine_load import load_factor

LIMIT_S = 60.0
"""Maximum time in seconds for any wait, on a busy machine."""
CELL_PX = (10, 20)
SHELL = "$ bpost"
"""Text, like a shell's prompt, on the terminal's main screen before the program starts."""

# starts the program in a session of its own, with the pseudo-terminal as the controlling one
_LAUNCH = """
import fcntl, os, sys, termios
if {controlling}:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *{program}, *sys.argv[1:]])
"""
PROMPT = "bash> "
_PATIENT = "import bpost_tui.typesetting.terminal.probe as asked\nasked.REPLY_TIMEOUT_S = asked.SLOW_REPLY_TIMEOUT_S = 20.0\n"
"""Python statements that make the app wait long for the terminal's answers at its start, in case the machine is busy."""
_LAUNCH_SHELL = f"""
import fcntl, os, termios
os.environ["PS1"] = "{PROMPT}"
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
"""
_TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)[ -/]*(?:(?P<final>[@-~])|(?=\x1b))|\x1b[\]P_^X][^\x1b\x07]*(?:\x1b\\|\x07|(?=\x1b[^\\]))"
    r"|\x1b(?P<short>[ -/]*[0-OQ-WYZ\\`-~])|(?P<text>[^\x1b]+)"
)
"""Pattern of a piece of output: an escape sequence, which another may cut off, or text."""
_DRAWN = "mABCDGHJKdf"
_ON_AT_FIRST, _OF_A_SHELL = {7, 25}, {2004}
"""Numbers of the modes that are on before the program starts (line wrap, cursor), and that a shell sets (bracketed paste)."""


def letters(text: str) -> str:
    """Return `text` without combining marks, for comparison with the screen, where pyte loses some of them."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Mc", "Cf"))


class Terminal:
    """Pseudo-terminal that runs a program, usually bpost, and shows its output."""

    def __init__(
        self,
        arguments: Sequence[str],
        home: Path,
        *,
        size: tuple[int, int] = (100, 30),
        answer: bytes = b"",
        delay_s: float = 0.0,
        typed: bytes = b"",
        env: Mapping[str, str] | None = None,
        first_time: bool = False,
        patch: str = "",
        controlling: bool = True,
        shell: str = "",
        script: Path | None = None,
    ) -> None:
        """Start bpost.

        Args:
            arguments: Arguments of the command line.
            home: Home folder.
            size: Columns and rows.
            answer: Answer of the terminal to the app's first queries; b"" for a silent terminal.
            delay_s: Delay in seconds of the terminal's replies to status queries, as over a slow line.
            typed: Keys already pressed when the program starts.
            env: Environment variables in addition to the usual ones.
            first_time: Whether this is the reader's first start ever, with the tour.
            patch: Python statements that run in the program's process first.
            controlling: Whether the terminal is the process's controlling one, which sends SIGHUP when it closes.
            shell: Line for a shell with job control, with `{}` in place of the program's command line; `process` is then the shell.
            script: Script to run in place of bpost.
        """
        if not first_time:
            skip_tour(home)
        self._near, self._far = pty.openpty()
        self.raw = ""
        self._decode = getincrementaldecoder("utf-8")("strict").decode
        self._fed = 0
        self._answer = answer
        self._delay_s = delay_s
        self._has_shell = bool(shell)
        self._status_due: list[float] = []
        self.main = self._screen(*size)
        self.main.draw(SHELL)
        self.alternate = self._screen(*size)
        self._saved = copy(self.main.cursor)
        self.modes = dict.fromkeys(_ON_AT_FIRST, True)
        self._set_size(*size)
        self._before = termios.tcgetattr(self._far)
        os.write(self._near, typed)
        self.wait_until(lambda: len(self.raw) >= len(typed), "the terminal doesn't echo")
        self._shell = list(self.main.display)
        usual = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "COLORTERM": "truecolor",
            **AS_INSTALLED,
        }
        if answer:
            patch = _PATIENT + patch
        program = ["-c", f"{patch}\nfrom bpost_tui.__main__ import main\nmain()"] if patch else ["-m", "bpost_tui"]
        program = program if script is None else [str(script)]
        launch = _LAUNCH_SHELL if shell else _LAUNCH.format(controlling=controlling, program=program)
        self.process = subprocess.Popen(
            [sys.executable, "-c", launch, *arguments],
            stdin=self._far,
            stdout=self._far,
            stderr=self._far,
            env={**usual, **(env or {})},
            start_new_session=True,
        )
        if shell:
            self.type(shell.format(shlex.join([sys.executable, *program, *arguments])) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for fd in (self._near, self._far):
            with suppress(OSError):
                os.close(fd)

    # ── steps of the reader ─────────────────────────────────────────────────

    def type(self, keys: str) -> None:
        os.write(self._near, keys.encode())

    def type_until_it_ends(self, keys: str) -> None:
        """Type `keys` again and again until the program ends: a key that comes too early has no effect."""
        until = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < until, f"{keys!r} didn't end it; the screen:\n{self.text}"
            self.type(keys)
            next_at = time.monotonic() + 1.0
            while self.process.poll() is None and (left := next_at - time.monotonic()) > 0:  # the echo of a key is output also
                self.pump(min(left, 0.05))

    def press(self, key: str, limit_s: float = LIMIT_S) -> float:
        """Type a key that has a visible effect, and return the time in seconds until the program writes."""
        while self.pump():
            pass
        begun = time.monotonic()
        self.type(key)
        ready = select.select([self._near], [], [], limit_s)[0]
        lag_s = time.monotonic() - begun
        assert ready, f"nothing came of {key!r}; the screen:\n{self.text}"
        self.pump()
        return lag_s

    def resize(self, cols: int, rows: int) -> None:
        """Resize the terminal. The alternate screen is blank afterwards, so that `unpainted` shows gaps."""
        self.pump()
        self.alternate = self._screen(cols, rows)
        self._set_size(cols, rows)  # the kernel sends SIGWINCH

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed."""
        os.close(self._far)
        os.close(self._near)

    # ── the screen and the process ──────────────────────────────────────────

    @property
    def text(self) -> str:
        """Text of the screen that the program draws on."""
        return "\n".join(self.alternate.display if self.modes.get(1049) else self.main.display)

    def pump(self, seconds: float = 0.0) -> bool:
        """Read the program's output; return whether there was any."""
        while self._status_due and self._status_due[0] <= time.monotonic():
            self._status_due.pop(0)
            os.write(self._near, b"\x1b[0n")
        if not select.select([self._near], [], [], seconds)[0]:
            return False
        self.raw += self._decode(os.read(self._near, 65536))
        self._feed()
        return True

    def wait_until(self, condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        until = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < until, f"{what}; the screen:\n{self.text}\nthe end of the stream: {self.raw[-300:]!r}"
            self.pump(0.05)

    def wait_for(self, *texts: str, limit_s: float = LIMIT_S) -> None:
        self.wait_until(lambda: all(letters(text) in self.text for text in texts), f"{texts} never came", limit_s)

    def wait_for_unread(self, category: str, unread: int) -> None:
        """Wait until the category pane shows `unread` as the number of unread stories of `category`."""
        row = re.compile(rf"{re.escape(letters(category))} +{unread}\b")
        self.wait_until(lambda: row.search(self.text), f"{category} never had {unread} unread")

    def wait_without(self, text: str) -> None:
        self.wait_until(lambda: letters(text) not in self.text, f"{text!r} never went")

    def wait_until_still(self, seconds: float = 1.0, limit_s: float = LIMIT_S) -> None:
        """Wait until the program has written nothing for `seconds`."""
        until = time.monotonic() + limit_s
        while self.pump(seconds * max(1.0, load_factor() / 4)):  # longer on a busy machine
            assert time.monotonic() < until, f"it writes without end; the end of the stream: {self.raw[-300:]!r}"

    def is_stopped(self, pid: int | None = None) -> bool:
        """Return whether the process `pid`, by default the program, is suspended."""
        return self.state(pid or self.process.pid) == "T"

    def state(self, pid: int) -> str:
        """Return a process's state (proc(5)): "T" for stopped, "Z" for ended but not waited for."""
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]

    def children(self, pid: int | None = None) -> list[int]:
        """Return the ids of the child processes of `pid`, by default of the program.

        The watcher, a shell that restores the terminal if the app is killed, is left out.
        """
        return [child for child in children(pid or self.process.pid) if not is_watcher(child)]

    def leave(self, keys: str = "q") -> None:
        """Type `keys`, which end the program, and check that the terminal is restored."""
        self.type(keys)
        assert self.end() == 0
        self.assert_restored()

    def end(self, limit_s: float = LIMIT_S) -> int:
        """Wait for the end of the program, and return its exit status."""
        self.wait_until(lambda: self.process.poll() is not None, "the program never ended", limit_s)
        while self.pump():
            pass
        return self.process.returncode

    def assert_restored(self, *, printed: bool = False) -> None:
        """Check that the terminal is as before the program. With `printed`, the program may have printed lines."""
        while self.pump():
            pass
        assert self.modes_now() == self._before
        self.assert_modes_off()
        if not printed:  # nothing was printed outside the program's own screen
            assert self.main.display == self._shell, [line for line in self.main.display if line.strip()]

    def assert_no_reply_typed(self) -> None:
        """Check that no reply to a query reaches the shell: wait until all replies have come, and look for their echo."""
        until = time.monotonic() + self._delay_s + 0.6
        while time.monotonic() < until:
            self.pump(0.05)
        assert "[0n" not in self.raw.replace("\x1b[0n", ""), self.raw[-300:]

    def assert_modes_off(self) -> None:
        """Check that all modes that the program has set are off, so that a shell reads plain keys."""
        are_on = {mode for mode, is_on in self.modes.items() if is_on}
        assert are_on - (_OF_A_SHELL if self._has_shell else set[int]()) == _ON_AT_FIRST, are_on
        pushes, pops = len(re.findall(r"\x1b\[>\d+u", self.raw)), self.raw.count("\x1b[<u")
        assert pushes <= pops, "kitty's keyboard protocol is still on"

    def pictures(self) -> set[str]:
        """Return the numbers of the pictures sent by kitty's protocol and not deleted since."""
        held: set[str] = set()
        for command, number in re.findall(r"\x1b_Ga=(T|d)[^;\x1b]*?,i=(\d+)", self.raw):
            (held.add if command == "T" else held.discard)(number)
        return held

    def unread(self) -> bytes:
        """Return the keys that the program hasn't read, and remove them from the terminal's input."""
        before = set_cbreak(self._far)
        try:
            return os.read(self._far, 4096)
        finally:
            termios.tcsetattr(self._far, termios.TCSANOW, before)

    def modes_now(self) -> list[Any]:
        """Return the terminal's attributes now (tcgetattr), such as echo."""
        return termios.tcgetattr(self._far)

    def unpainted(self) -> list[tuple[int, int]]:
        """Return (row, column) of each cell that the program hasn't painted since the last change of size."""
        screen = self.alternate
        return [
            (row, column)
            for row in range(screen.lines)
            for column in range(screen.columns)
            if screen.buffer[row][column].bg == "default"
        ]

    # ── inside ──────────────────────────────────────────────────────────────

    def _set_size(self, cols: int, rows: int) -> None:
        ioctl(self._far, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, cols * CELL_PX[0], rows * CELL_PX[1]))

    def _screen(self, cols: int, rows: int) -> Any:
        screen: Any = pyte.Screen(cols, rows)
        screen.stream = pyte.Stream(screen)  # made once: making it costs more than a token
        return screen

    def _feed(self) -> None:
        while (token := _TOKEN.match(self.raw, self._fed)) is not None:
            self._fed = token.end()
            active = self.alternate if self.modes.get(1049) else self.main
            parameters, final = token["parameters"] or "", token["final"] or ""
            if final and parameters.startswith("?") and final in "hl":
                self._switch([int(number) for number in parameters[1:].split(";")], final == "h")
            elif token["text"] or (final and final in _DRAWN and parameters[:1] not in ("?", "<", ">", "=")):
                active.stream.feed(token[0] if final else letters(token[0]))
            elif token["short"] == "7":
                self._saved = copy(active.cursor)
            elif token["short"] == "8":
                active.cursor = copy(self._saved)  # pyte forgets the saved cursor after one use
            elif final == "n" and parameters == "5" and self._answer:
                self._status_due.append(time.monotonic() + self._delay_s)
            elif final == "c" and self._answer:
                os.write(self._near, self._answer)

    def _switch(self, modes: list[int], on: bool) -> None:
        for mode in modes:
            self.modes[mode] = on
            if mode == 1049 and on:
                self.alternate.reset()
            elif mode == 7 and self.modes.get(1049):
                (self.alternate.set_mode if on else self.alternate.reset_mode)(7, private=True)
