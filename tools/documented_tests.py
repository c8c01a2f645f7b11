"""Run every test that docs/trust.md and docs/what-was-tried.md name: `python -m tools.documented_tests [PYTEST_ARGS…]`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_DOCUMENTS = ("docs/trust.md", "docs/what-was-tried.md")


def named() -> Iterator[str]:
    """Yield the pytest names of the functions, files and folders of `tests/` that the two documents name."""
    names = {name for path in _DOCUMENTS for name in re.findall(r"`(test_\w+|tests/[\w./-]+)`", (_ROOT / path).read_text("utf-8"))}
    yield from sorted(name for name in names if "/" in name)
    for file in sorted((_ROOT / "tests").rglob("test_*.py")):
        functions = re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
        yield from (f"{file.relative_to(_ROOT)}::{name}" for name in functions if name in names)


if __name__ == "__main__":
    sys.exit(pytest.main([*sys.argv[1:], *named()]))
