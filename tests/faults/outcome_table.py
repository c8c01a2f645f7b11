"""The table of outcomes, as it is printed and kept in the docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from tests.faults.fault import Fault
from tests.faults.fault_trial import Verdict
from tests.faults.screen_trial import Watched

_HEAD = """# What a portal may do to bpost, and what comes of it

Written by `python -m tests.faults`; the tests of `tests/faults` try the same. Each fault is served by a portal on this machine to a
reader who has eight stories saved, one of them read and one starred: `bpost refresh` under the fault, then `list`, `categories` and
`show`, then a refresh from the portal in good health.

Of every fault it is required that bpost ends within 30 s with the exit status given here, in one line where it fails; that no
control character (C0 but newline and tab, DEL, C1, bidi overrides and isolates) is in its output, in either database or in any
link; that nothing saved is lost or changed, marks neither; that the two stories beside what is odd arrive (where the exit status is
0, unless the feed ends before them); that no other server is asked, neither in a private network nor, but for pictures, a
public one, and an https portal never in clear; that no file is made outside bpost's folders, none that others may read; that the
process and its worker together stay under 300 MB (measured where a figure is given); and that the next good refresh brings all
there is.

So that trying takes less time, a fetch is given 1.5 s here where a portal hangs; with bpost's own 25 s, which
a test of its own waits for, such a refresh ends after 25 s. Pictures are
asked for by `bpost fetch --images` in place of the refresh.

The faults of the group papers meet one of three papers that are read at once: the sample's engine, an RSS and an Atom feed,
both without wp-json. Of the other two, all news must arrive, and nothing may be said; what is saved of all three stays as it is.
They are given more time, since three parsers begin at once.
"""


_SCREEN = """## On the screen

What can reach the screen, or keep it waiting, is served a second time to the reader itself, in a terminal of 130 × 40 cells where
type is drawn as text (`python -m tests.faults` tries all, the suite a share). It moves while the portal is asked, opens what came,
walks through the stories, opens and closes the help, and leaves with `Q`, in the midst of the fetch where that hangs. Required,
beside what is required above: a byte on the screen within 500 ms of every key and usually within 50; the end within 1 s of `Q`; in
the whole stream no control character, no title, no clipboard, no link, no escape but the reader's own; the terminal given back;
300 MB for all processes.
"""


def document(verdicts: Sequence[Verdict], watched: Sequence[Watched]) -> str:
    """Return the whole document."""
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
    """Return a line for each group: how many faults, how many went as they must, the longest, the largest."""
    rows = [_row(name, of_group) for name, of_group in _groups(verdicts).items()]
    rows.append(_row("all", verdicts))
    return "\n".join(("| group | faults | passed | longest, s | largest, MB |", "| --- | ---: | ---: | ---: | ---: |", *rows))


def screens(watched: Sequence[Watched]) -> str:
    """Return a line for each group on the screen: how quick the keys were, `q` among them, and how much was held."""
    groups: dict[str, list[Watched]] = {}
    for each in watched:
        groups.setdefault(each.fault.group, []).append(each)
    rows = [_screen_row(name, of_group) for name, of_group in groups.items()]
    rows += [_screen_row("all", watched)] if watched else []
    head = "| group | faults | passed | keys | usual key, ms | slowest key, ms | slowest Q, ms | largest, MB |"
    return "\n".join((head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", *rows))


def beginning(fault: Fault) -> str:
    """Return the beginning of a fault's line in the document."""
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
