"""Advice of `doctor`: limits of the terminal, and libraries with known vulnerabilities."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from bpost_tui.i18n import Reason
from bpost_tui.store.sqlite_files import sqlite_version
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode, picture_remedies, widths_agree
from bpost_tui.typesetting.typeset.fonts import harfbuzz_version


def hints(capabilities: Capabilities, *, is_spare_font: bool) -> Iterator[str]:
    """Yield advice for better typesetting in a terminal, each a sentence.

    Args:
        capabilities: Capabilities of the terminal, in its default render mode.
        is_spare_font: Whether the bundled font is used because no better font is installed.
    """
    if capabilities.known_terminal.advice:
        yield capabilities.known_terminal.advice
    if capabilities.render_mode is RenderMode.MOSAIC or capabilities.is_too_small_for_mosaic:
        yield from picture_remedies(capabilities)
    if capabilities.render_mode is RenderMode.SIXEL and not capabilities.reports_focus:
        yield Reason("tmux: with `set -g focus-events on`, type is redrawn when you come back; tmux remembers only 20 pictures.")
    if not widths_agree(capabilities):
        yield Reason(
            "In cells, borders may not line up inside {name}: it and your terminal measure Bengali differently. "
            "Mosaic isn't affected.",
            name=capabilities.multiplexer,
        )
    if capabilities.is_too_small_for_mosaic:
        yield Reason("In a larger window, or with a smaller font, real type fits as a mosaic; `T` shows it in this window as well.")
        yield Reason("In cells, this terminal may put Urdu and Arabic in the wrong order; `T` shows them right.")
    if is_spare_font:
        yield Reason("Install Noto Sans Bengali (fonts-noto-core in Debian): it was the easiest to read in our tests.")


_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def unused_proxies(environ: Mapping[str, str]) -> Iterator[Reason]:
    """Yield a warning if the environment names a proxy, such as Tor's.

    bpost uses no proxy, so the portal sees the reader's own IP address.
    """
    names = [name for name in environ if name.lower() in _PROXIES and environ[name]]
    if names:
        yield Reason(
            "{names}: bpost doesn't use proxies; it connects from this machine's own address.", names=", ".join(sorted(names))
        )


# ── versions ────────────────────────────────────────────────────────────────

_PACKAGES = ("feedparser", "selectolax", "httpx", "idna", "uharfbuzz", "pillow", "textual", "rich")
_DECODERS = {"jpeg": "libjpeg_turbo", "webp": "webp", "freetype": "freetype2"}
"""Maps libraries that come with Pillow to the names that Pillow needs to report their versions."""
FLOORS_AS_OF = datetime(2026, 11, 25, tzinfo=UTC)
"""Date of the last search for security advisories. `FLOORS` (oldest safe versions of libraries) has the results.

The search is repeated before each release.
"""
_HALF_A_YEAR = timedelta(days=183)
FLOORS: Mapping[str, tuple[int, ...]] = {
    "expat": (2, 6),  # CVE-2023-52425
    "sqlite": (3, 53, 2),  # CVE-2026-11822
    "idna": (3, 7),  # CVE-2024-3651
    "zlib": (1, 2, 13),  # CVE-2022-37434
    "pillow": (12, 3),  # CVE-2026-40192 and its kind
    "webp": (1, 3, 2),  # CVE-2023-4863
    "freetype": (2, 14, 2),
}

OF_SYSTEM = frozenset(("expat", "sqlite", "zlib"))
"""Names in `FLOORS` of libraries that come with Python or the operating system, so that updating a Python package doesn't help."""


def versions() -> Iterator[tuple[str, str]]:
    """Yield each library that parses foreign data, with its version. The version is empty if the library isn't installed."""
    import pyexpat
    import ssl
    import zlib

    from PIL import features  # 40 ms

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
    yield "harfbuzz", harfbuzz_version()
    for name, feature in _DECODERS.items():
        yield name, features.version(feature) or ""


def are_floors_old(now: datetime) -> bool:
    """Whether the versions in `FLOORS` were last checked more than half a year ago, so that newer advisories are likely."""
    return now - FLOORS_AS_OF > _HALF_A_YEAR


def below_floor(found: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each library of `found` with known vulnerabilities: its name, its installed version, and the oldest safe version.

    `found` maps names of libraries to their installed versions.
    """
    for name, floor in FLOORS.items():
        numbers = tuple(map(int, re.findall("[0-9]+", found.get(name, ""))))
        if numbers and numbers < floor:
            yield name, found[name], ".".join(map(str, floor))
