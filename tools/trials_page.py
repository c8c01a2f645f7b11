"""Sections of docs/trials.md, each written by what makes its figures."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "trials.md"


def put_section(title: str, text: str) -> None:
    """Write a section (`## title`) in the place of the one before, or at the end of the page."""
    page = PAGE.read_text(encoding="utf-8")
    section = f"## {title}\n\n{text.strip()}\n"
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    if found is None:
        page = f"{page.rstrip()}\n\n{section}"
    else:
        after = page[found.end() :]
        page = page[: found.start()] + section + ("\n" if after else "") + after
    PAGE.write_text(page, encoding="utf-8")
