"""The clipboard: OSC 52 through the terminal, which works over ssh, and this machine's own where there is one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from shutil import which

_TIMEOUT_S = 2.0


def local_program(env: Mapping[str, str], platform: str = sys.platform) -> tuple[str, ...] | None:
    """Return the command that takes text for this machine's clipboard on its standard input; None where there is none.

    Over ssh there is none: the far machine's clipboard is not the reader's. A tmux passes OSC 52 by, but hands its own buffer on.
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


def copy_locally(text: str, command: tuple[str, ...]) -> bool:
    """Give a text to the clipboard's program; say whether it took it. Blocks: call it from a thread."""
    try:
        subprocess.run(
            command,
            input=text.encode(),
            timeout=_TIMEOUT_S,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
