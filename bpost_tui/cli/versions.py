"""The versions of the libraries that read foreign bytes, and those below which vulnerabilities are known."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from bpost_tui.store.files import sqlite_version
from bpost_tui.typeset.fonts import harfbuzz_version

_PACKAGES = ("feedparser", "selectolax", "httpx", "uharfbuzz", "pillow", "textual", "rich")
_DECODERS = {"jpeg": "libjpeg_turbo", "webp": "webp", "freetype": "freetype2"}
"""What Pillow was built with, by its own names; FreeType is there, but never asked."""
FLOORS: Mapping[str, tuple[int, ...]] = {
    "expat": (2, 6),  # CVE-2023-52425
    "sqlite": (3, 53, 2),  # CVE-2026-11822
    "zlib": (1, 2, 13),  # CVE-2022-37434
    "pillow": (12, 3),  # CVE-2026-40192 and its kind
    "webp": (1, 3, 2),  # CVE-2023-4863
    "freetype": (2, 14, 2),
}


def versions() -> Iterator[tuple[str, str]]:
    """Give each library with its version; empty where it isn't there."""
    import pyexpat
    import ssl
    import zlib

    yield "python", platform.python_version()
    yield "sqlite", sqlite_version()
    yield "expat", pyexpat.EXPAT_VERSION.removeprefix("expat_")
    yield "zlib", zlib.ZLIB_RUNTIME_VERSION
    yield "openssl", ssl.OPENSSL_VERSION.split()[1]
    for name in _PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, ""
    yield from _built_in()


def _built_in() -> Iterator[tuple[str, str]]:
    from PIL import features  # 40 ms

    yield "harfbuzz", harfbuzz_version()
    for name, feature in _DECODERS.items():
        yield name, features.version(feature) or ""


def below_floor(found: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each library with known vulnerabilities: its name, its version, and the one that fixes them."""
    for name, floor in FLOORS.items():
        numbers = tuple(map(int, re.findall("[0-9]+", found.get(name, ""))))
        if numbers and numbers < floor:
            yield name, found[name], ".".join(map(str, floor))
