"""The browser: which program opens an address, and whether it did. Standard library only."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpost_tui.i18n import Language

_OPENERS = {"darwin": ("open",)}
_USUAL_OPENERS = ("xdg-open", "wslview")
_LAUNCH_S = 5.0
"""A program that still runs after this time is taken for a browser that shows the page."""


class OpenResult(Enum):
    """What came of opening an address."""

    OPENED = "opened"
    FAILED = "the program ended with an error, or couldn't be started"
    NO_BROWSER = "there is no program for it"


def browser_command(link: str, environ: Mapping[str, str]) -> list[str] | None:
    """Return the command that opens an address, never through a shell; None if there is no program for it.

    BROWSER is a list of commands, as Debian's sensible-browser and xdg-open take it: parted by colons, `%s` where the address goes.
    """
    for command in environ.get("BROWSER", "").split(os.pathsep):
        try:
            arguments = shlex.split(command)
        except ValueError:  # an unbalanced quote
            continue
        if arguments and shutil.which(arguments[0]):
            arguments = arguments if "%s" in command else [*arguments, "%s"]
            return [argument.replace("%s", link) for argument in arguments]
    for opener in _OPENERS.get(sys.platform, _USUAL_OPENERS):
        if shutil.which(opener):
            return [opener, link]
    return None


def program_command(program: Sequence[str], link: str) -> list[str]:
    """Return the command of a program of the reader's: the address where its `{link}` is, else at its end."""
    arguments = list(program) if any("{link}" in argument for argument in program[1:]) else [*program, "{link}"]
    return [arguments[0], *(argument.replace("{link}", link) for argument in arguments[1:])]


def open_in_browser(link: str, environ: Mapping[str, str]) -> OpenResult:
    """Open an address of the web, or one that begins a mail, and return what came of it. Blocks as `launch` does."""
    command = browser_command(link, environ)
    return OpenResult.NO_BROWSER if command is None else launch(command)


def launch(command: Sequence[str]) -> OpenResult:
    """Start a program that may stay, and return what came of it. Blocks until it has ended or runs for five seconds."""
    quiet = subprocess.DEVNULL
    try:
        running = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return OpenResult.FAILED
    try:
        return OpenResult.FAILED if running.wait(_LAUNCH_S) else OpenResult.OPENED
    except subprocess.TimeoutExpired:
        Thread(target=running.wait, daemon=True).start()  # who starts a program has to take note of its end
        return OpenResult.OPENED


def open_result_message(opening: OpenResult, address: str, opened: str, language: Language, program: Sequence[str]) -> str:
    """Say what came of opening an address, in the browser or with a program: what was opened, or why the address is said."""
    if program:
        if opening is OpenResult.OPENED:
            return language.text("Opened with {program}: {host}", program=program[0], host=opened)
        return language.text("{program} didn't open it; the address is {link}", program=program[0], link=address)
    match opening:
        case OpenResult.OPENED:
            return language.text("Opened in the browser: {host}", host=opened)
        case OpenResult.NO_BROWSER:
            return language.text("No browser found; the address is {link}", link=address)
        case OpenResult.FAILED:
            return language.text("The browser didn't open; the address is {link}", link=address)
