"""Kinds of media that an address may lead to: sound, film, picture, document, post, discussion or page. Pure."""

from __future__ import annotations

import re
from typing import Literal

from bpost_tui.model.blocks import Blocks, Embed, EmbedKind

MediaKind = EmbedKind | Literal["image"]
_ENDS = r"\.(?:{})(?:$|[?#])"
_BY_ADDRESS: tuple[tuple[MediaKind, str], ...] = (
    ("document", _ENDS.format("pdf|docx?|xlsx?|pptx?|odt") + r"|^https?://(?:docs|drive)\.google\.com/"),
    (
        "video",
        r"//(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|dai\.ly)/|/plugins/video|"
        + _ENDS.format("mp4|m4v|mov|webm|mkv|avi|wmv|flv|m3u8"),
    ),
    (
        "audio",
        r"//(?:[\w-]+\.)*(?:soundcloud\.com|spotify\.com|anchor\.fm)/|" + _ENDS.format("mp3|m4a|m4b|ogg|oga|opus|aac|flac|wav|wma"),
    ),
    ("image", _ENDS.format("jpe?g|png|gif|webp|avif|bmp|svg")),
    ("post", r"//(?:[\w-]+\.)*(?:twitter\.com|x\.com|instagram\.com|facebook\.com|threads\.net|tiktok\.com|bsky\.app|t\.me)/"),
)
"""Patterns of addresses by kind of media. The first pattern that matches counts; an address that matches none leads to a page."""


def media_kind(address: str) -> MediaKind:
    """Return the kind of media at an http or https address, judged by the address alone."""
    return next((kind for kind, pattern in _BY_ADDRESS if re.search(pattern, address, re.IGNORECASE)), "page")


def media_kind_in_text(address: str, text: Blocks) -> MediaKind:
    """Return the kind of media at an address: the kind of its embed in `text`, or else the kind judged by the address alone."""
    embedded = {block.address: block.kind for block in text if isinstance(block, Embed) and block.kind != "page"}
    return embedded.get(address) or media_kind(address)
