"""Start bpost: `python -m bpost_tui`, and the `bpost` command."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and end the process with its exit status."""
    gc.disable()  # what is imported stays: looking for rubbish among it took 4 ms of a command, 25 of the reader's start
    from bpost_tui.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
