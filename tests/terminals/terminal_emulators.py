"""Real terminal emulators on hidden screens: start a program in one, press keys, take a picture."""

from __future__ import annotations

import io
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from tests.machine_load import load_factor
from tests.terminals import xterm_js
from tests.terminals.story_picture import recognised

FONT = "Noto Sans Mono"
WAIT_S = 60.0
"""Maximum time in seconds for any wait, on a busy machine."""
_POLL_S = 0.2
_PRESSES = 10
_BETWEEN_MS = 60
_LONG_S = 1.5
"""Time in seconds after which an unchanged screen counts as final even if processes work, as the reader may under a dialog."""
_IDLE = 0.15
"""Maximum share of a processor core that idle processes use, for example for a blinking cursor."""
_TICKS = os.sysconf("SC_CLK_TCK")
_FOCUS = ["xdotool", "search", "--onlyvisible", "--maxdepth", "1", "--name", ".", "windowfocus"]  # there is no window manager


@dataclass(frozen=True, slots=True)
class Window:
    """Size of a terminal, and of the hidden screen that it opens on."""

    points: int = 12
    cols: int = 100
    rows: int = 30
    width_px: int = 1280
    height_px: int = 760
    pad_x_px: int = 0
    """Margin in pixels at each side of the cells in foot, which always fills its screen."""
    pad_y_px: int = 0


USUAL = Window()
_XTERM = ["xterm", "-u8", "-fa", FONT, "-fs", "{points}", "-geometry", "80x32"]
_XTERM_JS = [sys.executable, xterm_js.__file__, "{points}", "{cols}x{rows}", "{width_px}x{height_px}"]
COMMANDS: Mapping[str, list[str]] = {
    "kitty": ["kitty", "--config", "NONE", "-o", "font_size={points}", "-o", "remember_window_size=no",
              "-o", "initial_window_width={cols}c",
              "-o", "initial_window_height={rows}c", "-o", "confirm_os_window_close=0", "-e"],
    "konsole": ["dbus-run-session", "--", "konsole", "--nofork", "--separate", "--hide-menubar", "--hide-tabbar",
                "-qwindowgeometry", "{width_px}x{height_px}+0+0", "-p", f"Font={FONT},{{points}}", "-e"],
    "foot": ["cage", "--", "foot", "-f", f"{FONT}:size={{points}}", "-o", "pad={pad_x_px}x{pad_y_px}"],
    "xterm-sixel": [_XTERM[0], "-ti", "vt340", "-xrm", "XTerm*decGraphicsID: vt340", "-xrm", "XTerm*numColorRegisters: 256",
                    *_XTERM[1:], "-e"],
    "xterm": [*_XTERM, "-e"],
    "alacritty": ["alacritty", "-o", "window.dimensions.columns={cols}", "-o", "window.dimensions.lines={rows}",
                  "-o", "font.size={points}",
                  "-o", 'terminal.osc52="Disabled"',  # a warning that there is no clipboard would cover two rows
                  "-e"],
    "xfce4-terminal": ["dbus-run-session", "--", "xfce4-terminal", "--disable-server", "--hide-menubar", "--hide-scrollbar",
                       f"--font={FONT} {{points}}", "--geometry={cols}x{rows}", "-x"],
    "st": ["stterm", "-f", f"{FONT}:size={{points}}", "-g", "{cols}x{rows}", "-e"],
    # st draws block elements with its font: DejaVu's join, Noto's leave gaps between the rows
    "xterm.js": [*_XTERM_JS, "webgl,unicode11,image"],
    "xterm.js-plain": [*_XTERM_JS, "webgl,unicode11"],
    "xterm.js-unicode6": [*_XTERM_JS, "webgl,image"],
    "st-small": ["stterm", "-f", "DejaVu Sans Mono:pixelsize={points}", "-g", "{cols}x{rows}", "-e"],
}  # fmt: skip
_ON_WAYLAND = frozenset({"foot"})
_IN_CHROMIUM = frozenset({"xterm.js", "xterm.js-plain", "xterm.js-unicode6"})
_HELPERS = ("Xvfb", "xdotool")
_WAYLAND_HELPERS = ("cage", "wtype", "grim")


def require(terminal: str, *others: str) -> None:
    """Skip the test if `terminal`, a program that drives it, or one of the programs `others` isn't installed."""
    helpers = _WAYLAND_HELPERS if terminal in _ON_WAYLAND else _HELPERS
    needed = {COMMANDS[terminal][0], _program(terminal), *helpers, *others}
    absent = [name for name in needed if shutil.which(name) is None]
    if terminal in _IN_CHROMIUM and xterm_js.packages() is None:
        absent.append("xterm.js")
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")


def _program(terminal: str) -> str:
    words = COMMANDS[terminal]
    if terminal in _IN_CHROMIUM:
        return "chromium"
    return words[words.index("--") + 1] if "--" in words else words[0]


@dataclass
class Terminal:
    """Terminal emulator on a hidden screen, with a program in it."""

    program: str
    env: dict[str, str]
    process: subprocess.Popen[bytes]
    wayland: bool
    folder: Path
    """Folder for Xvfb's screen and for sockets. Processes that have it in their environment belong to this terminal."""

    def press(self, key: str, until: Callable[[], bool], what: str) -> None:
        """Press a key, given by its X11 name, until `until()` is true; a new window may lose a key, so it is pressed several times.

        Raises TimeoutError, with `what` as the missing effect.
        """
        for _ in range(_PRESSES):
            typed = ["wtype", key] if len(key) == 1 else ["wtype", "-k", key]  # by its name, T would be t
            self._run(typed if self.wayland else [*_FOCUS, "key", "--clearmodifiers", key])
            quiet = 0
            limit = time.monotonic() + WAIT_S
            while quiet < _PRESSES and time.monotonic() < limit:
                if until():
                    return
                quiet = 0 if self._is_busy(_POLL_S) else quiet + 1
            if until():
                return
        raise TimeoutError(f"pressed {key} in vain until {what}")

    def type(self, *keys: str) -> None:
        """Press keys, given by their X11 names, one after the other, without waiting for effects."""
        if not self.wayland:
            self._run([*_FOCUS, "key", "--clearmodifiers", "--delay", str(_BETWEEN_MS), *keys])
            return
        for key in keys:
            modifier, _, letter = key.rpartition("+")
            typed = ["-M", modifier, letter, "-m", modifier] if modifier else [key] if len(key) == 1 else ["-k", key]
            self._run(["wtype", *typed])

    def picture(self) -> Image.Image:
        """Return a picture of the screen."""
        if self.wayland:
            return Image.open(io.BytesIO(self._run(["grim", "-t", "ppm", "-"]))).convert("RGB")
        kept = next(self.folder.glob("Xvfb_screen*")).read_bytes()
        head = struct.unpack(">20I", kept[:80])  # X11/XWDFile.h
        (length, width, height, stride, colours) = (head[at] for at in (0, 4, 5, 12, 19))
        pixels = memoryview(kept)[length + 12 * colours :]
        return Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX", stride)

    def settled(self) -> Image.Image:
        """Return a picture of the screen once it stays the same and the terminal's processes are idle.

        If the processes don't become idle, return it after a longer time without a change. Raises TimeoutError.
        """
        last, since = self.picture(), time.monotonic()
        until = since + WAIT_S
        while time.monotonic() < until:
            busy = self._is_busy(_POLL_S)
            now = self.picture()
            if now.tobytes() != last.tobytes():
                last, since = now, time.monotonic()
            elif not busy or time.monotonic() - since > _LONG_S * max(1.0, load_factor() / 2):
                return now
        raise TimeoutError("the screen never came to rest")

    def _is_busy(self, seconds: float) -> bool:
        """Watch the processes of the terminal and its screen for `seconds`; return whether any of them worked."""
        before, _ = self._work()
        time.sleep(seconds)
        after, runs = self._work()
        return runs or after - before > _IDLE * seconds

    def _work(self) -> tuple[float, bool]:
        """Return the seconds of processor time used by all processes, and whether one of them is running now."""
        ticks, runs = 0, False
        for process in self._processes():
            with suppress(OSError):  # the process has ended
                for task in (process / "task").iterdir():
                    state, *fields = (task / "stat").read_text().rpartition(")")[2].split()
                    ticks += int(fields[10]) + int(fields[11])  # utime and stime, proc(5)
                    runs = runs or state in "RD"
        return ticks / _TICKS, runs

    def _processes(self) -> Iterator[Path]:
        """Yield the processes of the terminal and its screen, and their children, such as a parser without environment."""
        mark = b"XDG_RUNTIME_DIR=%s\0" % os.fsencode(self.folder)
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # the process has ended
                if mark in (process / "environ").read_bytes():
                    yield process
                    for children in process.glob("task/*/children"):
                        yield from (Path("/proc", child) for child in children.read_text().split() if not self._has(mark, child))

    @staticmethod
    def _has(mark: bytes, process: str) -> bool:
        return mark in Path("/proc", process, "environ").read_bytes()

    def held_bytes(self) -> int:
        """Return the memory of the terminal's own processes in bytes, including their share of shared pages (Pss in proc(5))."""
        held = 0
        for process in self._processes():
            with suppress(OSError):  # the process has ended
                if (process / "comm").read_text().strip() == self.program:
                    fields = (process / "smaps_rollup").read_text().partition("Pss:")[2].split()
                    held += int(fields[0]) << 10
        return held

    def resize(self, width_px: int, height_px: int) -> bool:
        """Resize the window and return True. Return False under Wayland (`cage`), where the window always fills the screen."""
        if self.wayland:
            return False
        before = self.picture().tobytes()
        self._run([*_FOCUS[:-1], "windowsize", str(width_px), str(height_px)])
        wait_until(lambda: self.picture().tobytes() != before, "the window has another size")
        return True

    def size_px(self) -> tuple[int, int]:
        """Return the width and height of the window under X."""
        geometry = self._run([*_FOCUS[:-1], "getwindowgeometry", "--shell"]).decode()
        width, height = (int(geometry.partition(f"{name}=")[2].split()[0]) for name in ("WIDTH", "HEIGHT"))
        return width, height

    def _run(self, command: Sequence[str]) -> bytes:
        return subprocess.run(command, env=self.env, check=True, timeout=WAIT_S, capture_output=True).stdout


def wait_until(holds: Callable[[], bool], what: str, seconds: float = WAIT_S) -> None:
    """Wait until `holds()` is true. Raises TimeoutError, with `what` as the missing condition, after `seconds`."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f"waited in vain until {what}")
        time.sleep(_POLL_S / 4)


@contextmanager
def running(
    terminal: str, command: Sequence[str], env: Mapping[str, str], folder: Path, window: Window = USUAL
) -> Iterator[Terminal]:
    """Run a command in a terminal on a hidden screen of its own, and yield the terminal.

    Args:
        terminal: One of `COMMANDS`.
        command: Command to run in it.
        env: Variables added to the environment.
        folder: An empty folder for sockets; its path must be short.
        window: Size of the window; foot fills its screen, and xterm has the size in its command.
    """
    wayland = terminal in _ON_WAYLAND
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "USER") if name in os.environ}
    env = {**kept, "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(folder), "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1", **env}
    processes: list[subprocess.Popen[bytes]] = []

    def start(words: Sequence[str], fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        processes.append(subprocess.Popen(words, env=env, stdout=quiet, stderr=quiet, start_new_session=True, pass_fds=fds))
        return processes[-1]

    try:
        if wayland:
            env |= {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
        else:
            env["QT_QPA_PLATFORM"] = "xcb"
            near, far = os.pipe()
            size = f"{window.width_px}x{window.height_px}x24"
            quiet = ["-nolisten", "tcp", "-nocursor", "-fbdir", str(folder)]  # the pointer would be part of the stored screen
            start(["Xvfb", "-displayfd", str(far), "-screen", "0", size, *quiet], [far])
            os.close(far)
            with os.fdopen(near) as number:
                env["DISPLAY"] = ":" + number.readline().strip()
        words = [word.format(**asdict(window)) for word in COMMANDS[terminal]]
        # st gives its command the HOME of the user database, with the choices of an earlier run
        process = start([*words, "env", f"HOME={env['HOME']}", *command])
        if wayland:
            wait_until(lambda: any(folder.glob("wayland-?")), "cage has a socket")
            env["WAYLAND_DISPLAY"] = next(folder.glob("wayland-?")).name
        yield Terminal(_program(terminal), env, process, wayland, folder)
    finally:
        for process in reversed(processes):
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(3)
            return
        except ProcessLookupError:
            process.wait(3)
            return
        except subprocess.TimeoutExpired:
            continue


def read(picture: Image.Image) -> str:
    """Return the text that Tesseract reads in a picture of light type on dark."""
    grey = ImageOps.invert(picture.convert("L"))
    large = ImageOps.expand(grey.resize((grey.width * 3, grey.height * 3), Image.Resampling.LANCZOS), 30, 255)
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        large.save(file.name)
        return recognised(file.name, "6")
