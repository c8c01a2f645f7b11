"""What the reader in lines asks of the portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bpost_tui.model.story import Headline


@dataclass(frozen=True, slots=True)
class Portal:
    """What stands between the reader and the portal."""

    refresh: Callable[[], bool]
    """Begins to ask, unless it is already; False where it may not be asked."""
    news: Callable[[float], str]
    """What came of it since last asked, waiting so many seconds for the end; empty where nothing did."""
    open: Callable[[Headline], str]
    """Opens a story in the browser, and says what came of that."""
