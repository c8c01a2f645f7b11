"""The reader's settings: an optional TOML file with only what differs. Nothing in it can keep bpost from starting."""

from bpost_tui.config.load import Problem, line_of, load, read
from bpost_tui.config.settings import DEFAULT_PORTAL, KEYBOARDS, LANGUAGES, NO_KEYS, PICTURES, TEXTS, Keys, Settings
from bpost_tui.config.values import Command

__all__ = [
    "DEFAULT_PORTAL",
    "KEYBOARDS",
    "LANGUAGES",
    "NO_KEYS",
    "PICTURES",
    "TEXTS",
    "Command",
    "Keys",
    "Problem",
    "Settings",
    "line_of",
    "load",
    "read",
]
