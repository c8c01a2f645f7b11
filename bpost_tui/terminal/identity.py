"""Which terminal this is: by what it answered, else by the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bpost_tui.terminal.replies import Replies

Version = tuple[int, ...]


def identify(replies: Replies, env: Mapping[str, str]) -> tuple[str, Version]:
    """Return the terminal's name, in lower case, and version; an empty name where it can't be told."""
    if replies.version is not None:
        match = re.match(r"\s*([A-Za-z][A-Za-z.\d]*)[ (]*v?(\d+(?:\.\d+)*)?", replies.version)
        if match:
            name = match[1].lower()
            numbers = tuple(map(int, (match[2] or "").split("."))) if match[2] else ()
            return name, (0, *divmod(numbers[0], 100)) if name == "vte" and numbers else numbers
    term = env.get("TERM", "")
    if env.get("WT_SESSION"):
        return "windows terminal", ()
    if env.get("TERM_PROGRAM") == "Apple_Terminal":
        return "apple terminal", ()
    for name in ("alacritty", "linux", "st", "rxvt", "putty", "screen", "tmux"):
        if term == name or term.startswith(name + "-"):
            return name, ()
    return ("alacritty", ()) if env.get("ALACRITTY_WINDOW_ID") else ("", ())


def multiplexer_of(env: Mapping[str, str]) -> str:
    """Return the multiplexer that the environment tells of; empty where there is none."""
    return next((name for name, variable in (("tmux", "TMUX"), ("screen", "STY"), ("zellij", "ZELLIJ")) if env.get(variable)), "")


def is_truecolour(name: str, env: Mapping[str, str]) -> bool:
    """Say whether a terminal shows colours by value, by its name and what the environment says."""
    if name in ("apple terminal", "linux", "screen", "rxvt"):
        return False
    return bool(name) or env.get("COLORTERM", "") in ("truecolor", "24bit")
