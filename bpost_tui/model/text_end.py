"""Reasons that a portal gives for an incomplete text: by an HTTP status, or in the page's metadata. Pure.

The obvious way is to search the text for phrases such as "subscribe to read on". They differ by paper and language, and stories
quote them. So only statuses count, and schema.org's `isAccessibleForFree`. A story without a reason has its whole text, or only the
text of the feed.
"""

from __future__ import annotations

SUBSCRIBERS = "subscribers"
"""Reason: the paper states that the text is for subscribers."""
GONE = "gone"
"""Reason: the paper has removed the page."""
REFUSED = "refused"
"""Reason: the site, or the service in front of the site, refuses to send the page.

The service's name may follow: `refused: Cloudflare`.
"""
_BEFORE_SERVICE = ": "


def text_end_of(status: int, service: str = "") -> str:
    """Return the reason that an HTTP status gives for an incomplete text; empty if the status gives none.

    `service` is the name of the service (such as Cloudflare) that answers for the site; empty if there is none.
    """
    match status:
        case 401 | 402 | 451:
            return SUBSCRIBERS
        case 403:
            return f"{REFUSED}{_BEFORE_SERVICE}{service}" if service else REFUSED
        case 404 | 410:
            return GONE
        case _:
            return ""


def split_text_end(text_end: str) -> tuple[str, str]:
    """Split `text_end` into the reason for an incomplete text and the service that refuses the page, which may be empty.

    >>> split_text_end("refused: Cloudflare"), split_text_end("gone")
    (('refused', 'Cloudflare'), ('gone', ''))
    """
    reason, _, service = text_end.partition(_BEFORE_SERVICE)
    return reason, service
