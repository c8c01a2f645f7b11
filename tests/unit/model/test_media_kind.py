"""Kind of media that an address leads to, by its form."""

from __future__ import annotations

from typing import get_args

import pytest

from bpost_tui.config.settings import OPENED
from bpost_tui.model.blocks import EMBED_KINDS, Embed
from bpost_tui.model.media_kind import MediaKind, media_kind, media_kind_in_text


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://a.example/x.MP3?y=1", "audio"),
        ("https://www.youtube.com/watch?v=abcdefghi", "video"),
        ("https://a.example/x.m4v", "video"),
        ("https://a.example/x.webp#y", "image"),
        ("https://drive.google.com/file/d/1", "document"),
        ("https://x.com/a/status/1", "post"),
        ("https://a.example/mp3", "page"),
        ("https://notx.com/a", "page"),
    ],
)
def test_media_kind_follows_from_the_address(address: str, kind: str) -> None:
    assert media_kind(address) == kind


def test_media_kind_of_an_embed_overrides_its_addresss_kind() -> None:
    text = (Embed("https://a.example/1", "audio"), Embed("https://a.example/2.mp3"), Embed("https://a.example/3", "talk"))
    assert [media_kind_in_text(block.address, text) for block in text] == ["audio", "audio", "talk"]
    kinds = {name for part in get_args(MediaKind) for name in get_args(part)}
    assert set(OPENED) == kinds == {*EMBED_KINDS, "image"}
