"""Bytes → text, by what the bytes look like before what is declared about them. Pure.

Feeds declare wrong encodings, and one stray byte must not turn a page of Bengali into another alphabet. So what is mostly UTF-8 is
decoded as UTF-8, its bad bytes as U+FFFD. Otherwise the declared encoding is used (RFC 7303 §3), if it is one of a few.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SINGLE_BYTE = {
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
"""Declared name → codec; Latin-1 is read as browsers read it."""
_DECLARED = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MANY = 0.25
"""The share of bad bytes, among those that aren't ASCII, above which a text isn't taken for UTF-8."""


def decode(body: bytes, content_type: str = "") -> str:
    """Return a body's text; bad bytes become U+FFFD. Never raises."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, errors="replace")
    if body[:4:2] == b"\0\0":
        return body.decode("utf-16-be", errors="replace")
    if body[1:4:2] == b"\0\0":
        return body.decode("utf-16-le", errors="replace")
    text = body.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    declared = _declared_codec(body, content_type) if bad else None
    if declared and bad > _MANY * _non_ascii(text):
        return body.decode(declared, errors="replace")
    return text


def _non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _declared_codec(body: bytes, content_type: str) -> str | None:
    places = (content_type[:200], body[:1024].decode("latin-1"))
    names = (found[1].lower() for found in map(_DECLARED.search, places) if found)
    return next((_SINGLE_BYTE[name] for name in names if name in _SINGLE_BYTE), None)
