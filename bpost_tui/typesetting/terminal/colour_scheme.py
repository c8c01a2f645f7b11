"""Reports of a terminal that its background has turned dark or light.

Source: "Dark and Light Mode detection" of Contour's VT extensions
(https://contour-terminal.org/vt-extensions/color-palette-update-notifications/). While mode 2031 is set, a terminal that supports
the mode sends `CSI ? 997 ; 1 n` when it turns dark and `CSI ? 997 ; 2 n` when it turns light. Other terminals ignore the mode.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ENABLE_COLOUR_SCHEME_REPORTS, DISABLE_COLOUR_SCHEME_REPORTS = "\x1b[?2031h", "\x1b[?2031l"
_REPORT = re.compile(rb"\x1b\[\?997;([12])n")
_INCOMPLETE = re.compile(rb"\x1b\[\?(?:9|99|997|997;[12]?)\Z")


class ColourSchemeReports:
    """Filter that removes reports of a dark or light background from the terminal's input.

    Args:
        on_change: Function called on the thread that reads the input, with True if the background is dark now.
    """

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        self._pending = b""

    def feed(self, data: bytes) -> bytes:
        """Return the input without reports.

        If the input ends like the beginning of a report, that part is held back until the next call. After a pause in the input,
        call this method with empty `data` to get the held-back part.
        """
        data, held = self._pending + data, data and _INCOMPLETE.search(self._pending + data)
        for report in _REPORT.finditer(data):
            self._on_change(report[1] == b"1")
        tail = held.start() if held else len(data)
        self._pending = data[tail:]
        return _REPORT.sub(b"", data[:tail])
