"""Version numbers: the package's version is the newest dated version in the changelog."""

from __future__ import annotations

import re
from pathlib import Path

import bpost_tui
from tools.release import CHANGES, joined

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_changelog_begins_with_the_current_version() -> None:
    dated = re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert dated[0] == bpost_tui.__version__


def test_versions_in_mended_md_are_in_the_changelog() -> None:
    released = re.findall(r"^## (\S+)", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    headings = re.findall(
        r"^## In (\S+), mended in (\S+)$", (CHANGELOG.parent / "docs/what-was-tried.md").read_text("utf-8"), re.MULTILINE
    )
    assert headings and {version for heading in headings for version in heading} <= set(released)


def test_entries_of_the_changelog_have_a_kind() -> None:
    entries = sorted((CHANGELOG.parent / CHANGES).glob("*.md"))
    assert joined("", (entry.read_text(encoding="utf-8") for entry in entries)).startswith("### ") or not entries
