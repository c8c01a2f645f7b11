"""Model of a reader's year: stories that each machine was sent, and marks that each side has learned of. Plain dictionaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

StoryKey = tuple[str, int]
"""Name of the paper, which stays if the paper moves, and number of the post."""
MarkKey = tuple[StoryKey, str]
"""Story, and a mark or `list NAME`."""


class Sent(NamedTuple):
    """Story as its paper sent it last."""

    title: str
    version: str
    at: datetime


class Change(NamedTuple):
    """Change of a mark."""

    number: int
    """Number of the change among all changes of the trial, from 1."""
    is_on: bool


@dataclass
class Side:
    """Machine or phone, with the stories that it was sent and the changes that it knows."""

    sent: dict[StoryKey, Sent] = field(default_factory=dict)
    marks: dict[MarkKey, Change] = field(default_factory=dict)
    """Last change that it has learned of, by mark."""
    passages: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Number of the last change and note, by the quotation."""

    def marked(self, mark: str) -> set[StoryKey]:
        """Return the stories of this side with a mark, or in a list."""
        return {story for (story, name), change in self.marks.items() if name == mark and change.is_on and story in self.sent}


@dataclass
class Model:
    """All sides, and the last change of each mark."""

    sides: dict[str, Side] = field(default_factory=lambda: defaultdict(Side))
    latest: dict[Hashable, int] = field(default_factory=dict)
    """Number of the last change of a mark on any side."""
    changes: int = 0

    def may_change(self, side: str, key: MarkKey) -> bool:
        """Whether a side has learned of the last change, so that its own change is later."""
        known = self.sides[side].marks.get(key)
        return self.latest.get(key, 0) == (known.number if known else 0)

    def change(self, side: str, key: MarkKey, is_on: bool) -> None:
        self.changes += 1
        self.latest[key] = self.changes
        self.sides[side].marks[key] = Change(self.changes, is_on)

    def keep_passage(self, side: str, quotation: str, note: str) -> None:
        self.changes += 1
        self.sides[side].passages[quotation] = (self.changes, note)

    def learn(self, side: str, of: str, wants: Callable[[MarkKey], bool] = lambda _: True) -> None:
        """Let a side learn of all changes that another has learned of, if `wants` returns True for their mark."""
        here, there = self.sides[side], self.sides[of]
        for key, change in there.marks.items():
            if wants(key) and (key not in here.marks or here.marks[key] < change):
                here.marks[key] = change
        for quotation, kept in there.passages.items():
            here.passages[quotation] = max(kept, here.passages.get(quotation, kept))
