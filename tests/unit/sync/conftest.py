from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _forked_parsers(forked_parsers: None) -> None:
    """Every refresh starts some."""
