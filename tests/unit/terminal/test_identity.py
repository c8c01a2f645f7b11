from __future__ import annotations

import pytest

from bpost_tui.terminal.detection import identify
from bpost_tui.terminal.replies import Replies


@pytest.mark.parametrize(
    ("version", "env", "identity"),
    [
        ("kitty(0.41.1)", {}, ("kitty", (0, 41, 1))),
        ("VTE(8001)", {}, ("vte", (0, 80, 1))),
        ("WezTerm 20251015-1f9e", {}, ("wezterm", (20251015,))),
        ("xterm.js(5.6.0)", {}, ("xterm.js", (5, 6, 0))),
        ("contour 0.6.2.8008-master", {}, ("contour", (0, 6, 2, 8008))),
        ("???", {"TERM": "st-256color"}, ("st", ())),
        (None, {"TERM": "rxvt-unicode"}, ("rxvt", ())),
        (None, {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, ("apple terminal", ())),
        (None, {"TERM": "xterm-256color", "ALACRITTY_WINDOW_ID": "1"}, ("alacritty", ())),
        (None, {"TERM": "xterm-256color"}, ("", ())),
    ],
)
def test_identify_reads_name_and_version(version: str | None, env: dict[str, str], identity: tuple[str, tuple[int, ...]]) -> None:
    assert identify(Replies(version=version), env) == identity
