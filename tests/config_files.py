"""Settings from a config file alone, without environment or options."""

from __future__ import annotations

from pathlib import Path

from bpost_tui.config import ConfigProblem, Settings, read
from bpost_tui.config.settings import NO_KEYS, KeyBindings


def load(path: Path, *, actions: KeyBindings = NO_KEYS) -> tuple[Settings, tuple[ConfigProblem, ...]]:
    """Return the settings of a config file, and its problems; for `actions`, see `read`."""
    values, problems = read(path, actions=actions)
    return Settings(**values), problems
