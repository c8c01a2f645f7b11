"""Keeping the front page true: after a refresh from the command line the newest is made anew, by a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from bpost_tui.kept_page import VARIABLES, WINDOW_VARIABLES, folder_of, pages_in, read, started_with

_LONGEST_S = 10.0


def keep_again(environ: Mapping[str, str]) -> None:
    """Have the newest page made anew where it isn't true any more, which takes half a second; where there is none, no time."""
    folder = folder_of(environ)
    path = next(iter(pages_in(folder)), None) if folder is not None else None
    page = None if path is None else read(path)
    if path is None or page is None or page.is_true():
        return
    import subprocess  # 5 ms

    from bpost_tui.child_process import command, program_of

    _, folder, variables, _ = started_with(page.start)
    others = {name: value for name, value in environ.items() if name not in (*VARIABLES, *WINDOW_VARIABLES)}
    with suppress(OSError, subprocess.SubprocessError):  # then there is none
        subprocess.run(
            command(program_of(__name__)),
            input=os.fsencode(path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**others, **variables},
            timeout=_LONGEST_S,
        )


def main() -> None:
    """Make the page anew whose file stdin names. The environment is that of its start."""
    from bpost_tui.cli.context import configured, context_of
    from bpost_tui.cli.keep_page import keep_page
    from bpost_tui.cli.parser import early, parse
    from bpost_tui.front_page import FrontPage
    from bpost_tui.i18n import choose
    from bpost_tui.terminal.capabilities import WindowSize
    from bpost_tui.terminal.probe import Probe

    os.nice(10)
    page = read(sys.stdin.read())
    if page is None:
        return
    window, _, _, arguments = started_with(page.start)
    given = early(arguments)
    config = configured(given.config, os.environ)
    language = choose(given.language or config.settings.language, os.environ)
    context = context_of(parse(arguments, language), config, language, FrontPage(arguments, os.environ))
    keep_page(context, Probe.recalled(os.environ, page.answers, WindowSize(*window)), longest_s=_LONGEST_S)
