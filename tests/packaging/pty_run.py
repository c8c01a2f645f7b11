"""Run of a command on a pseudo-terminal, up to the sample edition and `Q`: `python -m tests.packaging.pty_run COMMAND…`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.pty.pty_terminal import Terminal

NAMEPLATE = "The Bengal Post"


def reads_the_sample(command: list[str], home: Path) -> list[str]:
    """Run a command that opens the reader on the sample edition in English, quit it, and return the lines of its screen."""
    in_its_place = f"import os; os.environ.pop('PYTHONPATH'); os.execvp({command[0]!r}, {command!r})"
    with Terminal([], home, patch=in_its_place) as terminal:
        terminal.wait_for(NAMEPLATE)
        screen = [line.rstrip() for line in terminal.alternate.display]
        terminal.type("Q")
        if terminal.end() != 0:
            raise AssertionError("the reader failed")
    return screen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(reads_the_sample(sys.argv[1:], Path(folder))))
