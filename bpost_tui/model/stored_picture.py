"""Pictures as they are stored in the library. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Picture as it is stored in the library. The parser process decodes it each time it is shown."""

    width_px: int
    height_px: int
    data: bytes
    """Small JPEG or PNG that bpost made from the picture that the portal sent."""
    sent_bytes: int = 0
    """Number of bytes that the portal sent for the picture."""

    @property
    def media_type(self) -> str:
        """Media type (RFC 2046), determined by the first bytes; empty if the picture is neither JPEG nor PNG."""
        return next((kind for kind, start in _STARTS.items() if self.data.startswith(start)), "")
