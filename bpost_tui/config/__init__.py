"""Config: the reader's settings in an optional TOML file, with only the differences from the defaults.

An invalid setting is reported and ignored. An unreadable file ends every verb except `config`.
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
