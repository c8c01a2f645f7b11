"""Which stories are accounts of the same news, as it was found on saving (same_news.py): read only, without the words that tell.

Nothing is said of papers that are no longer on the stand. Functions over an open library.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bpost_tui.model.story import GroupedStory
from bpost_tui.store.row_mapping import IS_UNREAD
from bpost_tui.untrusted import read_json

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_IN_SUBSCRIBED_PAPERS = "JOIN stories AS o ON o.id = g.story JOIN papers AS p ON p.id = o.paper AND p.mixed = 1"
OTHER_MEMBERS = f"""(SELECT json_group_array(json_array(g.story, p.key, g.differs)) FROM same_news AS g {_IN_SUBSCRIBED_PAPERS}
    WHERE g.leader = s.id AND g.story <> s.id)"""
"""The accounts that a story of `stories AS s` leads, as `to_accounts` takes them."""
_NONE = "[]"


def to_accounts(column: str) -> tuple[GroupedStory, ...]:
    """Return a column of OTHERS as values."""
    return (
        () if column == _NONE else tuple(GroupedStory(story, paper, bool(differs)) for story, paper, differs in read_json(column))
    )


class StoryGroups:
    """The accounts of the news of a library."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read = database.read

    def members(self, story: int) -> tuple[int, ...]:
        """Return the accounts of a story's news, the one that leads first; the story alone where there are no others."""
        query = f"""SELECT g.story FROM same_news AS g {_IN_SUBSCRIBED_PAPERS}
            WHERE g.leader = (SELECT leader FROM same_news WHERE story = ?) ORDER BY g.story <> g.leader, g.story"""
        found = tuple(row[0] for row in self._read(lambda db: db.execute(query, (story,)).fetchall()))
        return found if story in found else (story,)

    def representative(self, story: int) -> int:
        """Return the account that leads a story's news; the story where there are no others."""
        return self.members(story)[0]

    def with_members(self, stories: Iterable[int]) -> tuple[int, ...]:
        """Return stories and all accounts of the news of each, every one once."""
        return self._read(lambda db: _with_members(db, stories))

    def is_outdated(self) -> bool:
        """Whether stories were saved since that may be others' accounts (`SameNews.settle`)."""
        return self._read(lambda db: db.execute("SELECT 1 FROM to_compare LIMIT 1").fetchone()) is not None

    def with_unread_members(self, stories: Sequence[int]) -> tuple[int, ...]:
        """Return unread stories and the unread accounts of the news of each, every one once."""
        return self._read(lambda db: _with_unread_members(db, stories))


def _with_members(db: sqlite3.Connection, stories: Iterable[int]) -> tuple[int, ...]:
    numbers = tuple(stories)
    query = f"""SELECT g.story FROM json_each(?) AS j CROSS JOIN same_news AS m ON m.story = j.value
        CROSS JOIN same_news AS g ON g.leader = m.leader {_IN_SUBSCRIBED_PAPERS}"""
    found = db.execute(query, (json.dumps(numbers),))
    return tuple(dict.fromkeys((*numbers, *(row[0] for row in found))))


def _with_unread_members(db: sqlite3.Connection, stories: Sequence[int]) -> tuple[int, ...]:
    others = _with_members(db, stories)[len(stories) :]
    query = f"SELECT s.id FROM json_each(?) AS j JOIN stories AS s ON s.id = j.value WHERE {IS_UNREAD}"
    return (*stories, *(row[0] for row in db.execute(query, (json.dumps(others),))))
