"""The process that draws the kept page again: it starts as the reader did, on a terminal that answers as it did then."""

from __future__ import annotations

import os
from math import inf

from bpost_tui.cli.read import keep_page
from bpost_tui.cli.shared.argument_parser import early, parse
from bpost_tui.cli.shared.command_context import configured, context_of
from bpost_tui.i18n import choose
from bpost_tui.startup_snapshot import recalled


def main() -> None:
    """Draw the page again, for as long as its parent lets it; the environment is that of its start."""
    if (start := recalled(os.environ)) is None:
        return
    front, probe = start
    given = early(front.arguments)
    config = configured(given.config, os.environ)
    language = choose(given.language or config.settings.language, os.environ, config.settings.times)
    keep_page(context_of(parse(front.arguments, language), config, language, front), probe, longest_s=inf)
