"""Reports of long trials: a page of Markdown for each program, in build/reports. docs/what-was-tried.md quotes their figures."""

from __future__ import annotations

from pathlib import Path

from tools.lock_file import ROOT

FOLDER = ROOT / "build" / "reports"


def write_report(name: str, text: str) -> Path:
    """Write `text` to `build/reports/NAME.md`, replacing an earlier report, and return the file's path."""
    path = FOLDER / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text.strip()}\n", encoding="utf-8")
    return path
