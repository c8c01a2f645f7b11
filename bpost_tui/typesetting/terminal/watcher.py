"""Watcher: a small process that restores the terminal if the app is killed.

A program killed with SIGKILL, by `kill -9` or for want of memory, can't restore its terminal. The alternate screen stays without a
cursor, and each click types a report into the shell. Most programs leave it so: terminals drop no mode by themselves when a program
ends, and few shells reset modes before a prompt. Programs that are two processes restore it: tmux's server does when its client is
killed, and so does Neovim's screen when its server is.

So the app has a second process: a shell of 0.7 MB that waits at a pipe whose other end only the app holds. At its regular end the
app writes a line into the pipe, and the shell does nothing. If the pipe ends without a line, the app was killed, and the shell
restores the terminal. The watcher has a session of its own, so that neither keys nor signals to the app's job reach it.

The kernel closes a process's files just before it reports the process's end, so the watcher mostly comes before the prompt of the
reader's shell. On a busy machine the prompt may come first, and is lost with the alternate screen; Enter brings another. So the
watcher doesn't change what shells set at each prompt: bracketed paste, and the terminal's attributes, which bash, zsh and fish
restore after a killed job.

After the connection to a remote terminal is lost, nothing on this side can restore the terminal. So the app sets as few modes as
possible (`without_excess`).
"""

from __future__ import annotations

import subprocess
from contextlib import suppress

_RESTORE = "".join(
    [
        "\x1b\\",  # ends a picture that was cut off
        "\x1b[?2026l",  # synchronized output
        "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l",  # mouse
        "\x1b[?1004l\x1b[?2031l\x1b[?2048l",  # reports of focus, colour scheme, size
        "\x1b[<u",  # kitty's keyboard protocol; each screen has its own stack, popped before the alternate screen is left
        "\x1b[0m\x1b[?7h\x1b[23;2t\x1b[?1049l\x1b[?25h",  # rendition, line wrap, title, alternate screen, cursor
    ]
)
"""Sequences that restore a terminal after the app. A terminal ignores sequences for modes that it doesn't have."""
_WAIT = 'read -r line || printf %s "$0"'
"""Shell script of the watcher. It prints `$0`, the restoring sequences, if stdin ends without a line."""
_LESS = {"\x1b[>25u": "\x1b[>1u", "\x1b[?1003h": "\x1b[?1002h", "\x1b[?1003l": "\x1b[?1002l"}
"""Sequences of Textual, each mapped to the sequence that the app sends instead, so that fewer modes of the terminal are set."""


class TerminalWatcher:
    """Process that restores the terminal at the file descriptor `terminal` if the app is killed before it calls `dismiss`."""

    def __init__(self, terminal: int) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):  # no process may be started, or there is no shell
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _WAIT, _RESTORE],
                stdin=subprocess.PIPE,
                stdout=terminal,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
            )

    def dismiss(self) -> None:
        """End the watching process, which then leaves the terminal as it is."""
        if self._process is not None:
            self._process.communicate(b"\n")


def without_excess(sequence: str) -> str:
    r"""Return `sequence`, written by Textual, without the terminal modes that bpost doesn't need; most sequences stay unchanged.

    Textual requests all keys as escape codes (kitty's flags 1, 8 and 16), and a report of each movement of the mouse. If a
    connection is lost, these modes stay, and the reader can't even type `reset` in the shell. Kitty's protocol excludes letters,
    Enter, Tab and Backspace from flag 1 for that reason
    (https://sw.kovidgoyal.net/kitty/keyboard-protocol/#disambiguate-escape-codes); helix and Neovim request no more. The mouse need
    only be reported while a button is down: no text of ours reacts to a pointer above it.

    >>> without_excess("\x1b[>25u")
    '\x1b[>1u'
    """
    return _LESS.get(sequence, sequence)
