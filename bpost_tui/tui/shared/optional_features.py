"""Features that the reader can do without: a bug in such a feature turns it off until the next start, instead of ending the app.

These features take foreign bytes (files of other machines, voices, programs, themes), and none of them is worth losing one's place.
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
"""Worker group of a feature → name of the feature, as a message id."""


async def do_nothing() -> None:
    """Worker of a feature that is turned off."""
