"""What the processes that tests start have in their environment, beside what a test is about."""

from __future__ import annotations

from pathlib import Path

AS_INSTALLED = {"PYTHONPATH": str(Path(__file__).parent / "as_installed")}
"""Hides what only development needs: with click there, httpx would import rich and pygments, too (150 ms of each start)."""
