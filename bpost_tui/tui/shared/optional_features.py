"""Optional features: a bug in such a feature turns the feature off until the next start, but doesn't end the app.

These features take foreign bytes (files of other machines, voices, programs, themes), and none of the features is worth losing the
reader's place in a story.
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
"""Maps the worker group of an optional feature to the name of the feature, which is a message id."""


async def do_nothing() -> None:
    """Do nothing: the coroutine run instead of a worker whose feature is turned off."""
