"""Process that draws the startup snapshot again, with the reader's arguments, on a terminal that answers as it did then."""

from __future__ import annotations

import os
from math import inf

from bpost_tui.cli.read import save_snapshot
from bpost_tui.cli.shared.argument_parser import parse, parse_early
from bpost_tui.cli.shared.command_context import command_context, load_config
from bpost_tui.i18n import choose_language
from bpost_tui.startup_snapshot import recalled


def main() -> None:
    """Draw the page again, until the parent process stops this one; the environment is the reader's."""
    if (start := recalled(os.environ)) is None:
        return
    front, probe = start
    given = parse_early(front.arguments)
    config = load_config(given.config, os.environ)
    language = choose_language(given.language or config.settings.language, os.environ, config.settings.times)
    save_snapshot(command_context(parse(front.arguments, language), config, language, front), probe, longest_s=inf)
