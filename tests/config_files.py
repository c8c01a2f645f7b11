"""Settings as a config file makes them, without an environment or options over them."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.config import ConfigProblem, Settings, read
from bpost_tui.config.settings import NO_KEYS, KeyBindings


def load(path: Path, *, actions: KeyBindings = NO_KEYS) -> tuple[Settings, tuple[ConfigProblem, ...]]:
    """Return the settings with what a config file sets, and its problems; for `actions`, see `read`."""
    values, problems = read(path, actions=actions)
    return Settings(**values), problems
