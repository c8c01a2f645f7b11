"""Browser: finds the program that opens an address, and starts it. Standard library only."""

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
"""Maximum time in seconds to wait for the started program to end.

If the program still runs then, the address counts as opened, because a browser may run for long.
"""


class OpenResult(Enum):
    """Result of the attempt to open an address."""

    OPENED = "opened"
    FAILED = "the program ended with an error, or couldn't be started"
    NO_BROWSER = "there is no program for it"


def browser_command(link: str, environ: Mapping[str, str]) -> list[str] | None:
    """Return the command that opens an address, without a shell, or None if no program for addresses is found.

    The environment variable BROWSER is a list of commands separated by colons, with `%s` for the address. Debian's sensible-browser
    and xdg-open read it in the same way.
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
    """Return the command that opens `link` with a program from the config.

    The address replaces `{link}` in the command, or is added at the end if there is no `{link}`.
    """
    arguments = list(program) if any("{link}" in argument for argument in program[1:]) else [*program, "{link}"]
    return [arguments[0], *(argument.replace("{link}", link) for argument in arguments[1:])]


def open_in_browser(link: str, environ: Mapping[str, str]) -> OpenResult:
    """Open a web or mailto address in the browser and return the result.

    Blocks until the browser's program ends, but for at most 5 s.
    """
    command = browser_command(link, environ)
    return OpenResult.NO_BROWSER if command is None else launch(command)


def launch(command: Sequence[str]) -> OpenResult:
    """Start a program that opens or shares an address, and return the result. Blocks until it ends, but for at most 5 s."""
    quiet = subprocess.DEVNULL
    try:
        running = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return OpenResult.FAILED
    try:
        return OpenResult.FAILED if running.wait(_LAUNCH_S) else OpenResult.OPENED
    except subprocess.TimeoutExpired:
        Thread(target=running.wait, daemon=True).start()  # else it would stay a zombie after its end
        return OpenResult.OPENED


def open_result_message(opening: OpenResult, address: str, opened: str, language: Language, program: Sequence[str]) -> str:
    """Return the message about the result of opening `address`. If it couldn't be opened, the message contains the address.

    `opened` is the name to show for an opened address, such as its host. `program` is the command that was used; empty for the
    browser.
    """
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
