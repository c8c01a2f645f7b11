"""Blocks for the sound, video, picture and document files that a feed's item (one story) lists. Nothing is fetched. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from urllib.parse import urlsplit

from bpost_tui.model.blocks import Blocks, Embed, EmbedKind, Image, texts_of
from bpost_tui.model.media_kind import media_kind
from bpost_tui.model.sanitize import MAX_CAPTION_CHARS, MAX_TITLE_CHARS, clean_line
from bpost_tui.portal.derived_fields import lead_image
from bpost_tui.portal.feed.item_reader import Enclosure, FeedItem
from bpost_tui.portal.html.embeds import make_embed
from bpost_tui.portal.html.tracking_pixels import is_tracking_address
from bpost_tui.urls import clean_link

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?#&])", re.IGNORECASE)
_SIZE_IN_NAME = re.compile(r"(?:-\d{2,4}x\d{2,4}|-scaled|@\dx)?(?:\.\w{2,5})?$")
_AVATAR_HOSTS = re.compile(r"(?:^|\.)gravatar\.com$")
"""Pattern of hosts that serve portraits of writers. Such a portrait isn't a picture for the story."""
_KINDS: tuple[tuple[str, EmbedKind], ...] = (("audio", "audio"), ("video", "video"), ("application/x-shockwave", "video"))


def read_enclosures(item: FeedItem, text: Blocks, base: str, link: str | None) -> tuple[str | None, Blocks, Blocks]:
    """Return (address of the lead picture, blocks before the text, blocks after it) for the files that a feed lists with a story.

    The blocks show the files that the text itself lacks. They are to be put before and after the text.

    Sounds, films and documents go before the text, and a link to the comments after it. Pictures go after the text if it has
    pictures of its own. Otherwise the first picture goes before it and the others after it; a single picture becomes no block,
    since it is the lead picture. The lead picture is the item's widest picture, else the first in the text, else the thumbnail;
    None if there is no picture.

    Args:
        item: The feed item.
        text: The story's text.
        base: Address against which relative addresses are resolved.
        link: The story's own address; None if unknown.
    """
    media = [medium._replace(address=address) for medium in item.media if (address := clean_link(medium.address, base))]
    pictures = [medium for medium in media if _is_picture(medium) and not _is_unrelated(medium.address)]
    widest = max(pictures, key=lambda medium: medium.width_px, default=None)
    thumbnail = clean_link(item.thumbnail, base) if item.thumbnail else None
    shown = [block for block in text if isinstance(block, Image)]
    more = _more_pictures(pictures, shown) if shown or len(pictures) > 1 else []
    more = more if shown or len(more) > 1 else []
    before: Blocks = (*_embeds(media, text, link), *([] if shown else more[:1]))
    after: Blocks = (*(more if shown else more[1:]), *_comments_link(item, text, base, link))
    return (widest and widest.address) or lead_image(text) or thumbnail, before, after


def _more_pictures(pictures: list[Enclosure], shown: list[Image]) -> list[Image]:
    """Return the pictures in `pictures` that a story doesn't show already (`shown`), each once, in its widest size."""
    known = {_name(image.src) for image in shown}
    found: dict[str | int, Enclosure] = {}
    for medium in pictures:
        name: str | int = medium.group if medium.group >= 0 and medium.width_px else _name(medium.address)
        if _name(medium.address) not in known and (name not in found or medium.width_px > found[name].width_px):
            found[name] = medium
    kept = [medium for medium in found.values() if _name(medium.address) not in known]
    return [Image(medium.address, clean_line(medium.title, MAX_CAPTION_CHARS)) for medium in kept]


def _name(address: str) -> str:
    """Return the part that the addresses of all sizes of a picture share: the end of the path, without the size in the name."""
    parts = urlsplit(address)
    named = _SIZE_IN_NAME.sub("", "/".join(parts.path.rsplit("/", 2)[-2:]))
    return named if _PICTURE.search(parts.path) else f"{named}?{parts.query}"  # a program that serves pictures


def _embeds(media: list[Enclosure], text: Blocks, link: str | None) -> list[Embed]:
    shown = set(_shown_addresses(text))
    embeds = (_embed(medium) for medium in media if not _is_picture(medium) and medium.address not in shown)
    return list({embed.address: embed for embed in embeds if embed and _is_more(embed, shown, link)}.values())


def _is_more(embed: Embed, shown: Set[str], link: str | None) -> bool:
    """Whether the embedded content `embed` should be shown in addition to a story's text.

    It isn't shown if its address is one of those in the text (`shown`). It isn't shown either if its address is the story's own
    (`link`, None if unknown), unless it is a sound, a video or a document.
    """
    return embed.address not in shown and (embed.kind in ("audio", "video", "document") or embed.address != link)


def _comments_link(item: FeedItem, text: Blocks, base: str, link: str | None) -> list[Embed]:
    """Return a link to the comments on the story of the feed's `item`, as a list with one entry.

    The list is empty if the item names no address of comments, if the comments are on the story's page, or if the story's `text`
    has the same link. `base` resolves a relative address, and `link` is the story's own address, None if unknown.
    """
    talk = clean_link(item.comments_address, base)
    linked = {span.link for block in text for spans in texts_of(block) for span in spans}
    own = {(link or "").partition("#")[0], ""}
    return [Embed(talk, "talk")] if talk and talk.partition("#")[0] not in own and talk not in linked else []


def _shown_addresses(text: Blocks) -> Iterator[str]:
    for block in text:
        match block:
            case Embed(address) | Image(address):
                yield address
            case _:
                pass


def _is_picture(medium: Enclosure) -> bool:
    if medium.kind:
        return medium.kind.startswith("image")
    return bool(_PICTURE.search(medium.address)) or medium.width_px > 0


def _is_unrelated(address: str) -> bool:
    """Whether a picture isn't about the story, because it only counts readers or shows the writer's portrait."""
    return is_tracking_address(address) or bool(_AVATAR_HOSTS.search(urlsplit(address).hostname or ""))


def _embed(medium: Enclosure) -> Embed | None:
    kind = next((kind for begins, kind in _KINDS if medium.kind.startswith(begins)), None)
    if kind is None and media_kind(medium.address) == "page" and medium.kind.startswith(("application/", "document")):
        kind = "document"
    shown = make_embed(medium.address, clean_line(medium.title, MAX_TITLE_CHARS), kind)
    return shown and shown._replace(length_s=medium.length_s, size_bytes=medium.size_bytes)
