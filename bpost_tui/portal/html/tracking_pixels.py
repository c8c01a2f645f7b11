"""Recognition of tracking pixels: pictures that only count readers. bpost neither shows nor requests these. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TINY = re.compile(r"\s*0*[012](?:\.\d+)?(?:px)?\s*")
_HOSTS = re.compile(
    r"(?:^|\.)(?:doubleclick\.net|google-analytics\.com|googleadservices\.com|scorecardresearch\.com|quantserve\.com|statcounter\.com"
    r"|(?:da|rss|res\d?|pi\d?)\.feedsportal\.com|pixel\.wp\.com|stats\.wordpress\.com|pixel\.quantserve\.com|imrworldwide\.com|xiti\.com|mc\.yandex\.ru"
    r"|counter\.yadro\.ru|hits\.blogsoft\.org|ioam\.de|vgwort\.de|webtrekk\.net|plausible\.io|matomo\.cloud|goatcounter\.com|chartbeat\.net)$"
)
_PATHS = re.compile(
    r"^/~(?:r|a|4)/|/mf\.gif$|/(?:pixel|spacer|blank|beacon|clear|transparent|1x1|tracking|tracker|trackingpixel|webbug|hit|b)\.(?:gif|png|php|aspx)$"
    r"|^/tracker/\d|^/_/stat$|/(?:matomo|piwik)\.php$|/count\.gif$|/pagead/|^/stat\?|/1\.0/(?:comments|delicious|stumble|digg|reddit|godigg)/"
)


def is_pixel_sized(width: str, height: str) -> bool:
    """Whether `width` or `height`, as attributes in HTML, is at most 2 pixels."""
    return bool(_TINY.fullmatch(width or "x") or _TINY.fullmatch(height or "x"))


def is_tracking_address(address: str) -> bool:
    """Whether `address` looks like the address of a tracking pixel, which counts readers."""
    parts = urlsplit(address)
    return bool(_HOSTS.search(parts.hostname or "") or _PATHS.search(parts.path))
