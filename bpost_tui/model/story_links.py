"""Links in a story's text, with the addresses that they really lead to. Pure."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import unquote, urlsplit

from bpost_tui.model.blocks import Blocks, Embed, Image, Span, text_of, texts_of
from bpost_tui.model.sanitize import clean_line
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_HOST_CHARS = 253
"""Maximum length in characters of a host name (RFC 1035 §2.3.4)."""
_PATH_CHARS = 300
_APART = Span("")
"""Separator put between two texts, so that a link at the end of one doesn't continue at the beginning of the next."""


class StoryLink(NamedTuple):
    """Link in a story's text."""

    text: str
    """Words that carry the link: text of the story, the words under a picture, or the title of an embed (video, sound or post)."""
    address: str
    """Address that the link leads to: http or https, in ASCII."""

    @property
    def path(self) -> str:
        """Part of the address after the host, with percent signs decoded."""
        parts = urlsplit(self.address)
        return clean_line(unquote(parts.path + (f"?{parts.query}" if parts.query else "")), _PATH_CHARS)


def links_of(blocks: Blocks) -> tuple[StoryLink, ...]:
    """Return the links of a text in reading order. An address appears once, with the first words that link to it."""
    found: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Embed):
            found[block.address] = found.get(block.address) or block.title
        if isinstance(block, Image) and block.link:
            found[block.link] = found.get(block.link) or clean_line(text_of(block.words), limit=200)
        texts = (block.caption,) if isinstance(block, Image) else texts_of(block)
        for address, group in groupby((span for spans in texts for span in (*spans, _APART)), key=lambda span: span.link):
            if address:
                words = clean_line("".join(span.text for span in group), limit=200)
                found[address] = found.get(address) or words
    return tuple(StoryLink(words, address) for address, words in found.items())


def display_host(address: str) -> str:
    """Return an address's host in ASCII. If the host has other letters, a form with these follows in brackets (RFC 5891 §5).

    >>> display_host("https://xn--54b7fta0cc.example/")
    'xn--54b7fta0cc.example (বাংলা.example)'
    """
    host = urlsplit(address).hostname or ""
    if "xn--" not in host:
        return host
    import idna  # 8 ms

    try:
        letters = clean_line(idna.decode(host), _HOST_CHARS)
    except UnicodeError:
        return host
    return host if letters == host else f"{host} ({letters})"


def display_address(address: str) -> str:
    """Return an address in readable form: percent signs are decoded, and a host with non-ASCII letters is shown in both forms."""
    return display_host(address) + StoryLink("", address).path
