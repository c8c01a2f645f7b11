"""Quality of grouping, measured by labelled real stories: `python -m tools.grouping_quality FOLDER`.

The folder has two tables without headings. `stories.tsv` has number, paper, language, source and time, then hashes, because the
texts belong to the papers: of the words of the headline, of the words of the lead, and of each four letters of the headline.
`labels.tsv` has the numbers of two stories; "same", "follow" (a follow-up) or "different"; and the kind of pair: across two papers
or in one paper (`own`), with the language.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bpost_tui.grouping.clustering import GroupCandidate, group_stories
from bpost_tui.grouping.common_words import RARE_SHARE
from bpost_tui.grouping.fingerprint import BENGALI, LATIN, Fingerprint
from bpost_tui.grouping.partner_search import HeadlineSearch, PartnerSearch
from bpost_tui.grouping.score import (
    MAX_GAP_US,
    IdfTable,
    ScoreWeights,
    pair_features,
    share_only_headlines,
    weights_for,
)

DATA = Path(__file__).parent.parent / "tests" / "data" / "same_news"
"""Folder of invented stories, which name the event that they report. Tests of lists and keys save them."""
_FOLDS = 5
_ROUNDS, _PRIOR = 30, 0.1
_THRESHOLDS = tuple(quarter / 4 for quarter in range(-6, 9))
_SHARES = (0.5, 0.2, 0.09, 0.025)
_NOT_QUITE = 0.8


def rows(*files: Path) -> list[dict[str, str]]:
    """Return the invented stories in `files` (none: in all files of `DATA`), as dictionaries by field."""
    paths = files or tuple(sorted(DATA.glob("*.jsonl")))
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


class Labelled(NamedTuple):
    """Story of the corpus, with a fingerprint in place of its text."""

    paper: str
    language: str
    source: str
    traits: Fingerprint


class Pair(NamedTuple):
    """Two compared stories."""

    stories: tuple[int, int]
    kind: str
    """Kind of pair, such as `across-bn`."""
    label: str
    """Label: "same", "follow" (a follow-up) or "different"; empty for an unlabelled pair, which isn't counted."""
    event: int
    """Number of the event of one of the two stories. Pairs are divided by event into those for fitting and those for testing."""
    parts: tuple[float, ...]
    """Values that are multiplied by the weights and added; empty if the two stories aren't compared."""


class Counted(NamedTuple):
    """Numbers of labelled pairs that were grouped, by label, and of pairs labelled "same" that were missed."""

    same: int
    follow: int
    different: int
    missed: int

    def row(self) -> str:
        """Return a row of a table: recall, precision, precision with follow-ups as wrong, and numbers of grouped pairs by label."""
        found = max(1, self.same + self.different)
        return (
            f"{self.same / max(1, self.same + self.missed):.2f} | {self.same / found:.3f} | "
            f"{self.same / max(1, found + self.follow):.2f} | {self.same} | {self.follow} | {self.different}"
        )


class Corpus:
    """Stories and labels of a folder, and all pairs of stories made from them."""

    def __init__(self, folder: Path) -> None:
        names = [line.split("\t")[0] for line in _lines(folder / "stories.tsv")]
        self.numbers = {name: number for number, name in enumerate(names, 1)}
        self.stories = {number: _story(line) for number, line in enumerate(_lines(folder / "stories.tsv"), 1)}
        labels = [line.split("\t") for line in _lines(folder / "labels.tsv")]
        self.labels = {_ordered(self.numbers[row[0]], self.numbers[row[1]]): (row[2], row[3]) for row in labels}
        self._event = _events(pair for pair, (label, _) in self.labels.items() if label == "same")
        self.pairs = [
            pair for kind in sorted({(s.language, s.source) for s in self.stories.values()}) for pair in self._pairs(*kind)
        ]

    def _pairs(self, language: str, source: str) -> Iterable[Pair]:
        every = {number: story.traits for number, story in self.stories.items() if story.language == language}
        some = {number for number in every if self.stories[number].source == source}
        shares = self._shares(language, source)
        days = defaultdict[int, dict[int, Fingerprint]](dict)
        for number, story in every.items():
            days[story.day][number] = story
        counts = {day: IdfTable(stories.values(), shares) for day, stories in days.items()}
        compared = {
            pair
            for day, own in tuple(days.items())
            for pair in _searched(own, days[day + 1], counts[day])
            if not some.isdisjoint(pair)
        }
        labelled = {pair for pair in self.labels if {*pair} <= every.keys() and self.stories[pair[0]].source == source}
        for one, other in compared | labelled:
            pair = self._pair(one, other, counts[min(every[one].day, every[other].day)])
            yield pair if (one, other) in compared else pair._replace(parts=())

    def _pair(self, one: int, other: int, counts: IdfTable) -> Pair:
        a, b = self.stories[one], self.stories[other]
        kind = f"{'own' if a.paper == b.paper else 'across'}-{a.language}"
        known = one in self._event or other in self._event  # then who else is of its event is known
        label, _ = self.labels.get((one, other), ("different" if known else "", ""))
        # pairs that share only their headlines are as if they weren't compared
        parts = () if share_only_headlines(a.traits, b.traits, counts) else tuple(pair_features(a.traits, b.traits, counts))
        return Pair((one, other), kind, label, min(self._event.get(one, one), self._event.get(other, other)), parts)

    def _shares(self, language: str, source: str) -> Mapping[int, float]:
        """Return the share of stories that have each (hashed) word, in sources of `language` other than `source`.

        The shares replace the program's list of common words, which can't be compared with hashes.
        """
        having = defaultdict[str, Counter[int]](Counter)
        sizes = Counter[str]()
        for story in self.stories.values():
            if story.language == language and story.source != source:
                having[story.source].update(story.traits.all_words)
                sizes[story.source] += 1
        every = set().union(*having.values())
        mean = {word: sum(having[name][word] / size for name, size in sizes.items()) / len(sizes) for word in every}
        found = {
            word: next((share for share in _SHARES if value >= share * _NOT_QUITE), RARE_SHARE) for word, value in mean.items()
        }
        return {word: share for word, share in found.items() if share != RARE_SHARE}


def _searched(first: Mapping[int, Fingerprint], second: Mapping[int, Fingerprint], counts: IdfTable) -> set[tuple[int, int]]:
    both = {**first, **second}
    return PartnerSearch([HeadlineSearch(first, both), HeadlineSearch(second, first)], counts).pairs(both.keys())


def _story(line: str) -> Labelled:
    _, paper, language, source, time, heading, lead, letters = line.split("\t")
    published_us = round(datetime.fromisoformat(time).timestamp()) * 1_000_000
    title, text, fours = (frozenset(int(each, 16) for each in column.split()) for column in (heading, lead, letters))
    return Labelled(
        paper,
        language,
        source,
        Fingerprint(
            int(paper[1:]),
            BENGALI if language == "bn" else LATIN,
            published_us,
            [*title],
            [*(text - title)],
            array("H", {each & 0xFFFF for each in fours}).tobytes(),
        ),
    )


def _lines(path: Path) -> list[str]:
    return path.read_text("ascii").splitlines()


def _ordered(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _events(same: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Map each story in a pair of `same` to the number of its event: the lowest number of all stories connected by pairs."""
    events: dict[int, set[int]] = {}
    for pair in same:
        together = set().union(*(events.get(number, {number}) for number in pair))
        events |= dict.fromkeys(together, together)
    return {number: min(together) for number, together in events.items()}


# ── weights ─────────────────────────────────────────────────────────────────


def fitted(pairs: Sequence[Pair]) -> ScoreWeights:
    """Return the weights of a logistic regression on `pairs`, by Newton's method, with a weak prior."""
    width = len(ScoreWeights._fields)
    weights = [0.0] * width
    for _ in range(_ROUNDS):
        slope, curve = [-_PRIOR * weight for weight in weights], [[_PRIOR * (i == j) for j in range(width)] for i in range(width)]
        for pair in pairs:
            values = (*pair.parts, 1.0)
            likely = 1 / (1 + math.exp(-sum(map(float.__mul__, weights, values))))
            for i, value in enumerate(values):
                slope[i] += ((pair.label == "same") - likely) * value
                for j, other in enumerate(values):
                    curve[i][j] += likely * (1 - likely) * value * other
        weights = [weight + step for weight, step in zip(weights, _solved(curve, slope), strict=True)]
    return ScoreWeights(*weights)


def _solved(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """Return the solution of the linear equations `matrix` · x = `right`, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, pivot in enumerate(rows):
        pivot[:] = [value / pivot[at] for value in pivot]
        for row in rows:
            if row is not pivot:
                row[:] = [value - row[at] * other for value, other in zip(row, pivot, strict=True)]
    return [row[-1] for row in rows]


def total(pair: Pair, weights: ScoreWeights) -> float:
    """Return the score of a pair: the weighted sum of its parts."""
    return sum(map(float.__mul__, weights[:-1], pair.parts)) + weights.start


def cross_validated(pairs: Sequence[Pair]) -> dict[tuple[int, int], float]:
    """Return the scores of `pairs`, by story numbers. Each is computed with weights that were fitted to pairs of other events."""
    found: dict[tuple[int, int], float] = {}
    for fold in range(_FOLDS):
        weights = fitted([pair for pair in pairs if pair.label and _fold(pair) != fold])
        found |= {pair.stories: total(pair, weights) for pair in pairs if _fold(pair) == fold}
    return found


def _fold(pair: Pair) -> int:
    return pair.event % _FOLDS


# ── groups ──────────────────────────────────────────────────────────────────


def folded(corpus: Corpus, scores: Mapping[tuple[int, int], float]) -> dict[str, Counted]:
    """Group the stories by `scores`, and return the counts of the labelled pairs by kind of pair."""
    within = {number for pair in scores for number in pair}
    accounts = {
        number: GroupCandidate(story.paper, str(number), story.traits.published_us, int(story.paper[1:]), stays_listed=False)
        for number in within
        for story in [corpus.stories[number]]
    }
    near = {pair: value for pair, value in scores.items() if _is_near(*(corpus.stories[number].traits for number in pair))}
    representatives = group_stories(accounts, near)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in corpus.pairs:
        is_folded = pair.stories[0] in representatives and representatives[pair.stories[0]] == representatives.get(pair.stories[1])
        counted[pair.kind][pair.label if is_folded else f"not {pair.label}"] += 1
    return {kind: Counted(of["same"], of["follow"], of["different"], of["not same"]) for kind, of in sorted(counted.items())}


def _is_near(one: Fingerprint, other: Fingerprint) -> bool:
    return abs(one.published_us - other.published_us) <= MAX_GAP_US


def main(arguments: Sequence[str]) -> None:
    """Print the quality at each threshold, with weights fitted to other events; then the quality with the program's weights."""
    corpus = Corpus(Path(arguments[0]))
    kinds = defaultdict[str, list[Pair]](list)
    for pair in corpus.pairs:
        if pair.parts:
            kinds["own" if pair.kind.startswith("own") else pair.kind].append(pair)
    for kind, pairs in kinds.items():
        print(f"weights {kind}:", fitted([pair for pair in pairs if pair.label]))
    scores = {pair: score for pairs in kinds.values() for pair, score in cross_validated(pairs).items()}
    _print("by weights of other events", corpus, lambda pair: scores[pair.stories])
    _print("by the program's weights", corpus, lambda pair: total(pair, weights_for(*_traits(corpus, pair))))


def _traits(corpus: Corpus, pair: Pair) -> tuple[Fingerprint, Fingerprint]:
    one, other = pair.stories
    return corpus.stories[one].traits, corpus.stories[other].traits


def _print(name: str, corpus: Corpus, score_of: Callable[[Pair], float]) -> None:
    print(f"\n{name}\n\n| threshold | pairs | recall | precision | with follow-ups as wrong | same | follow-ups | different |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for threshold in _THRESHOLDS:
        scores = {pair.stories: score_of(pair) - threshold for pair in corpus.pairs if pair.parts}
        for kind, counted in folded(corpus, scores).items():
            print(f"| {threshold:+.2f} | {kind} | {counted.row()} |")


if __name__ == "__main__":
    main(sys.argv[1:])
