"""Comparison of two texts, paragraph by paragraph and word by word, to show an edit. Pure.

The obvious way is Python's `difflib`. It isn't bounded: its time may grow with the square of the text, and a page may show several
revisions of a long story. So this is Myers' greedy algorithm for shortest edits (Algorithmica 1, 1986, "An O(ND) Difference
Algorithm and Its Variations"), with a budget. Its time grows with the words times their differences, so all comparisons of a page
share a number of steps (`MAX_STEPS`, 0.3 s at most). When these are used up, or a thread stops them, all that differs counts as
replaced: the result is coarser, never wrong.

Paragraphs are matched first. Only paragraphs that replaced others are then compared word by word, and only if they are similar
enough (`_SIMILAR`): a mix of two different paragraphs is harder to read than both. Moved paragraphs aren't recognised; they count
as removed and added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import zip_longest

from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_WORD = lazy_pattern(r"\S+\s*")
MAX_STEPS = 400_000
"""Maximum number of steps (the comparison's units of work) for all comparisons on a page: 0.3 s at most when measured.

One comparison may take a quarter of the steps that are left.
"""
_SIMILAR = 0.35
"""Minimum share of equal text for two paragraphs to be shown as one changed paragraph."""


class DiffBudget:
    """Number of steps (units of work) that comparisons of texts may still take. Any thread may stop the comparisons."""

    def __init__(self, left: int = MAX_STEPS) -> None:
        self.left = left
        self.is_stopped = False

    def stop(self) -> None:
        """Stop comparing; all text not yet compared counts as replaced."""
        self.is_stopped = True


class DiffKind(Enum):
    """Kind of change: words that stayed, were added, or were removed."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class DiffPart(NamedTuple):
    """Consecutive words with the same kind of change."""

    kind: DiffKind
    text: str


DiffParts = tuple[DiffPart, ...]


def paragraph_changes(before: str, after: str, steps: DiffBudget | None = None) -> tuple[DiffParts, ...]:
    """Return the paragraphs of the texts `before` and `after` in reading order, each divided into kept, removed and added parts.

    Blank lines separate paragraphs. `steps` limits the work; None allows `MAX_STEPS`.
    """
    steps = steps or DiffBudget()
    old, new = ([part for part in text.split("\n\n") if part.strip()] for text in (before, after))
    found: list[DiffParts] = []
    runs = diff_runs([" ".join(part.split()) for part in old], [" ".join(part.split()) for part in new], steps)
    for is_same, first, last, start, end in runs:
        if is_same:
            found += [(DiffPart(DiffKind.SAME, text),) for text in new[start:end]]
        else:
            found += _replaced(old[first:last], new[start:end], steps)
    return tuple(found)


def word_changes(before: str, after: str, steps: DiffBudget | None = None) -> DiffParts:
    """Compare the paragraphs `before` and `after`, and return the words of both in reading order, with their spaces.

    Each part of the result has neighbouring words that were kept, removed or added.

    `steps` limits the work; None allows `MAX_STEPS`.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[DiffPart] = []
    runs = diff_runs([word.strip() for word in old], [word.strip() for word in new], steps or DiffBudget())
    for is_same, first, last, start, end in runs:
        if is_same:
            found.append(DiffPart(DiffKind.SAME, "".join(new[start:end])))
            continue
        found += [DiffPart(DiffKind.REMOVED, "".join(old[first:last]).rstrip() + " ")] if last > first else []
        found += [DiffPart(DiffKind.ADDED, "".join(new[start:end]).rstrip() + " ")] if end > start else []
    return tuple(found)


def _replaced(old: Sequence[str], new: Sequence[str], steps: DiffBudget) -> Iterator[DiffParts]:
    """Yield the kept, removed and added parts of the paragraphs `old`, which an edit replaced by the paragraphs `new`.

    Paragraphs are compared in pairs, the first with the first. Similar paragraphs are compared word by word; other pairs count as
    one paragraph removed and one added. `steps` limits the work.
    """
    for before, after in zip_longest(old, new, fillvalue=""):
        parts = word_changes(before, after, steps)
        same = sum(len(part.text) for part in parts if part.kind is DiffKind.SAME)
        if before and after and same < _SIMILAR * max(len(before), len(after)):
            yield (DiffPart(DiffKind.REMOVED, before),)
            yield (DiffPart(DiffKind.ADDED, after),)
        else:
            yield parts


# ── the shortest edit ───────────────────────────────────────────────────────

DiffRun = tuple[bool, int, int, int, int]
"""Run of equal, or of different, elements: (whether equal, start and end in the old sequence, start and end in the new one)."""


def diff_runs(old: Sequence[str], new: Sequence[str], steps: DiffBudget) -> Iterator[DiffRun]:
    """Yield the runs of equal and of different elements of two sequences, in order and without gaps.

    A run is (whether it is equal, its start and end in `old`, its start and end in `new`). `steps` limits the work: once it is used
    up, the rest counts as different.
    """
    numbers: dict[str, int] = {}
    olds, news = ([numbers.setdefault(text, len(numbers)) for text in texts] for texts in (old, new))
    done_old = done_new = 0
    for at_old, at_new, length in (*_matches(olds, news, steps), (len(olds), len(news), 0)):
        if at_old > done_old or at_new > done_new:
            yield False, done_old, at_old, done_new, at_new
        done_old, done_new = at_old + length, at_new + length
        if length:
            yield True, at_old, done_old, at_new, done_new


def _matches(old: Sequence[int], new: Sequence[int], steps: DiffBudget) -> list[tuple[int, int, int]]:
    """Return the runs of elements that both sequences have, each as (start in `old`, start in `new`, length).

    Adjacent runs are joined. `steps` limits the work; once it is used up, fewer runs are found.
    """
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    within = _common_positions(old[head : len(old) - tail], new[head : len(new) - tail], steps)
    pairs = ((head + at_old, head + at_new, 1) for at_old, at_new in within)
    found: list[tuple[int, int, int]] = []
    for at_old, at_new, length in ((0, 0, head), *pairs, (len(old) - tail, len(new) - tail, tail)):
        last_old, last_new, known = found[-1] if found else (-1, -1, 0)
        if (last_old + known, last_new + known) == (at_old, at_new):
            found[-1] = last_old, last_new, known + length
        elif length:
            found.append((at_old, at_new, length))
    return found


def _common_positions(old: Sequence[int], new: Sequence[int], steps: DiffBudget) -> list[tuple[int, int]]:
    """Return the positions (old, new) of a longest common subsequence; empty if finding it would take more steps than are left."""
    reached = {1: 0}  # diagonal → position in the old sequence that the furthest path on it reaches
    passed: list[dict[int, int]] = []
    least = steps.left - steps.left // 4
    for edits in range(len(old) + len(new) + 1):
        steps.left -= edits + 1
        if steps.left < least or steps.is_stopped:
            break
        passed.append(dict(reached))
        for diagonal in range(-edits, edits + 1, 2):
            is_added = _comes_from_above(reached, diagonal, edits)
            at_old = start = reached[diagonal + 1] if is_added else reached[diagonal - 1] + 1
            at_new = at_old - diagonal
            while at_old < len(old) and at_new < len(new) and old[at_old] == new[at_new]:
                at_old, at_new = at_old + 1, at_new + 1
            steps.left -= at_old - start
            reached[diagonal] = at_old
            if at_old >= len(old) and at_new >= len(new):
                return _trace_path(passed, len(old), len(new))
    return []


def _comes_from_above(reached: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether the path that gets furthest on a diagonal of Myers' edit graph ends with an addition, not with a removal.

    `reached` has the position in the old sequence that each diagonal's path reaches with one edit less than `edits`.
    """
    return diagonal == -edits or (diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1])


def _trace_path(passed: Sequence[dict[int, int]], at_old: int, at_new: int) -> list[tuple[int, int]]:
    """Return the positions (old, new) of the equal elements on the path of Myers' edit graph that ends at `at_old` and `at_new`.

    `passed[n]` maps each diagonal of the graph to the position in the old sequence that a path with fewer than n edits reaches on
    it. The path is followed back through these positions.
    """
    same: list[tuple[int, int]] = []
    for edits in range(len(passed) - 1, -1, -1):
        reached, diagonal = passed[edits], at_old - at_new
        is_added = _comes_from_above(reached, diagonal, edits)
        start = reached[diagonal + 1] if is_added else reached[diagonal - 1] + 1
        while at_old > start:
            at_old, at_new = at_old - 1, at_new - 1
            same.append((at_old, at_new))
        if is_added:
            at_new -= 1
        else:
            at_old -= 1
    return same[::-1]
