"""Read access to same-news groups (group_builder.py builds them), without loading the words that scores are computed from.

Only stories of subscribed papers are returned. Functions over an open library.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bpost_tui.clock import DAY_US
from bpost_tui.model.story import GroupedStory
from bpost_tui.store.row_mapping import IS_UNREAD
from bpost_tui.untrusted import read_json

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_IN_SUBSCRIBED_PAPERS = "JOIN stories AS o ON o.id = g.story JOIN papers AS p ON p.id = o.paper AND p.in_all_papers = 1"
OTHER_MEMBERS = f"""(SELECT json_group_array(json_array(g.story, p.key, g.contradicts, o.title)) FROM story_groups AS g
    {_IN_SUBSCRIBED_PAPERS} WHERE g.representative = s.id AND g.story <> s.id)"""
"""SQL column of JSON: the other stories of the group that story `s` represents in lists. `to_grouped_stories` converts it."""
_NONE = "[]"
_REPEAT_SCORE = 1.75
"""Minimum similarity score of another paper's story that counts as a repeat, which means that it adds nothing.

Of the stories with a lower score, three quarters add something.
"""
_NEWER_US = DAY_US // 12
"""Maximum time in microseconds between a story and a newer repeat of it; a story that is still newer may add something."""
_QUEUED = "SELECT 1 WHERE EXISTS (SELECT 1 FROM comparison_queue) OR EXISTS (SELECT 1 FROM regrouping_queue)"


def to_grouped_stories(column: str) -> tuple[GroupedStory, ...]:
    """Return the other stories of a group of the same news from `column`, the JSON text in the SQL column OTHER_MEMBERS.

    Empty for a story without a group.
    """
    return (
        ()
        if column == _NONE
        else tuple(GroupedStory(story, paper, bool(differs), title) for story, paper, differs, title in read_json(column))
    )


class StoryGroups:
    """Groups of stories about the same news in a library."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read = database.read

    def members(self, story: int) -> tuple[int, ...]:
        """Return the ids of the stories in a story's group of the same news, or only of the story if it has no group.

        The first is the representative: the story that lists show for the group.
        """
        query = f"""SELECT g.story FROM story_groups AS g {_IN_SUBSCRIBED_PAPERS}
            WHERE g.representative = (SELECT representative FROM story_groups WHERE story = ?)
            ORDER BY g.story <> g.representative, g.story"""
        found = tuple(row[0] for row in self._read(lambda db: db.execute(query, (story,)).fetchall()))
        return found if story in found else (story,)

    def representative(self, story: int) -> int:
        """Return the id of the story that lists show for a story's group of the same news, or of the story itself if ungrouped."""
        return self.members(story)[0]

    def with_repeats(self, stories: Iterable[int]) -> tuple[int, ...]:
        """Return `stories` (ids) and the members of their groups that add nothing to them, without duplicates.

        Near copies in the same paper and very similar stories of other papers add nothing. A story that is hours newer, or whose
        numbers contradict, may add something.
        """
        return self._read(lambda db: _with_repeats(db, stories))

    def is_outdated(self) -> bool:
        """Whether groups may have to change, because stories are queued for comparison with others or for regrouping."""
        return self._read(lambda db: db.execute(_QUEUED).fetchone()) is not None

    def with_unread_repeats(self, stories: Sequence[int]) -> tuple[int, ...]:
        """Return `stories` (ids of unread stories) and the unread members of their groups that add nothing to them, each once."""
        return self._read(lambda db: _with_unread_repeats(db, stories))


def _with_repeats(db: sqlite3.Connection, stories: Iterable[int]) -> tuple[int, ...]:
    story_ids = tuple(stories)
    query = f"""SELECT g.story FROM json_each(?) AS j CROSS JOIN story_groups AS m ON m.story = j.value
        CROSS JOIN story_groups AS g ON g.representative = m.representative {_IN_SUBSCRIBED_PAPERS}
        JOIN stories AS s ON s.id = m.story
        WHERE NOT m.contradicts AND NOT g.contradicts AND o.published_us <= s.published_us + {_NEWER_US} AND (o.paper = s.paper
        OR (SELECT score FROM similar_pairs WHERE (story, other) = (min(s.id, o.id), max(s.id, o.id))) >= {_REPEAT_SCORE})"""
    found = db.execute(query, (json.dumps(story_ids),))
    return tuple(dict.fromkeys((*story_ids, *(row[0] for row in found))))


def _with_unread_repeats(db: sqlite3.Connection, stories: Sequence[int]) -> tuple[int, ...]:
    others = _with_repeats(db, stories)[len(stories) :]
    query = f"SELECT s.id FROM json_each(?) AS j JOIN stories AS s ON s.id = j.value WHERE {IS_UNREAD}"
    return (*stories, *(row[0] for row in db.execute(query, (json.dumps(others),))))
