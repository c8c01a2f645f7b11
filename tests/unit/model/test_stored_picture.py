"""A stored picture's format."""

from __future__ import annotations

import pytest

from bpost_tui.model.stored_picture import StoredPicture


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"<svg onload='x'/>", ""),
        (b"", ""),
    ],
)
def test_media_type_is_known_only_for_our_own_formats(data: bytes, kind: str) -> None:
    assert StoredPicture(1, 1, data).media_type == kind
