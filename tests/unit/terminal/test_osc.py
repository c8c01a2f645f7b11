from __future__ import annotations

import re
from base64 import standard_b64decode

import pytest

from bpost_tui.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.terminal.encoders.factory import boxes_for, encoder_for
from bpost_tui.terminal.osc import clipboard_sequence
from bpost_tui.terminal.output import OutputBoundary
from bpost_tui.typeset.surface import SurfaceTable

TEXT = "স্ত্রী, র‍্যাঁদা ও লক্ষ্মী\n" * 40
CAN = Capabilities("xterm", (), RenderMode.CELLS, "", 10, 20)


@pytest.mark.parametrize("multiplexer", ["", "tmux"])
def test_clipboard_sequence_is_osc_52_of_the_whole_text(multiplexer: str) -> None:
    payload = clipboard_sequence(TEXT, multiplexer).removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert standard_b64decode(payload).decode() == TEXT


def test_clipboard_sequence_inside_screen_is_the_same_in_strings_that_it_hands_on_whole() -> None:
    strings = re.findall(r"\x1bP(.*?)\x1b\\", clipboard_sequence(TEXT, "screen"), re.DOTALL)
    assert max(map(len, strings)) < 256
    assert "".join(strings) == clipboard_sequence(TEXT)


@pytest.mark.parametrize("multiplexer", ["", "tmux", "screen"])
def test_boundary_lets_what_is_copied_through(multiplexer: str) -> None:
    boundary = OutputBoundary(SurfaceTable(), encoder_for(CAN), boxes_for(CAN, len))
    assert boundary.translate(clipboard_sequence(TEXT, multiplexer)) == clipboard_sequence(TEXT, multiplexer)
