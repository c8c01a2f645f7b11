"""The table of outcomes, as it is printed and kept in the docs."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults.street import Verdict


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return a line for each group: how many faults, how many went as they must, the longest, the largest."""
    groups = list(dict.fromkeys(verdict.fault.group for verdict in verdicts))
    rows = [_row(name, [each for each in verdicts if each.fault.group == name]) for name in groups]
    rows.append(_row("all", verdicts))
    return "\n".join(("| group | faults | passed | longest, s | largest, MB |", "| --- | ---: | ---: | ---: | ---: |", *rows))


def _row(name: str, verdicts: Sequence[Verdict]) -> str:
    passed = sum(not each.wrong for each in verdicts)
    longest = max(each.refresh.seconds for each in verdicts)
    largest = max(each.refresh.peak_bytes for each in verdicts) >> 20
    return f"| {name} | {len(verdicts)} | {passed} | {longest:.1f} | {largest or ''} |"
