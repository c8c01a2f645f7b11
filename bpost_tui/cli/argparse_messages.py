"""argparse's complaints as reasons, so that they can be told in the reader's language: argparse has them in English only.

They are recognised by their wording, which Python 3.11 to 3.13 share but for quotation marks; any other stays in English.
"""

from __future__ import annotations

import re

from bpost_tui.i18n import Reason, about, message

_NAMED = re.compile(r"argument (?P<name>.+?): (?P<complaint>.+)", re.DOTALL)
_WORDINGS = (
    (re.compile(r"unrecognized arguments: (?P<name>.+)"), message("{name} is unknown")),
    (re.compile(r"the following arguments are required: (?P<names>.+)"), message("{names} is missing")),
    (re.compile(r"expected (?:one|at least one) argument"), message("it needs a value")),
    (re.compile(r"ignored explicit argument .+"), message("it takes no value")),
    (
        re.compile(r"invalid choice: (?P<quote>['\"])(?P<what>.*)(?P=quote) \(choose from (?P<choices>.+)\)"),
        message("“{what}” is none of these: {choices}"),
    ),
)


def reason(complaint: str) -> str:
    """Return a complaint as a reason, led by the argument it is about; one that isn't recognised stays as it is."""
    named = _NAMED.fullmatch(complaint)
    if named is not None:
        return about(named["name"], _reason(named["complaint"]))
    return _reason(complaint)


def _reason(complaint: str) -> str:
    for wording, known in _WORDINGS:
        if found := wording.fullmatch(complaint):
            fields = found.groupdict()
            if "choices" in fields:
                fields["choices"] = fields["choices"].replace("'", "")
                from difflib import get_close_matches  # 2 ms, for a mistake only

                if near := get_close_matches(fields["what"], fields["choices"].split(", "), n=1):
                    return Reason(message("“{what}” is unknown; did you mean {near}?"), what=fields["what"], near=near[0])
            return Reason(known, **fields)
    return complaint
