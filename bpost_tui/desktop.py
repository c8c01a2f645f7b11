"""Desktop around the terminal: window title, clipboard, notifications.

All three can be reached by escape sequences that the terminal carries out (operating system commands, OSC), also over ssh. The
clipboard and notifications can also be reached by programs on this machine.

Sources: XTerm Control Sequences, "Operating System Commands" (OSC 2, OSC 52). OSC 99 is kitty's
(sw.kovidgoyal.net/kitty/desktop-notifications), OSC 9 iTerm2's (iterm2.com/documentation-escape-codes), adopted by WezTerm, Ghostty
and foot (foot-ctlseqs(7)). `notify-send` is libnotify's. Its body may contain markup (Desktop Notifications Specification 1.2,
"Markup"), so texts are escaped.
"""

from __future__ import annotations

import subprocess
import sys
from base64 import standard_b64encode
from collections.abc import Mapping
from shutil import which
from tempfile import NamedTemporaryFile

from bpost_tui.model.sanitize import clean_line
from bpost_tui.typesetting.terminal.capabilities import Capabilities
from bpost_tui.typesetting.terminal.terminals import NO_TERMINAL, find_terminal, terminal_in_environment

_MAX_TITLE_CHARS = 80

_CHUNK_BYTES = 240
"""Maximum number of bytes in one part of a sequence that is sent in parts, because GNU screen keeps no more than 256 bytes."""
_COPY_TIMEOUT_S = 2.0

_NOTICE_TITLE_CHARS, _NOTICE_BODY_CHARS = 60, 240
_NOTIFY_TIMEOUT_S = 5.0


# ── the window's title ──────────────────────────────────────────────────────


def supports_title(term: str) -> bool:
    """Whether a terminal can show a window title, judged by `term`, its variable TERM.

    Other terminals would print the escape sequence for a title as text.
    """
    terminal = terminal_in_environment({"TERM": term})
    return term not in NO_TERMINAL and not term.startswith("vt") and (terminal is None or terminal.has_title)


def title_sequence(text: str) -> str:
    """Return the escape sequence that sets the title of the terminal's window."""
    return f"\x1b]2;{clean_line(text, _MAX_TITLE_CHARS)}\x1b\\"


# ── the clipboard ───────────────────────────────────────────────────────────


def clipboard_sequence(text: str, multiplexer: str = "") -> str:
    """Return the escape sequence that puts a text on a terminal's clipboard.

    `multiplexer` is the name of the multiplexer (tmux, screen) that runs inside the terminal; empty if there is none.

    GNU screen would print a bare OSC 52 as text. Inside screen, the sequence is therefore wrapped in device control strings, whose
    content screen passes on.
    """
    payload = standard_b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if not find_terminal(multiplexer).passes_only_strings:
        return f"\x1b]52;c;{payload}\x07"
    pieces = ["\x1b]52;c;", *(payload[at : at + _CHUNK_BYTES] for at in range(0, len(payload), _CHUNK_BYTES)), "\x07"]
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def clipboard_command(env: Mapping[str, str], platform: str = sys.platform) -> tuple[str, ...] | None:
    """Return the command that copies its standard input to this machine's clipboard, or None if there is no such command.

    `env` has the environment variables, and `platform` is the value of `sys.platform`.

    Over ssh, programs of the remote machine aren't used, because that machine's clipboard isn't the reader's. If no such program is
    used and bpost runs inside tmux, the command is `tmux load-buffer`: tmux passes the content of its buffer to the terminal, while
    it ignores OSC 52.
    """
    candidates: list[tuple[str, ...]] = []
    if env.get("SSH_CONNECTION"):
        pass
    elif platform == "darwin":
        candidates = [("pbcopy",)]
    elif env.get("WAYLAND_DISPLAY"):
        candidates = [("wl-copy",)]
    elif env.get("DISPLAY"):
        candidates = [("xclip", "-selection", "clipboard"), ("xsel", "--input", "--clipboard")]
    if env.get("TMUX"):
        candidates.append(("tmux", "load-buffer", "-w", "-"))
    return next((command for command in candidates if which(command[0])), None)


_BY_FILE = "osascript"
_TAKE_PNG = ("on run {path}", "set the clipboard to (read (POSIX file path) as \u00abclass PNGf\u00bb)", "end run")
"""AppleScript that copies a picture from a file to the clipboard.

The file's path is an argument, and never a part of the script, so that no path can run commands.
"""


def picture_clipboard_command(env: Mapping[str, str], platform: str = sys.platform) -> tuple[str, ...] | None:
    """Return the command that copies a PNG to this machine's clipboard, for `copy_picture`; None if there is no such command.

    `env` has the environment variables, and `platform` is the value of `sys.platform`.

    Over ssh, the result is None, because the clipboard of the remote machine isn't the reader's.
    """
    if env.get("SSH_CONNECTION"):
        return None
    if platform == "darwin":
        return (_BY_FILE, *(part for line in _TAKE_PNG for part in ("-e", line)), "--") if which(_BY_FILE) else None
    by_display = (
        ("WAYLAND_DISPLAY", ("wl-copy", "--type", "image/png")),
        ("DISPLAY", ("xclip", "-selection", "clipboard", "-target", "image/png")),
    )
    return next((command for display, command in by_display if env.get(display) and which(command[0])), None)


def run_clipboard_command(copied: str | bytes, command: tuple[str, ...]) -> bool:
    """Run a clipboard command with the text or picture `copied` on its stdin, and return whether it succeeded.

    Blocks, so call it from a thread.
    """
    try:
        quiet = subprocess.DEVNULL
        data = copied.encode() if isinstance(copied, str) else copied
        subprocess.run(command, input=data, timeout=_COPY_TIMEOUT_S, check=True, stdout=quiet, stderr=quiet)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def copy_picture(picture: bytes, command: tuple[str, ...]) -> bool:
    """Run a clipboard command on a PNG, and return whether it succeeded. Blocks, so call it from a thread.

    The command gets the PNG on standard input, or the path of a file with the PNG if it can only read files.
    """
    if command[0] != _BY_FILE:
        return run_clipboard_command(picture, command)
    try:
        with NamedTemporaryFile(suffix=".png") as file:  # only this user can read it
            file.write(picture)
            file.flush()
            return run_clipboard_command(b"", (*command, file.name))
    except OSError:
        return False


# ── notifications ───────────────────────────────────────────────────────────


def notification_sequence(capabilities: Capabilities, title: str, body: str) -> str | None:
    """Return the escape sequence for a notification with `title` and `body`.

    Return None if the terminal supports no notifications, or if a multiplexer (tmux, screen) would drop the sequence.
    """
    title, body = clean_line(title, _NOTICE_TITLE_CHARS), clean_line(body, _NOTICE_BODY_CHARS)
    notices = capabilities.known_terminal.notification_protocol
    if capabilities.multiplexer:
        return None
    if notices == "OSC 99":  # `o=unfocused`: only while the terminal has no focus
        return f"\x1b]99;i=bpost:d=0:o=unfocused;{title}\x1b\\\x1b]99;i=bpost:d=1:o=unfocused:p=body;{body}\x1b\\"
    return f"\x1b]9;{title}: {body}\x1b\\" if notices == "OSC 9" else None


def notification_command(title: str, body: str, env: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the command that shows a notification with `title` and `body` on this machine's desktop.

    Return None if the environment variables in `env` show no desktop or an ssh connection, or if `notify-send` isn't installed.
    """
    has_desktop = env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")
    if env.get("SSH_CONNECTION") or not has_desktop or not which("notify-send"):
        return None
    from html import escape  # 1 ms

    texts = clean_line(title, _NOTICE_TITLE_CHARS), escape(clean_line(body, _NOTICE_BODY_CHARS), quote=False)
    return ("notify-send", "--app-name=bpost", "--", *texts)


def run_notification_command(command: tuple[str, ...]) -> None:
    """Run a notification command. Blocks, so call it from a thread.

    A failure is ignored, because the list of stories shows the news anyway.
    """
    try:
        quiet = subprocess.DEVNULL
        subprocess.run(command, timeout=_NOTIFY_TIMEOUT_S, check=False, stdin=quiet, stdout=quiet, stderr=quiet)
    except (OSError, subprocess.SubprocessError):
        return
