"""`python -m tools.same_news`: how well accounts of the same news are told from near misses, by the labelled pairs of tests/data.

A line of tests/data/same_news/*.jsonl is one account: of which cluster, of which of its events, when it was published, headline and
text. Two accounts of a cluster make a pair: the same news if their event is one, else a near miss. The rules were made with all
files but `held_out.jsonl`, which was written when they stood, and is for measuring alone; and `unseen.jsonl`, which was written by
somebody who had seen neither the rules nor the other pairs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from bpost_tui.same_news.likeness import Likeness, likeness
from bpost_tui.same_news.signature import Signature, sign

DATA = Path(__file__).parent.parent / "tests" / "data" / "same_news"


class Account(NamedTuple):
    """One paper's account of an event."""

    cluster: str
    apart: str
    """What makes the cluster's events near misses of each other."""
    event: str
    title: str
    signature: Signature


class Pair(NamedTuple):
    """Two accounts, and what was found of them."""

    one: Account
    other: Account
    found: Likeness

    @property
    def is_same(self) -> bool:
        """Whether they are labelled as the same news."""
        return (self.one.cluster, self.one.event) == (self.other.cluster, self.other.event)


class Measured(NamedTuple):
    """How some pairs were judged."""

    same: int
    apart: int
    folded_rightly: int
    folded_wrongly: int

    @property
    def precision(self) -> float:
        """Of the pairs that were folded, how many rightly."""
        return self.folded_rightly / max(1, self.folded_rightly + self.folded_wrongly)

    @property
    def recall(self) -> float:
        """Of the pairs of the same news, how many were folded."""
        return self.folded_rightly / max(1, self.same)


class Share(StrEnum):
    """What some of the labelled accounts are for."""

    TUNING = "for tuning"
    HELD_OUT = "held out"
    UNSEEN = "unseen"


HELD_OUT = DATA / "held_out.jsonl"
UNSEEN = DATA / "unseen.jsonl"
_SHARES = {HELD_OUT: Share.HELD_OUT, UNSEEN: Share.UNSEEN}


def rows(*files: Path) -> list[dict[str, str]]:
    """Return the accounts of some files, or of all, as they stand there."""
    paths = files or tuple(sorted(DATA.glob("*.jsonl")))
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def accounts(share: Share | None = None) -> list[Account]:
    """Return the labelled accounts of a share, or all of them."""
    files = [path for path in sorted(DATA.glob("*.jsonl")) if share in (None, _SHARES.get(path, Share.TUNING))]
    return [
        Account(
            row["cluster"],
            row["apart"],
            row["event"],
            row["title"],
            sign(row["title"], row["text"], datetime.fromisoformat(row["at"])),
        )
        for row in rows(*files)
    ]


def pairs(within: Sequence[Account], *, clusters: bool = True) -> list[Pair]:
    """Return the pairs of a cluster's accounts; else those of different clusters, which are never the same news."""
    return [
        Pair(one, other, likeness(one.signature, other.signature))
        for one, other in combinations(within, 2)
        if (one.cluster == other.cluster) is clusters
    ]


def measured(judged: Iterable[Pair]) -> Measured:
    """Count how pairs were judged."""
    counted = [(pair.is_same, pair.found.is_same_news) for pair in judged]
    return Measured(
        same=sum(is_same for is_same, _ in counted),
        apart=sum(not is_same for is_same, _ in counted),
        folded_rightly=counted.count((True, True)),
        folded_wrongly=counted.count((False, True)),
    )


def _row(name: str, judged: Sequence[Pair]) -> str:
    m = measured(judged)
    return f"| {name} | {m.same} | {m.apart} | {m.folded_rightly} | {m.folded_wrongly} | {m.precision:.3f} | {m.recall:.3f} |"


def main(arguments: Sequence[str]) -> None:
    """Print the table of docs/same-news.md; with `--missed`, each pair that was judged wrongly, too, but for those held out."""
    print("| pairs | same | apart | folded rightly | folded wrongly | precision | recall |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for share in Share:
        print(_row(share, pairs(accounts(share))))
    print(_row("of different clusters", pairs(accounts(), clusters=False)))
    if "--missed" in arguments:
        for share in (Share.TUNING, Share.UNSEEN):
            _print_missed(pairs(accounts(share)))


def _print_missed(judged: Iterable[Pair]) -> None:
    for pair in sorted(judged, key=lambda pair: -pair.found.score):
        if pair.is_same is not pair.found.is_same_news:
            print(f"\n{pair.one.cluster} {'same' if pair.is_same else pair.one.apart}\n  {pair.one.title}\n  {pair.other.title}")
            print(f"  {pair.found.score:.2f} against {pair.found.against} {' '.join(pair.found.words)}")


if __name__ == "__main__":
    main(sys.argv[1:])
