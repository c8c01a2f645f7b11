"""Player without a sound card: it reads WAV from stdin in real time, and writes it to the file in its argument."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

BYTES_PER_S = 2 * 22_050
_HELD = 4096


def main() -> None:
    began, size = time.monotonic(), 0
    with Path(sys.argv[1]).open("ab") as file:
        while piece := os.read(0, _HELD):
            file.write(piece)
            file.flush()
            size += len(piece)
            time.sleep(max(0.0, began + size / BYTES_PER_S - time.monotonic()))


if __name__ == "__main__":
    main()
