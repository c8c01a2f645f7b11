"""Config: an optional TOML file with the reader's settings, as far as they differ from the defaults.

An invalid setting is reported and ignored. If the file is unreadable, every verb (subcommand of bpost) except `config` ends with an
error.
"""

from bpost_tui.config.load_config import ConfigProblem, find_line, read
from bpost_tui.config.settings import DEFAULT_PORTAL, SAMPLE_NAME, SAMPLE_NAMES, PortalSetting, Settings
from bpost_tui.config.value_types import Command

__all__ = [
    "DEFAULT_PORTAL",
    "SAMPLE_NAME",
    "SAMPLE_NAMES",
    "Command",
    "ConfigProblem",
    "PortalSetting",
    "Settings",
    "find_line",
    "read",
]
