"""The reader's settings: an optional TOML file with only what differs.

A setting that can't be used is reported and ignored; a file that can't be read at all ends every verb but `config`.
"""

from bpost_tui.config.load import Problem, line_of, read
from bpost_tui.config.settings import DEFAULT_PORTAL, SAMPLE_NAME, PortalSetting, Settings
from bpost_tui.config.values import Command

__all__ = [
    "DEFAULT_PORTAL",
    "SAMPLE_NAME",
    "Command",
    "PortalSetting",
    "Problem",
    "Settings",
    "line_of",
    "read",
]
