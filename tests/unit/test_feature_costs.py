"""Costs of features in docs/decisions/what-is-in.md: the figures are counted, and the files exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.code_structure import PACKAGE, ROOT

PAGE = ROOT / "docs/decisions/what-is-in.md"
ROW = re.compile(r"^\| ([^|]+) \| ((?:`[\w/.*]+` ?)+) \| ([\d,]+) \|", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def counted(patterns: str) -> int:
    """Return the number of lines of the Python files that `patterns` match; a folder counts with all below it."""
    found: set[Path] = set()
    for pattern in re.findall(r"`([^`]+)`", patterns):
        named = {path for path in (ROOT / PACKAGE).glob(pattern) if path.suffix == ".py"}
        if pattern.endswith("/*"):
            named |= set((ROOT / PACKAGE / pattern[:-2]).rglob("*.py"))
        assert named, f"{pattern} names nothing"
        found |= named
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in found)


@pytest.mark.parametrize(("what", "where", "lines"), ROWS, ids=[row[0] for row in ROWS])
def test_feature_cost_is_within_a_quarter_of_the_count(what: str, where: str, lines: str) -> None:
    now = counted(where)
    assert now / 1.25 <= int(lines.replace(",", "")) <= now * 1.25, f"{what}: {now}"


def test_feature_cost_page_has_at_least_19_rows() -> None:
    assert len(ROWS) >= 19
