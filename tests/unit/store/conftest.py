from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story

MIDNAPORE = Category("midnapore-2", "Midnapore")
HEALTH = Category("health", "Health")


@pytest.fixture(scope="session")
def make_story() -> Callable[..., Story]:
    """Return a function that makes story `number`; each higher number is an hour older."""

    def make(number: int, **fields: object) -> Story:
        values: dict[str, object] = {
            "guid": f"https://thebengalpost.net/?p={number}",
            "title": f"Midnapore: খবর {number}",
            "link": f"https://thebengalpost.net/midnapore-2/story-{number}.html",
            "author": "News Desk",
            "published": datetime(2026, 11, 23, 12, tzinfo=UTC) - timedelta(hours=number),
            "categories": (MIDNAPORE, HEALTH) if number % 2 else (MIDNAPORE,),
            "tags": ("মেদিনীপুর",),
            "excerpt": "দ্য বেঙ্গল পোস্ট প্রতিবেদন…",
            "blocks": (Paragraph((Span(f"দ্য বেঙ্গল পোস্ট প্রতিবেদন, {number} নভেম্বর: "), Span("মেদিনীপুর", bold=True))),),
            "full": True,
        }
        return Story(**{**values, **fields})  # type: ignore[arg-type]

    return make


@pytest.fixture
def run_child(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a program to its end in another Python process."""

    def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    return run
