"""Internals of the reader for these tests, which otherwise see only a terminal: the one file here that knows its modules."""

from __future__ import annotations

from bpost_tui.tui import screen

_FOLDERS = "import sys; sys.path[:] = sys.argv[1:]\n"
POLL_S = screen._POLL_S
"""Seconds between two looks of the reader at the library."""

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
"""Statements that replace a function of the reader by `bad`."""

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
"""Statements that let a page be shown, and keys wait for the first list, however busy the machine is."""
TIMELESS = """
from bpost_tui.i18n import Language as place
place.age = lambda *_: "now"
from bpost_tui.tui.shared.status_messages import StatusMessages as place
place.expire = lambda *_, **__: False
"""
"""Statements that stop the clock of the screen: ages don't change, and messages stay."""

AT_ONCE = """
import bpost_tui.typesetting.terminal.probe as place
place.REPLY_TIMEOUT_S = place.SLOW_REPLY_TIMEOUT_S = 60.0
from bpost_tui.tui.shared import paced_screen as place
place._LONGEST_S = 60.0
"""
"""Statements that let the first frame wait for the terminal's answers and for the list, however busy the machine is."""
SLOW = """
import asyncio
from textual.message_pump import MessagePump as place
dispatch = place._dispatch_message
async def slowly(pump, message):
    await asyncio.sleep(0.05)
    await dispatch(pump, message)
place._dispatch_message = slowly
"""
"""Statements that slow each message down, as on a busy machine."""


def everywhere(patch: str) -> str:
    """Return statements that run a patch here and in the refresh processes."""
    before = repr(f"{_FOLDERS}{patch}\n")
    return f"{patch}\nfrom bpost_tui.refresh import refresh_process as place\nplace._PROGRAM = {before} + place._PROGRAM"
