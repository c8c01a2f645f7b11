"""The reader's settings: an optional TOML file with only what differs.

A setting that can't be used is reported and ignored; a file that can't be read at all ends every verb but `config`.
"""

from bpost_tui.config.load_config import ConfigProblem, find_line, read
from bpost_tui.config.settings import DEFAULT_PORTAL, SAMPLE_NAME, PortalSetting, Settings
from bpost_tui.config.value_types import Command

__all__ = [
    "DEFAULT_PORTAL",
    "SAMPLE_NAME",
    "Command",
    "ConfigProblem",
    "PortalSetting",
    "Settings",
    "find_line",
    "read",
]
