"""A picture as it is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture as it is stored; the parser process decodes it whenever it is to be shown."""

    width_px: int
    height_px: int
    data: bytes
    """A small JPEG or PNG that we made of what was sent."""
    sent_bytes: int = 0
    """How many bytes the portal sent for it."""

    @property
    def media_type(self) -> str:
        """The media type (RFC 2046), by how the data begin; empty where they are neither of the two."""
        return next((kind for kind, start in _STARTS.items() if self.data.startswith(start)), "")
