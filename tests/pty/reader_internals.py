"""Internals of the reader for the tests of this folder, which otherwise see only a terminal."""

from __future__ import annotations

from bpost_tui.tui import screen

_FOLDERS = "import sys; sys.path[:] = sys.argv[1:]\n"
POLL_S = screen._POLL_S
"""Interval in seconds for the reader's checks whether another process has changed the library."""

REPLACED = {
    "a handler": "from bpost_tui.tui.type_switcher import TypeSwitcher as place; place.zoom_by = bad",
    "a thread": "from bpost_tui.core.lists.listings import Listings as place; place.mark = bad",
    "a coroutine": "from bpost_tui.core.fetcher import Fetcher as place; place.refresh = bad",
    "what draws": "from bpost_tui.core import templates; templates.help_page = bad",
    "what a thread found": "from bpost_tui.tui.widgets.story_view import StoryView as place; place.show = bad",
    "the end of the stream": "from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary as place; "
    "place.translate = bad",
    "what reads keys": "from textual._xterm_parser import XTermParser as place; place.feed = bad",
}
"""Maps places of a bug to Python statements that replace a function of the reader there by `bad`."""

PATIENT = """
import bpost_tui.startup_snapshot as snapshot
snapshot._ANSWER_S = 20.0

class Patient:
    def find_spec(name, *_):
        if name == "bpost_tui.tui.bpost_app":  # which loads Textual, and is loaded after the page is shown
            import bpost_tui.typesetting.textual.driver as driver
            driver._FIRST_LIST_S = 60.0

import sys
sys.meta_path.insert(0, Patient)
"""
"""Python statements that raise timeouts, so that on a busy machine the startup snapshot is shown and keys wait for the list."""
TIMELESS = """
from bpost_tui.i18n import Language as place
place.age = lambda *_: "now"
from bpost_tui.tui.shared.status_messages import StatusMessages as place
place.expire = lambda *_, **__: False
"""
"""Python statements that make the screen independent of time: ages don't change, and messages stay."""

AT_ONCE = """
import bpost_tui.typesetting.terminal.probe as place
place.REPLY_TIMEOUT_S = place.SLOW_REPLY_TIMEOUT_S = 60.0
from bpost_tui.tui.shared import paced_screen as place
place._LONGEST_S = 60.0
"""
"""Python statements that make the first frame wait for the terminal's answers and the list, even on a busy machine."""
SLOW = """
import asyncio
from textual.message_pump import MessagePump as place
dispatch = place._dispatch_message
async def slowly(pump, message):
    await asyncio.sleep(0.05)
    await dispatch(pump, message)
place._dispatch_message = slowly
"""
"""Python statements that delay each message of Textual, as on a busy machine."""


def everywhere(patch: str) -> str:
    """Return Python statements that run the statements `patch` in the reader and in its refresh processes."""
    before = repr(f"{_FOLDERS}{patch}\n")
    return f"{patch}\nfrom bpost_tui.refresh import refresh_process as place\nplace._PROGRAM = {before} + place._PROGRAM"
