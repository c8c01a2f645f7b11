"""Table of outcomes, printed and written into the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from tests.faults.fault import Fault
from tests.faults.fault_trial import Verdict
from tests.faults.screen_trial import Watched

_HEAD = """# Faults of a portal

Written by `make faults` (`python -m tests.faults`); the tests of `tests/faults` try the same. docs/what-was-tried.md says how bpost
is tried with a fault, and what must hold.
"""


_SCREEN = """## On the screen

The faults that can reach the screen or keep it waiting, served to the reader itself.
"""


def document(verdicts: Sequence[Verdict], watched: Sequence[Watched]) -> str:
    """Return the report as Markdown."""
    seen = {each.fault.name: each for each in watched}
    sections = [
        "\n".join(
            (
                f"## {group}",
                "",
                "| fault | what must be true | exit | |",
                "| --- | --- | --- | --- |",
                *(_line(each, seen) for each in verdicts_of),
            )
        )
        for group, verdicts_of in _groups(verdicts).items()
    ]
    return "\n\n".join((_HEAD.rstrip(), summary(verdicts), _SCREEN.rstrip(), screens(watched), *sections)) + "\n"


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return a line for each group: number of faults, number without broken promises, longest time, largest memory."""
    rows = [_row(name, of_group) for name, of_group in _groups(verdicts).items()]
    rows.append(_row("all", verdicts))
    return "\n".join(("| group | faults | passed | longest, s | largest, MB |", "| --- | ---: | ---: | ---: | ---: |", *rows))


def screens(watched: Sequence[Watched]) -> str:
    """Return a line for each group of screen trials: the lag of keys and of `q`, and the memory used."""
    groups: dict[str, list[Watched]] = {}
    for each in watched:
        groups.setdefault(each.fault.group, []).append(each)
    rows = [_screen_row(name, of_group) for name, of_group in groups.items()]
    rows += [_screen_row("all", watched)] if watched else []
    head = "| group | faults | passed | keys | usual key, ms | slowest key, ms | slowest Q, ms | largest, MB |"
    return "\n".join((head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", *rows))


def beginning(fault: Fault) -> str:
    """Return the first two cells of a fault's row."""
    return f"| `{fault.name}` | {fault.rule.replace('|', chr(92) + '|').replace('<', '&lt;')} |"


def _screen_row(name: str, watched: Sequence[Watched]) -> str:
    lags_s = [lag_s for each in watched for lag_s in each.lags_s]
    numbers = (
        *(len(watched), sum(not each.wrong for each in watched), len(lags_s)),
        *(round(1000 * seconds) for seconds in (median(lags_s), max(lags_s), max(each.quit_s for each in watched))),
        max(each.peak_bytes for each in watched) >> 20,
    )
    return f"| {name} | {' | '.join(map(str, numbers))} |"


def _groups(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.fault.group, []).append(verdict)
    return groups


def _line(verdict: Verdict, seen: Mapping[str, Watched]) -> str:
    outcome = "passed" if not verdict.wrong else f"**not so**: {verdict.fault.fails or verdict.wrong[0]}"
    on_screen = seen.get(verdict.fault.name)
    if on_screen is not None:
        slowest_ms, quit_ms = 1000 * max(on_screen.lags_s), 1000 * on_screen.quit_s
        outcome += f"; a key {1000 * on_screen.median_s:.0f} to {slowest_ms:.0f} ms, q {quit_ms:.0f} ms"
        outcome += f", **not so**: {on_screen.wrong[0]}" if on_screen.wrong else ""
    return f"{beginning(verdict.fault)} {verdict.refresh.code} | {outcome} |"


def _row(name: str, verdicts: Sequence[Verdict]) -> str:
    passed = sum(not each.wrong for each in verdicts)
    longest = max(each.refresh.seconds for each in verdicts)
    largest = max(each.refresh.peak_bytes for each in verdicts) >> 20
    return f"| {name} | {len(verdicts)} | {passed} | {longest:.1f} | {largest or ''} |"
