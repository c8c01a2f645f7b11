"""Optional features: a bug in such a feature turns the feature off until the next start, but doesn't end the app.

These features depend on data from outside bpost (files of other machines, voices, programs, themes). Ending the app for a bug
in one of them would lose the reader's place in a story.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bpost_tui.i18n import message

_READING_ALOUD, _GROUPING = message("Reading aloud"), message("Grouping the same news")
OPTIONAL_FEATURES: Final[Mapping[str, str]] = {
    "mark_sync": message("Sync with your other machines"),
    "notification": message("Notifying the desktop"),
    "hooks": message("Your program for new stories"),
    "pipe": message("Sending stories to a program"),
    "share": message("Sharing"),
    "card": message("Sharing as a picture"),
    "pictures": message("Showing pictures"),
    "decoding": message("Showing pictures"),
    **dict.fromkeys(("same_news", "ungroup"), _GROUPING),
    "look_ahead": message("Preparing the next story"),
    **dict.fromkeys(("aloud", "aloud-end", "speed"), _READING_ALOUD),
}
"""Maps names of groups of workers (background tasks) to the English names of the optional features that they serve."""


async def do_nothing() -> None:
    """Do nothing. The screen runs this coroutine in place of a feature that is turned off, or to cancel a group of workers."""
