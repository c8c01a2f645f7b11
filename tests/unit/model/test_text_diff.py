from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.model import text_diff
from bpost_tui.model.text_diff import DiffBudget, DiffKind, DiffPart, paragraph_changes, word_changes
from tests.fuzz.time_growth import LINEAR, growth

WORDS = st.lists(st.sampled_from(["জেলা", "শহর", "নদী", "খবর", "মেদিনীপুর", "২৩", "নভেম্বর।"]), max_size=12).map(" ".join)
TEXT = st.lists(WORDS, max_size=6).map("\n\n".join)


def words_of_text(parts: tuple[DiffPart, ...], kind: DiffKind) -> list[str]:
    """Return the words of one of the two texts: the kept words, and the words of `kind` (removed or added)."""
    return [word for part in parts if part.kind in (DiffKind.SAME, kind) for word in part.text.split()]


def test_word_changes_show_a_single_changed_word() -> None:
    assert word_changes("দুজন নতুন চিকিৎসক", "তিনজন নতুন চিকিৎসক") == (
        DiffPart(DiffKind.REMOVED, "দুজন "),
        DiffPart(DiffKind.ADDED, "তিনজন "),
        DiffPart(DiffKind.SAME, "নতুন চিকিৎসক"),
    )
    assert word_changes("একই", "একই") == (DiffPart(DiffKind.SAME, "একই"),)
    assert word_changes("", "") == ()


def test_paragraph_changes_compare_similar_paragraphs_only() -> None:
    found = paragraph_changes("এক দুই তিন চার\n\nআগের কথা", "এক দুই তিন পাঁচ\n\nএকেবারে অন্য\n\nনতুন")
    assert [[part.kind for part in parts] for parts in found] == [
        [DiffKind.SAME, DiffKind.REMOVED, DiffKind.ADDED],
        [DiffKind.REMOVED],
        [DiffKind.ADDED],
        [DiffKind.ADDED],
    ]
    assert paragraph_changes("এক\n\nদুই", "এক\n\nদুই") == ((DiffPart(DiffKind.SAME, "এক"),), (DiffPart(DiffKind.SAME, "দুই"),))


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_text_changes_cover_both_texts(before: str, after: str) -> None:
    parts = tuple(part for paragraph in paragraph_changes(before, after) for part in paragraph)
    assert words_of_text(parts, DiffKind.REMOVED) == before.split()
    assert words_of_text(parts, DiffKind.ADDED) == after.split()
    assert all(part.text.strip() for part in parts)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_text_changes_are_minimal(old: list[int], new: list[int]) -> None:
    same = sum(len(part.text.split()) for part in words_of(old, new) if part.kind is DiffKind.SAME)
    assert same == longest_in_common(old, new)


def words_of(old: list[int], new: list[int]) -> tuple[DiffPart, ...]:
    return word_changes(" ".join(map(str, old)), " ".join(map(str, new)))


def longest_in_common(old: list[int], new: list[int]) -> int:
    row = [0] * (len(new) + 1)
    for each in old:
        before = 0
        for at, other in enumerate(new, 1):
            before, row[at] = row[at], before + 1 if each == other else max(row[at], row[at - 1])
    return row[-1]


def different_texts(words: int) -> tuple[str, str]:
    """Return two texts of 2 × `words` words that have every other word in common."""
    old, new = (" ".join(f"a {side}{at}" for at in range(words)) for side in "uv")
    return old, new


def test_too_many_changes_keep_only_the_common_ends() -> None:
    old, new = different_texts(5000)
    parts = word_changes(f"শুরু {old} শেষ", f"শুরু {new} শেষ")
    assert [part.kind.value for part in parts] == ["same", "removed", "added", "same"]
    assert [part.text for part in (parts[0], parts[-1])] == ["শুরু a ", "শেষ"]


def test_comparisons_share_one_budget_of_steps() -> None:
    steps = DiffBudget()
    old, new = different_texts(5000)
    for _ in range(40):
        assert len(word_changes(old, new, steps)) == 3
    assert steps.left < text_diff.MAX_STEPS / 100
    steps = DiffBudget()
    found = paragraph_changes(f"{old}\n\nদুজন নতুন চিকিৎসক", f"{new}\n\nতিনজন নতুন চিকিৎসক", steps)
    assert [part.kind.value for part in found[-1]] == ["removed", "added", "same"]


def test_stopped_comparison_counts_the_rest_as_replaced() -> None:
    steps = DiffBudget()
    steps.stop()
    assert [part.kind.value for part in word_changes("ক খ গ", "ঘ খ ঙ", steps)] == ["removed", "added"]


@pytest.mark.parametrize("paragraphs", [1, 50])
def test_text_changes_take_linear_time(paragraphs: int) -> None:
    def make(words: int) -> tuple[str, str]:
        old, new = different_texts(words // paragraphs)
        return "\n\n".join([old] * paragraphs), "\n\n".join([new] * paragraphs)

    assert growth(lambda texts: paragraph_changes(*texts), make, 2000) < LINEAR
