"""Telling whether two links lead to the same story."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_TRACKERS = ("utm_", "fbclid", "gclid")


def link_key(link: str | None) -> str | None:
    """Return what all variants of a link have in common, or None where a link can't tell stories apart.

    Variants differ in scheme, `www.`, the host's case, a default port, percent signs, trailing slashes, `/amp`, the fragment and
    trackers (`utm_*`, `fbclid`, `gclid`). A site's bare front page names no story.
    """
    if not link:
        return None
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
        pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].lower().startswith(_TRACKERS)]
        path, query = unquote(parts.path).rstrip("/").removesuffix("/amp").rstrip("/"), urlencode(pairs)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or not (path or query):
        return None
    return host + (f":{port}" if port not in (None, 80, 443) else "") + path + (f"?{query}" if query else "")
