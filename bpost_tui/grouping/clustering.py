"""Clustering of stories into groups of the same news, by their similarity scores.

Pure. The order of the stories makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from bpost_tui.grouping.score import SAME_NEWS_SCORE, UNRELATED_SCORE
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_GROUP_SIZE = 30
"""Maximum number of stories in a group of the same news."""


class GroupCandidate(NamedTuple):
    """Story that may join a group (stories of several papers about the same news).

    Its fields decide which group it joins, and whether it represents the group in lists.
    """

    paper: str
    guid: str
    published_us: int
    paper_position: int
    """Position of the story's paper in the reader's list of papers."""
    stays_listed: bool
    """Whether lists show the story already and the reader has read or marked it, so that it stays the representative."""
    script: int = 0
    """Number that identifies the writing system (script) of the headline, such as Bengali or Latin (`fingerprint.script_of`)."""

    @property
    def key(self) -> tuple[str, str]:
        """Key that identifies the story in the library of any machine: the key of its paper, and its guid."""
        return self.paper, self.guid

    @property
    def rank(self) -> tuple[bool, int, int, str, str]:
        """Sort key: of the stories that are similar to all others in a group, the story with the lowest key represents the group.

        A story that stays in lists has a lower key than others. Stories are further sorted by the reader's order of papers and,
        within a paper, the newest first.
        """
        return not self.stays_listed, self.paper_position, -self.published_us, self.paper, self.guid


def group_stories(candidates: Mapping[int, GroupCandidate], scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Group similar stories, and map each grouped story to the representative of its group, the story that lists show.

    The representative is mapped to itself. Stories without a group aren't in the result.

    Pairs of stories are joined in the order of their scores, the highest first; pairs of a Bengali and a Latin headline come last.
    Two groups are merged only if at least one story is similar to all other stories of both; this story becomes the representative.
    Moreover, no two stories of a group may be unrelated, and stories of one paper must be near copies. If a paper has two stories
    that aren't near copies, only the story that is more similar to the group joins it, because the other story is a follow-up.

    Args:
        candidates: Stories, by id.
        scores: Scores of pairs; a pair is (lower id, higher id). A pair without a score counts as unrelated.
    """
    groups: dict[int, tuple[int, ...]] = {story_id: (story_id,) for story_id in candidates}
    similar_pairs = [pair for pair, score in scores.items() if score >= SAME_NEWS_SCORE]

    def sort_key(pair: tuple[int, int]) -> tuple[bool, float, list[tuple[str, str]]]:
        one, other = (candidates[story_id] for story_id in pair)
        return one.script != other.script, -scores[pair], sorted((one.key, other.key))

    for a, b in sorted(similar_pairs, key=sort_key):
        one, other = groups[a], groups[b]
        if one is not other and len(one) + len(other) <= MAX_GROUP_SIZE and _can_merge(one, other, candidates, scores):
            for story_id in (*one, *other):
                groups[story_id] = (*one, *other)
    return {story_id: _representative(members, candidates, scores) for story_id, members in groups.items() if len(members) > 1}


def _can_merge(
    one: Iterable[int], other: Iterable[int], candidates: Mapping[int, GroupCandidate], scores: Mapping[tuple[int, int], float]
) -> bool:
    for a, b in product(one, other):
        least = SAME_NEWS_SCORE if candidates[a].paper == candidates[b].paper else UNRELATED_SCORE
        if _score(a, b, scores) < least:
            return False
    members = (*one, *other)
    return any(_is_similar_to_all(story_id, members, scores) for story_id in members)


def _representative(
    members: Iterable[int], candidates: Mapping[int, GroupCandidate], scores: Mapping[tuple[int, int], float]
) -> int:
    similar = (story_id for story_id in members if _is_similar_to_all(story_id, members, scores))
    return min(similar, key=lambda story_id: candidates[story_id].rank)


def _is_similar_to_all(story_id: int, members: Iterable[int], scores: Mapping[tuple[int, int], float]) -> bool:
    return all(other == story_id or _score(story_id, other, scores) >= SAME_NEWS_SCORE for other in members)


def _score(a: int, b: int, scores: Mapping[tuple[int, int], float]) -> float:
    return scores.get((a, b) if a < b else (b, a), 2 * UNRELATED_SCORE)
