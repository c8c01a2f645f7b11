"""How alike two stories are, whether they are the same news, and why: by their signatures. Pure.

Two stories are the same news if nothing speaks against it (`against`) and enough speaks for it (`score`). What speaks against it
holds whatever else agrees: that two accidents of one road read alike is what news is like.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from bpost_tui.bengali import phonetic
from bpost_tui.bengali.letters import decomposed
from bpost_tui.same_news.common_words import RARE_BITS, bits
from bpost_tui.same_news.figures import CLOCK, HARD, NAMED, ORDINAL, TOLLS, Figure
from bpost_tui.same_news.places import place_name
from bpost_tui.same_news.signature import Signature

WITHIN = timedelta(days=2)
"""How far apart two accounts of the same news may be published."""
ENOUGH = 1.0
"""The score from which on two stories are the same news, if nothing speaks against it."""

# what each part of the score weighs, and where it is at its most: found on the pairs for tuning (docs/same-news.md)
_OF_THE_SHORTER = 0.92
"""The shared words, in bits, of those of the story that has fewer."""
_OF_RARE_WORDS, _MOST_RARE = 0.77, 10
_OF_HEADLINES, _MOST_HEADLINE_BITS = 0.38, 60
"""Words of either headline that the other story has."""
_OF_FIGURES, _MOST_FIGURES = 0.62, 3
_OF_OTHER_FIGURES, _MOST_OTHER_FIGURES = 0.62, 2
_OF_OTHER_STAGES = 0.46
_FEW = 2
"""Numbers up to this are in every story."""
_ABOUT = 0.1
_LEAST_SHARED = 5
"""Two stories with fewer words in common aren't looked at any closer."""
_LEAST_HEADLINE_BITS, _LEAST_HEADLINES_BITS = 5.0, 16.0
"""How much of a headline, and of both, the other story must have."""
_FRAME = 0.5
"""With so many of the longer headline's words in common, two headlines are in one frame."""
_TELLING_BITS = 5.0
"""Words that tell at least this are shown as reasons."""

_BARE_TA, _TA = "ত্", "ৎ"
"""How words that end in the second are compared (bengali/normalise.py), and how they are written."""

_AFTERMATHS = frozenset(
    {"arrest", "court", "surrender", "mourning", "paid", "inquiry", "protest", "back", "called off", "answer", "visit", "forecast"}
    | {"damage", "ready", "over", "punished", "result", "dead"}
)
"""Stages that one account has in its headline only if the other has them at all."""


class Likeness(NamedTuple):
    """How alike two stories are."""

    score: float
    words: tuple[str, ...] = ()
    """The rare words they share, the most telling first, as they may be shown."""
    places: tuple[str, ...] = ()
    """The names of the places both are of."""
    figures: tuple[Figure, ...] = ()
    """The numbers both have, each of a word as one of them writes it, or of one of the names in figures.py."""
    against: tuple[str, ...] = ()
    """What they can't be the same news for, a word each: time, place, day, figures, name, stage, headline, frame."""

    @property
    def is_same_news(self) -> bool:
        """Whether both are accounts of one event."""
        return not self.against and self.score >= ENOUGH


def likeness(one: Signature, other: Signature, bits_of: Callable[[str], float] = bits) -> Likeness:
    """Return how alike two stories are; `bits_of` says how much each word tells, in bits."""
    shared = _shared(one, other)
    if len(shared) < _LEAST_SHARED:
        return Likeness(0.0)
    telling = sorted(((bits_of(key), key) for key in shared), reverse=True)
    rare = [key for weight, key in telling if weight >= _TELLING_BITS]
    return Likeness(
        score=_score(one, other, shared, bits_of),
        words=tuple(_as_written(one, other, key) for key in rare),
        places=tuple(sorted(map(place_name, one.places.near & other.places.near))),
        figures=tuple(sorted(_figure_as_written(one, other, figure) for figure in one.figures & other.figures)),
        against=tuple(_against(one, other)),
    )


def score_of(one: Signature, other: Signature, bits_of: Callable[[str], float] = bits) -> float:
    """Return the score of `likeness`, 0 where something speaks against: for many stories, of which few are the same news."""
    shared = _shared(one, other)
    return 0.0 if len(shared) < _LEAST_SHARED or any(_against(one, other)) else _score(one, other, shared, bits_of)


def speaks_against(one: Signature, other: Signature) -> bool:
    """Whether anything speaks against two stories being the same news."""
    return len(_shared(one, other)) >= _LEAST_SHARED and any(_against(one, other))


def _shared(one: Signature, other: Signature) -> set[str]:
    return one.written.keys() & other.written.keys() | _heard(one, other) | _heard(other, one)


def _as_written(one: Signature, other: Signature, key: str) -> str:
    word = one.written.get(key) or other.written.get(key) or key
    return f"{word.removesuffix(_BARE_TA)}{_TA}" if word.endswith(_BARE_TA) else word


def _figure_as_written(one: Signature, other: Signature, figure: Figure) -> Figure:
    if figure.unit in NAMED:
        return figure
    rank = ORDINAL if figure.unit.startswith(ORDINAL) else ""
    return figure._replace(unit=rank + _as_written(one, other, figure.unit.removeprefix(rank)))


def _score(one: Signature, other: Signature, shared: Collection[str], bits_of: Callable[[str], float]) -> float:
    """Return the weighted sum of what two stories agree in, each part from 0 to 1, less what they differ in."""
    common = sum(map(bits_of, shared))
    least = min(sum(map(bits_of, one.written)), sum(map(bits_of, other.written)))
    rare = sum(bits_of(key) >= RARE_BITS - _ABOUT for key in shared)
    in_headline = sum(bits_of(key) for key in shared if key in one.headline or key in other.headline)
    agreeing = sum(figure.unit != CLOCK and figure.value > _FEW for figure in one.figures & other.figures)
    unlike = (one.headline_stages - other.stages) | (other.headline_stages - one.stages)
    return (
        _OF_THE_SHORTER * common / max(least, 1.0)
        + _OF_RARE_WORDS * min(1, rare / _MOST_RARE)
        + _OF_HEADLINES * min(1, in_headline / _MOST_HEADLINE_BITS)
        + _OF_FIGURES * min(1, agreeing / _MOST_FIGURES)
        - _OF_OTHER_FIGURES * min(1, len(_differing(one, other)) / _MOST_OTHER_FIGURES)
        - _OF_OTHER_STAGES * bool(unlike)
    )


def _heard(one: Signature, other: Signature) -> set[str]:
    """Return the words that one story has in Latin letters and the other in Bengali ones, by their sound."""
    latin = [key for key in one.written if key.isascii() and len(key) > 3 and key.isalpha() and key not in other.written]
    if not latin:
        return set()
    sounds = {sound: key for key, word in other.written.items() if not key.isascii() for sound in phonetic.keys(decomposed(word))}
    return {sounds[sound] for key in latin for sound in phonetic.keys(key) if len(sound) > 2 and sound in sounds}


def _against(one: Signature, other: Signature) -> Iterator[str]:
    """Yield what speaks against two stories being the same news, first what is told soonest."""
    return (what for what, speaks in _AGAINST.items() if speaks(one, other))


def _are_far_apart(one: Signature, other: Signature) -> bool:
    return abs(one.published - other.published) > WITHIN


def _are_elsewhere(one: Signature, other: Signature) -> bool:
    return _are_apart(_focus(one), other.places.near) and _are_apart(_focus(other), one.places.near)


def _have_other_names(one: Signature, other: Signature) -> bool:
    return _are_apart(one.names, other.names)


def _are_a_stage_apart(one: Signature, other: Signature) -> bool:
    return bool((one.headline_stages - other.stages | other.headline_stages - one.stages) & _AFTERMATHS)


def _are_of_other_days(one: Signature, other: Signature) -> bool:
    return _are_apart(one.days.first, other.days.all) or _are_apart(other.days.first, one.days.all)


def _have_other_figures(one: Signature, other: Signature) -> bool:
    is_hard = any(unit in HARD or unit.startswith(ORDINAL) for unit in _differing(one, other))
    return is_hard or _counts_otherwise(one, other) or _counts_otherwise(other, one)


def _focus(story: Signature) -> frozenset[str]:
    """Return where the event was, as near as can be told: by the headline, else by all."""
    named = story.headline_places.near or story.places.near
    return named - story.places.wide or named


def _are_apart(some: Collection[object], others: Collection[object]) -> bool:
    return bool(some and others) and not set(some) & set(others)


def _differing(one: Signature, other: Signature) -> set[str]:
    """Return the units of which both have numbers, and none the same."""
    mine, yours = _by_unit(one.figures), _by_unit(other.figures)
    return {unit for unit in mine.keys() & yours.keys() if not mine[unit] & yours[unit]}


def _counts_otherwise(one: Signature, other: Signature) -> bool:
    """Whether a number of one's headline is another in the other story."""
    counted, in_headline = _by_unit(other.figures), _by_unit(other.headline_figures)
    return any(
        not values & (in_headline if unit in TOLLS else counted).get(unit, values)
        for unit, values in _by_unit(one.headline_figures).items()
        if unit != CLOCK
    )


def _are_about_else(one: Signature, other: Signature) -> bool:
    """Whether the other story has nothing of what a headline says, but for the place: they share phrases."""
    told = [
        sum(map(bits, (mine.headline & yours.written.keys()) - mine.places.near)) for mine, yours in ((one, other), (other, one))
    ]
    return min(told) < _LEAST_HEADLINE_BITS or sum(told) < _LEAST_HEADLINES_BITS


def _are_in_one_frame(one: Signature, other: Signature) -> bool:
    """Whether the headlines are the same but for what they are about: "… the writer X has died" and "… the writer Y has died"."""
    shared = one.headline & other.headline
    if len(shared) < _FRAME * max(len(one.headline), len(other.headline)):
        return False
    return all(
        any(bits(key) >= RARE_BITS for key in mine.headline - yours.written.keys()) for mine, yours in ((one, other), (other, one))
    )


def _by_unit(figures: Collection[Figure]) -> dict[str, set[float]]:
    found: defaultdict[str, set[float]] = defaultdict(set)
    for value, unit in figures:
        found[unit].add(value)
    return found


_AGAINST: Mapping[str, Callable[[Signature, Signature], bool]] = {
    "time": _are_far_apart,
    "headline": _are_about_else,
    "frame": _are_in_one_frame,
    "stage": _are_a_stage_apart,
    "place": _are_elsewhere,
    "name": _have_other_names,
    "day": _are_of_other_days,
    "figures": _have_other_figures,
}
"""What may speak against two stories being the same news → whether it does; what is told soonest first."""
