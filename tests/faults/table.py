"""The table of outcomes, as it is printed and kept in the docs."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults.fault import Fault
from tests.faults.street import Verdict

_HEAD = """# What a portal may do to bpost, and what comes of it

Written by `python -m tests.faults`; the tests of `tests/faults` try the same. Each fault is served by a portal on this machine to a
reader who has eight stories saved, one of them read and one starred: `bpost refresh` under the fault, then `list`, `categories` and
`show`, then a refresh from the portal in good health.

Of every fault it is required that bpost ends within 30 s with the exit status given here, in one line where it fails; that no
control character (C0 but newline and tab, DEL, C1, bidi overrides and isolates) is in its output, in either database or in any
link; that nothing saved is lost or changed, marks neither; that the two stories beside what is odd arrive (where the exit status is
0, unless the feed ends before them); that no other server is asked; that no file is made outside bpost's folders, none that others
may read; that the process and its worker together stay under 300 MB (measured where a figure is given); and that the next good
refresh brings all there is.

So that trying takes less time, a fetch is given 1.5 s here where a portal hangs; with bpost's own 25 s, which
a test of its own waits for, such a refresh ends after 25 s. Pictures aren't fetched yet, so nothing is tried with them.
"""


def document(verdicts: Sequence[Verdict]) -> str:
    """Return the whole document."""
    sections = [
        "\n".join(
            (f"## {group}", "", "| fault | what must be true | exit | |", "| --- | --- | --- | --- |", *map(_line, verdicts_of))
        )
        for group, verdicts_of in _groups(verdicts).items()
    ]
    return "\n\n".join((_HEAD.rstrip(), summary(verdicts), *sections)) + "\n"


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return a line for each group: how many faults, how many went as they must, the longest, the largest."""
    rows = [_row(name, of_group) for name, of_group in _groups(verdicts).items()]
    rows.append(_row("all", verdicts))
    return "\n".join(("| group | faults | passed | longest, s | largest, MB |", "| --- | ---: | ---: | ---: | ---: |", *rows))


def beginning(fault: Fault) -> str:
    """Return the beginning of a fault's line in the document."""
    return f"| `{fault.name}` | {fault.rule.replace('|', chr(92) + '|').replace('<', '&lt;')} |"


def _groups(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.fault.group, []).append(verdict)
    return groups


def _line(verdict: Verdict) -> str:
    outcome = "as it must" if not verdict.wrong else f"**not so**: {verdict.fault.fails or verdict.wrong[0]}"
    return f"{beginning(verdict.fault)} {verdict.refresh.code} | {outcome} |"


def _row(name: str, verdicts: Sequence[Verdict]) -> str:
    passed = sum(not each.wrong for each in verdicts)
    longest = max(each.refresh.seconds for each in verdicts)
    largest = max(each.refresh.peak_bytes for each in verdicts) >> 20
    return f"| {name} | {len(verdicts)} | {passed} | {longest:.1f} | {largest or ''} |"
