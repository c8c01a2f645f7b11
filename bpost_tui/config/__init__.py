"""The reader's settings: an optional TOML file with only what differs.

A setting that can't be used is reported and ignored; a file that can't be read at all ends every verb but `config`.
"""

from bpost_tui.config.load import Problem, line_of, read
from bpost_tui.config.settings import (
    DEFAULT_PORTAL,
    KEYBOARDS,
    LANGUAGES,
    NO_KEYS,
    PICTURES,
    SAMPLE_NAME,
    TEXTS,
    Keys,
    PortalSetting,
    Settings,
)
from bpost_tui.config.values import Command, Listen, Target, VoiceProgram

__all__ = [
    "DEFAULT_PORTAL",
    "KEYBOARDS",
    "LANGUAGES",
    "NO_KEYS",
    "PICTURES",
    "SAMPLE_NAME",
    "TEXTS",
    "Command",
    "Keys",
    "Listen",
    "PortalSetting",
    "Problem",
    "Settings",
    "Target",
    "VoiceProgram",
    "line_of",
    "read",
]
