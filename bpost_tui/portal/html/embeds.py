"""Content that a page embeds from other pages: videos, posts, documents.

bpost fetches none of them, and offers their addresses to open. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bpost_tui.model.blocks import Embed, EmbedKind
from bpost_tui.model.media_kind import media_kind
from bpost_tui.model.sanitize import MAX_TITLE_CHARS, clean_line
from bpost_tui.urls import clean_link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

EMBEDDING = frozenset(("audio", "embed", "iframe", "object", "video"))
"""HTML elements that may embed content from another page."""
POST_CLASS = re.compile(r"(?<!\S)(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|fb-(?:post|video)|bluesky-embed)(?!\S)")
"""Classes of HTML quotations that represent a post of another site.

In a browser, a script from the post's site, such as Instagram, puts the post in place of the quotation.
"""
URL_CLASS = re.compile(r"(?<!\S)wp-block-embed__wrapper(?!\S)")
"""Class of an element that holds only an address, because WordPress couldn't embed the page at that address."""
FILE_CLASS = re.compile(r"(?<!\S)wp-block-file(?!\S)")
"""Class of an element that holds a link to a document."""
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_UNSEEN = re.compile(r"0*[01](?:px)?")
_NOT_CONTENT = re.compile(
    r"(?:^|\.)(?:doubleclick\.net|googlesyndication\.com|googletagmanager\.com|google-analytics\.com|adnxs\.com|taboola\.com"
    r"|outbrain\.com|amazon-adsystem\.com|recaptcha\.net)$"
)
_BUTTONS = re.compile(r"/plugins/(?:like|page|share_button|follow|likebox)\b|/recaptcha/|/widgets/(?:follow|tweet)_button")
_KINDS_BY_TAG: Mapping[str, EmbedKind] = {"video": "video", "audio": "audio"}
_YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/(?!videoseries)([\w-]{6,20})(?:$|[?#/])")
_HREF = re.compile(r"(?:^|&)href=([^&]{1,2000})")


def read_embed(node: LexborNode, base: str | None) -> Embed | None:
    """Return the content that an element embeds; None if it is nothing to read or watch, such as an advertisement or a button.

    A relative address is resolved against `base`; if `base` is None, a relative address is ignored.
    """
    attributes = node.attributes
    # `sanitize_html` gives a frame the link of its fallback text: then it is shown even if it has no size, as on Medium
    if not attributes.get("href") and any(_UNSEEN.fullmatch(attributes.get(side) or "x") for side in ("width", "height")):
        return None
    named = [attributes.get(name) or "" for name in ("href", "data-src", "data-lazy-src", "src", "data")]
    named += [child.attributes.get("src") or "" for child in node.css("source, embed")]
    address = next(filter(None, (clean_link(each, base) for each in named if each)), None)
    return None if address is None else make_embed(address, attributes.get("title") or "", _KINDS_BY_TAG.get(node.tag or ""))


def make_embed(address: str, title: str = "", kind: EmbedKind | None = None) -> Embed | None:
    """Return the embed for an address, or None for an advertisement or a button.

    An address made for a frame inside a page, such as a video player's, is replaced by the address of the page for readers. If
    `kind` is None, the kind is derived from the address.
    """
    parts = urlsplit(address)
    if _NOT_CONTENT.search(parts.hostname or "") or _BUTTONS.search(parts.path):
        return None
    found = media_kind(address)
    return Embed(_watch_page(address), kind or ("page" if found == "image" else found), clean_line(title, MAX_TITLE_CHARS))


def written_address(text: str) -> str | None:
    """Return the address in `text` if the text consists of nothing else; None otherwise."""
    text = text.strip()
    return clean_link(text) if _ADDRESS.fullmatch(text) else None


def post_address(links: Iterable[str | None]) -> str | None:
    """Return the last of `links` that leads to a site of posts, such as Instagram: it is the address of the post itself.

    None if no link does.
    """
    posts = [link for link in links if link and media_kind(link) == "post"]
    return posts[-1] if posts else None


def _watch_page(address: str) -> str:
    if found := _YOUTUBE.match(address):
        return f"https://www.youtube.com/watch?v={found[1]}"
    parts = urlsplit(address)
    # frames of Facebook, whose query names the page shown
    if parts.path.startswith("/plugins/") and (named := _HREF.search(parts.query)):
        return clean_link(unquote(named[1])) or address
    return address
