"""The features that the reader can do without: a bug of one switches it off until the next start, where any other ends the app.

Foreign bytes reach them (files of other machines, voices, programs, themes), and none of them is worth losing one's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bpost_tui.i18n import message

_READING_ALOUD = message("Reading aloud")
OPTIONAL_FEATURES: Final[Mapping[str, str]] = {
    "mark_sync": message("The exchange with your other machines"),
    "notification": message("Notifying the desktop"),
    "hooks": message("Your program for new stories"),
    "pipe": message("Sending stories to a program"),
    "share": message("Sharing"),
    "card": message("Sharing as a picture"),
    "pictures": message("Showing pictures"),
    "decoding": message("Showing pictures"),
    "same_news": message("Grouping the same news"),
    "look_ahead": message("Preparing the next story"),
    **dict.fromkeys(("aloud", "aloud-end", "speed"), _READING_ALOUD),
}
"""The group that a feature's work runs in → what a reader calls it, as a message."""


async def do_nothing() -> None:
    """Do nothing, in place of the work of a feature that is off."""
