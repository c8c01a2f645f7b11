"""Desktop notifications: through the terminal where it shows them, which works over ssh, else by this machine's `notify-send`.

Source: OSC 99 is kitty's (sw.kovidgoyal.net/kitty/desktop-notifications), OSC 9 iTerm2's (iterm2.com/documentation-escape-codes),
taken over by WezTerm, Ghostty and foot (foot-ctlseqs(7)). `notify-send` is libnotify's; what it is sent may hold markup
(Desktop Notifications Specification 1.2, "Markup"), so that is escaped.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from html import escape
from shutil import which
from typing import Final

from bpost_tui.model.sanitize import clean_line
from bpost_tui.terminal.capabilities import Capabilities

_OSC_9: Final = ("iterm2", "wezterm", "ghostty", "foot")
_TITLE_CHARS, _BODY_CHARS = 60, 240
_TIMEOUT_S = 5.0


def sequence(can: Capabilities, title: str, body: str) -> str | None:
    """Return the sequence that makes a terminal notify; None where it wouldn't, or where a multiplexer would swallow it."""
    title, body = clean_line(title, _TITLE_CHARS), clean_line(body, _BODY_CHARS)
    name = can.name.lower()
    if can.multiplexer:
        return None
    if name == "kitty":  # `o=unfocused`: only while the reader looks elsewhere
        return f"\x1b]99;i=bpost:d=0:o=unfocused;{title}\x1b\\\x1b]99;i=bpost:d=1:o=unfocused:p=body;{body}\x1b\\"
    return f"\x1b]9;{title}: {body}\x1b\\" if name in _OSC_9 else None


def program(title: str, body: str, env: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the command that notifies on this machine's desktop; None where there is no desktop, or the reader comes in by ssh."""
    has_desktop = env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")
    if env.get("SSH_CONNECTION") or not has_desktop or not which("notify-send"):
        return None
    texts = clean_line(title, _TITLE_CHARS), escape(clean_line(body, _BODY_CHARS), quote=False)
    return ("notify-send", "--app-name=bpost", "--", *texts)


def run(command: tuple[str, ...]) -> None:
    """Run such a command; a failure is ignored, since the news is in the list anyway. Blocks: call it from a thread."""
    try:
        quiet = subprocess.DEVNULL
        subprocess.run(command, timeout=_TIMEOUT_S, check=False, stdin=quiet, stdout=quiet, stderr=quiet)
    except (OSError, subprocess.SubprocessError):
        return
