"""Entry point of bpost: `python -m bpost_tui`, and the `bpost` command."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit status."""
    gc.disable()  # imported modules stay: collecting among them took 4 ms of a command, 25 of the reader's start
    from bpost_tui.startup_snapshot import StartupSnapshot  # 1 ms

    try:
        with StartupSnapshot(sys.argv[1:], os.environ) as snapshot:
            from bpost_tui.cli.main import run

            status = run(sys.argv[1:], snapshot)
    except KeyboardInterrupt:  # before there was anything to clean up
        status = 128 + 2
    import threading  # loaded already if there is a thread

    from bpost_tui.console import flush_standard_files

    flush_standard_files()
    if threading.active_count() > 1:  # Python would wait for them without a limit
        os._exit(status)
    exec("")  # noqa: S102 -- else `python -m` dies of an interrupt caught within an `exec`, which creates named tuples
    sys.exit(status)


if __name__ == "__main__":
    main()
