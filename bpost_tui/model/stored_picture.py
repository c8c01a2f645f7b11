"""Pictures as they are stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Picture as it is stored; the parser process decodes it each time it is shown."""

    width_px: int
    height_px: int
    data: bytes
    """Small JPEG or PNG that we made from the portal's bytes."""
    sent_bytes: int = 0
    """Number of bytes that the portal sent for it."""

    @property
    def media_type(self) -> str:
        """Media type (RFC 2046), by its first bytes; empty if it is neither JPEG nor PNG."""
        return next((kind for kind, start in _STARTS.items() if self.data.startswith(start)), "")
