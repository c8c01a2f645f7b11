"""An item's sounds, films, pictures and documents → what a story shows of them. Nothing is fetched. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bpost_tui.model.blocks import Blocks, Embed, EmbedKind, Image, texts_of
from bpost_tui.model.sanitize import MAX_TITLE_CHARS, clean_line
from bpost_tui.portal.feed.item import FeedItem, Medium
from bpost_tui.portal.html.embeds import embed_of
from bpost_tui.portal.html.pixels import is_pixel
from bpost_tui.portal.story_fields import lead_image
from bpost_tui.urls import clean_link

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?#&])", re.IGNORECASE)
_FACE = re.compile(r"(?:^|\.)gravatar\.com$")
"""Hosts of the writers' own pictures."""
_KINDS: tuple[tuple[str, EmbedKind], ...] = (("audio", "audio"), ("video", "video"), ("application/x-shockwave", "video"))
_ENDINGS: tuple[tuple[re.Pattern[str], EmbedKind], ...] = (
    (re.compile(r"\.(?:mp3|m4a|m4b|ogg|oga|opus|aac|flac|wav|wma)(?:$|[?#])", re.IGNORECASE), "audio"),
    (re.compile(r"\.(?:mp4|m4v|mov|webm|mkv|avi|wmv|flv|m3u8)(?:$|[?#])", re.IGNORECASE), "video"),
)


def read_media(item: FeedItem, text: Blocks, base: str, link: str | None) -> tuple[str | None, tuple[Embed, ...]]:
    """Return the picture of a story, and what comes with it that its text doesn't show or link to, each thing once.

    Args:
        item: What the item holds.
        text: The story's text.
        base: What addresses are relative to.
        link: The story's own address.
    """
    media = [medium._replace(address=address) for medium in item.media if (address := clean_link(medium.address, base))]
    pictures = [medium for medium in media if _is_picture(medium) and not _is_aside(medium.address)]
    widest = max(pictures, key=lambda medium: medium.width_px, default=None)
    thumbnail = clean_link(item.thumbnail, base) if item.thumbnail else None
    image = (widest and widest.address) or lead_image(text) or thumbnail
    known = {link, *_addresses(text)}
    embeds: dict[str, Embed] = {}
    for medium in media:
        embed = None if _is_picture(medium) or medium.address in known else _embed(medium)
        if embed is not None and embed.address not in known:
            embeds.setdefault(embed.address, embed)
    talk = clean_link(item.talk, base)
    if talk and talk.partition("#")[0] not in {(link or "").partition("#")[0], ""} and talk not in known:
        embeds.setdefault(talk, Embed(talk, "talk"))
    return image, tuple(embeds.values())


def _addresses(text: Blocks) -> Iterator[str | None]:
    for block in text:
        match block:
            case Embed(address):
                yield address
            case Image(src):
                yield src
            case _:
                yield from (span.link for spans in texts_of(block) for span in spans)


def _is_picture(medium: Medium) -> bool:
    if medium.kind:
        return medium.kind.startswith("image")
    return bool(_PICTURE.search(medium.address)) or medium.width_px > 0


def _is_aside(address: str) -> bool:
    """Whether a picture is nothing of the story: a counter, or the writer's face."""
    return is_pixel(address) or bool(_FACE.search(urlsplit(address).hostname or ""))


def _embed(medium: Medium) -> Embed | None:
    kind = next((kind for begins, kind in _KINDS if medium.kind.startswith(begins)), None)
    kind = kind or next((kind for pattern, kind in _ENDINGS if pattern.search(medium.address)), None)
    if kind is None and medium.kind.startswith(("application/", "document")):
        kind = "document"
    shown = embed_of(medium.address, clean_line(medium.title, MAX_TITLE_CHARS), kind)
    return shown and shown._replace(length_s=medium.length_s, size_bytes=medium.size_bytes)
