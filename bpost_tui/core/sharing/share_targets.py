"""Targets for sharing a story: addresses of services, and the reader's own targets. Pure.

A target is an address, or a program with its arguments, with `{link}` and `{title}` in it. In an address, the
link and the title are percent-encoded, so that a headline can't add parts to the address. A program gets each of the two within one
argument, and no shell ever reads them.

Sources: faq.whatsapp.com ("How to use click to chat"), core.telegram.org/widgets/share, RFC 6068 for mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from bpost_tui.model.sanitize import clean_line
from bpost_tui.urls import shareable

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "WhatsApp": "https://wa.me/?text={title}%20{link}",
        "Telegram": "https://t.me/share/url?url={link}&text={title}",
    }
)
"""Maps the name of each service to its target, an address with placeholders."""
MAIL: Final = "mailto:?subject={title}&body={link}"
_TITLE_CHARS = 300


def fill_address(target: str, link: str, title: str) -> str | None:
    """Return a target's address with a story's link and title filled in; None if the address can't be opened.

    If the address can be opened only without the title, which may be too long, the title is left out.

    >>> fill_address("https://wa.me/?text={title}%20{link}", "https://example.org/?p=1&q", "খবর")
    'https://wa.me/?text=%E0%A6%96%E0%A6%AC%E0%A6%B0%20https%3A%2F%2Fexample.org%2F%3Fp%3D1%26q'
    """
    for words in (clean_line(title, _TITLE_CHARS), ""):
        address = _filled(target, quote(link, safe=""), quote(words, safe=""))
        if shareable(address):
            return address
    return None


def fill_command(target: tuple[str, ...], link: str, title: str) -> tuple[str, ...]:
    """Return a target's program and arguments with a story's link and title filled in.

    Hyphens at the title's beginning are removed, so that the program can't mistake the title for an option.
    """
    words = clean_line(title, _TITLE_CHARS).lstrip("- ")
    return (target[0], *(_filled(argument, link, words) for argument in target[1:]))


def _filled(text: str, link: str, title: str) -> str:
    """Return a text with the placeholders `{link}` and `{title}` replaced.

    Both are replaced in one pass, so that `{link}` within a headline stays as it is.
    """
    return re.sub(r"\{(link|title)\}", lambda found: link if found[1] == "link" else title, text)
