"""Decoder from bytes to text, in the order of RFC 7303 §3: byte order mark, header, the document's own declaration. Pure.

Names of encodings mean the same as in browsers, by the WHATWG Encoding Standard (latin1 is windows-1252). But feeds declare
wrong encodings, and one stray byte must not turn a page of Bengali into another alphabet. So a body that is mostly UTF-8 is decoded
as UTF-8, whatever it declares, with bad bytes as U+FFFD.
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
_DECLARED = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_WIDER = {"gbk": "gb18030"}
"""Maps an encoding to the larger encoding to decode its texts with, as the WHATWG standard demands."""
_NO_TEXT = frozenset(("replacement", "utf-16be", "utf-16le", "utf-8", "x-user-defined"))
"""Declared encodings that are ignored: they can't be decoded, or would have been recognised by their bytes."""
_IN_ASCII = "iso2022_jp"
"""Encoding that uses only ASCII bytes, so that its text could be mistaken for UTF-8."""
_MAX_INVALID_SHARE = 0.25
"""Maximum share of invalid bytes, among the bytes that aren't ASCII, in a text that counts as UTF-8."""


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of `body`; bad bytes become U+FFFD. Never raises.

    `content_type` is the Content-Type header, or empty.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, errors="replace")
    if body[:4:2] == b"\0\0":
        return body.decode("utf-16-be", errors="replace")
    if body[1:4:2] == b"\0\0":
        return body.decode("utf-16-le", errors="replace")
    text = body.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    declared = _declared_codec(body, content_type) if bad or b"\x1b$" in body else None
    non_ascii = len(text) - len(text.encode("ascii", errors="ignore")) if declared else 0
    if declared and (declared == _IN_ASCII or bad > _MAX_INVALID_SHARE * non_ascii):
        return body.decode(declared, errors="replace")
    return text if bad or text.isascii() else _decoded_twice(text)


def _decoded_twice(text: str) -> str:
    """Return a text with a common error undone: UTF-8 mistaken for Latin-1 and encoded again.

    Any other text is returned unchanged.
    """
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _declared_codec(body: bytes, content_type: str) -> str | None:
    """Return Python's name of the declared encoding: by the header `content_type`, or else by the document itself.

    None if neither declares an encoding, or if the encoding is UTF-8, which was tried before.
    """
    from webencodings import lookup  # 1 ms, and UTF-8 doesn't need it

    places = (content_type[:200], body[:1024].decode("latin-1"))
    found = (lookup(found[1]) for found in map(_DECLARED.search, places) if found)
    names = (_WIDER.get(each.name, each.codec_info.name) for each in found if each and each.name not in _NO_TEXT)
    return next(names, None)
