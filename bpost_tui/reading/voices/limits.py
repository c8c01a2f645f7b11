"""What every program that reads aloud is told and given: its speed, and its time."""

from __future__ import annotations

from collections.abc import Mapping

from bpost_tui.reading.voices.known import SPEED

CHARACTERS_PER_S = 14.0
"""How fast Bengali is read aloud: espeak-ng's at its usual speed."""
_LEAST_S, _SLOWEST = 30.0, 4.0
"""A program that is started for a sentence is given half a minute, and four times as long as reading it aloud takes."""


def told(speed: float) -> Mapping[str, str]:
    """Return what tells any program a speed: variables of its environment."""
    return {SPEED: f"{speed:g}"}


def most_s(sentence: str, speed: float) -> float:
    """Return how long a program that is started for a sentence may take."""
    return round(_LEAST_S + _SLOWEST * len(sentence) / CHARACTERS_PER_S / speed)
