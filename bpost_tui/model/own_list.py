"""Lists of stories that the reader makes. Pure."""

from __future__ import annotations

from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class OwnList(NamedTuple):
    """List of stories that the reader made."""

    key: str
    """Permanent key of the list: its first name, even if the reader has renamed it since."""
    name: str
    """Present name, which the reader can change."""


def clean_own_list(own: OwnList) -> OwnList:
    """Return a list that the reader made, read from a file, with key and name sanitized."""
    return OwnList(clean_line(own.key, MAX_NAME_CHARS), clean_line(own.name, MAX_NAME_CHARS))
