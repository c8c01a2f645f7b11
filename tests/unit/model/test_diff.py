from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.model import diff
from bpost_tui.model.diff import ChangeKind, Part, paragraph_changes, word_changes

WORDS = st.lists(st.sampled_from(["জেলা", "শহর", "নদী", "খবর", "মেদিনীপুর", "২৩", "নভেম্বর।"]), max_size=12).map(" ".join)
TEXT = st.lists(WORDS, max_size=6).map("\n\n".join)


def said(parts: tuple[Part, ...], kind: ChangeKind) -> list[str]:
    """Return the words of one of the two texts: what was kept, and what was removed or added."""
    return [word for part in parts if part.kind in (ChangeKind.SAME, kind) for word in part.text.split()]


def test_word_changes_of_one_word_are_that_word() -> None:
    assert word_changes("দুজন নতুন চিকিৎসক", "তিনজন নতুন চিকিৎসক") == (
        Part(ChangeKind.REMOVED, "দুজন "),
        Part(ChangeKind.ADDED, "তিনজন "),
        Part(ChangeKind.SAME, "নতুন চিকিৎসক"),
    )
    assert word_changes("একই", "একই") == (Part(ChangeKind.SAME, "একই"),)
    assert word_changes("", "") == ()


def test_paragraph_changes_keep_what_stayed_and_part_what_is_unlike() -> None:
    found = paragraph_changes("এক দুই তিন চার\n\nআগের কথা", "এক দুই তিন পাঁচ\n\nএকেবারে অন্য\n\nনতুন")
    assert [[part.kind for part in parts] for parts in found] == [
        [ChangeKind.SAME, ChangeKind.REMOVED, ChangeKind.ADDED],
        [ChangeKind.REMOVED],
        [ChangeKind.ADDED],
        [ChangeKind.ADDED],
    ]
    assert paragraph_changes("এক\n\nদুই", "এক\n\nদুই") == ((Part(ChangeKind.SAME, "এক"),), (Part(ChangeKind.SAME, "দুই"),))


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
def test_changes_hold_both_texts_whole(before: str, after: str) -> None:
    parts = tuple(part for paragraph in paragraph_changes(before, after) for part in paragraph)
    assert said(parts, ChangeKind.REMOVED) == before.split()
    assert said(parts, ChangeKind.ADDED) == after.split()
    assert all(part.text.strip() for part in parts)


def test_changes_of_texts_too_long_to_compare_are_all_of_both() -> None:
    words = " ".join(map(str, range(diff._MAX_PAIRS // 1000)))
    assert [part.kind for part in word_changes(words, words + " আরও")] == [ChangeKind.REMOVED, ChangeKind.ADDED]
