"""What an address shows: a sound, a film, a picture, a document, a post, a talk or a page. Pure."""

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
"""Addresses by what they show, the first that fits; any other shows a page."""


def media_kind(address: str) -> MediaKind:
    """Return what an http or https address shows, by its shape alone."""
    return next((kind for kind, pattern in _BY_ADDRESS if re.search(pattern, address, re.IGNORECASE)), "page")


def media_kind_in_text(address: str, text: Blocks) -> MediaKind:
    """Return what an address shows, by the text that has it, else by its shape."""
    said = {block.address: block.kind for block in text if isinstance(block, Embed) and block.kind != "page"}
    return said.get(address) or media_kind(address)
