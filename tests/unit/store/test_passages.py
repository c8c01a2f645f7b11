"""Passages in the library through edits, pruning, damage, merging and searching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.errors import NotFoundError
from bpost_tui.model.blocks import Blocks, Paragraph, Span
from bpost_tui.model.passage import Passage, QuoteSelector
from bpost_tui.model.passage_anchoring import PassageText, quotable_text
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import remove_files
from tests.kept_passages import keep_passage
from tests.unit.model.edited_texts import EDITS, cases
from tests.unit.model.test_passage_anchoring import verdict_on

MakeStory = Callable[..., Story]
TEXT = "জেলা প্রশাসনের এক আধিকারিক জানান, শহরের তিনটি ওয়ার্ডে জল জমেছে। পুরসভার কর্মীরা রাতভর পাম্প চালিয়েছেন। বাসিন্দারা খুশি নন।"


def paragraphs(text: str) -> Blocks:
    return tuple(Paragraph((Span(part),)) for part in text.split("\n\n"))


def selector(blocks: Blocks, words: str) -> QuoteSelector:
    text = quotable_text(blocks)
    found = PassageText(text).quote(text.index(words), text.index(words) + len(words))
    assert found is not None
    return found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


@pytest.fixture
def kept(library: Library, make_story: MakeStory, now: datetime) -> Passage:
    """Return a passage with a note, from the library's only story."""
    (story,) = library.save([make_story(1, blocks=paragraphs(TEXT))], now=now).new
    return keep_passage(library, story, selector(paragraphs(TEXT), "শহরের তিনটি ওয়ার্ডে জল জমেছে।"), "নিকাশি দেখতে হবে", now=now)


def test_kept_passage_has_its_storys_data(library: Library, kept: Passage, now: datetime) -> None:
    assert kept.selector.exact == "শহরের তিনটি ওয়ার্ডে জল জমেছে।"
    assert (kept.note, kept.kept_at, kept.changed_at) == ("নিকাশি দেখতে হবে", now, now)
    assert kept.story is not None
    story = library.story(kept.story)
    row = story.headline
    assert (kept.guid, kept.paper, kept.title, kept.link) == (row.guid, row.paper, row.title, row.link)
    assert kept.published == row.published
    assert story.passages == library.passages.all() == (kept,)


def test_same_words_kept_twice_are_one_passage(library: Library, kept: Passage, now: datetime) -> None:
    assert kept.story is not None
    assert keep_passage(library, kept.story, kept.selector, "another", now=now + timedelta(days=1)) == kept
    with pytest.raises(NotFoundError):
        keep_passage(library, 999, kept.selector, now=now)


def test_passage_is_edited_deleted_and_kept_again(library: Library, kept: Passage, now: datetime) -> None:
    library.passages.save(kept._replace(note=""), now=now - timedelta(days=1))
    changed = library.passages.get(kept.key)
    assert changed is not None
    assert changed == kept._replace(note="", changed_at=now + timedelta(microseconds=1))  # later, although the clock was set back
    library.passages.delete(kept.key, now=now)
    library.passages.delete("0" * 16, now=now)
    assert library.passages.all() == ()
    assert library.count_passages() == 0
    library.passages.save(kept, now=now)
    again = library.passages.get(kept.key)
    assert again is not None
    assert again._replace(changed_at=now) == kept
    assert again.changed_at > changed.changed_at


def test_500_saved_passages_survive_edits_of_their_stories(library: Library, make_story: MakeStory, now: datetime) -> None:
    through = list(cases(504, 0))
    before = [make_story(n, blocks=paragraphs(case.before)) for n, case in enumerate(through)]
    numbers = library.save(before, now=now).new
    quoted = [(number, PassageText(case.before).quote(case.start, case.end)) for number, case in zip(numbers, through, strict=True)]
    kept = [(number, found) for number, found in quoted if found is not None]
    library.first_paper.in_one_transaction(lambda: [keep_passage(library, number, found, now=now) for number, found in kept])
    assert len(kept) > 500
    later = now + timedelta(hours=1)
    library.save([make_story(n, blocks=paragraphs(case.after), modified=later) for n, case in enumerate(through)], now=later)
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in EDITS}
    every = library.read_together(lambda: [library.story(number) for number in numbers])
    for saved, case in zip(every, through, strict=True):
        assert quotable_text(saved.blocks) == case.after
        for passage in saved.passages:
            verdicts[case.name][verdict_on(case, PassageText(case.after).find(passage.selector))] += 1
    assert sum(each["wrong"] for each in verdicts.values()) == 0
    assert sum(each.total() for each in verdicts.values()) == len(kept)
    assert set(verdicts["unedited"]) == {"same"}
    assert set(verdicts["passage_cut"]) == {"gone"}


def test_passage_outlives_its_pruned_story_and_finds_it_again(
    library: Library, kept: Passage, make_story: MakeStory, now: datetime
) -> None:
    library.maintenance.prune(now + timedelta(days=1))
    (left,) = library.passages.all()
    assert left == kept._replace(story=None)
    (again,) = library.save([make_story(1, blocks=paragraphs(TEXT))], now=now).new
    assert [passage.story for passage in library.passages.all()] == [again]
    assert library.story(again).passages


def test_passage_stays_with_a_story_under_another_guid(
    library: Library, kept: Passage, make_story: MakeStory, now: datetime
) -> None:
    library.maintenance.prune(now + timedelta(days=1))
    (again,) = library.save([make_story(1, guid="tag:another", blocks=paragraphs(TEXT))], now=now).new
    assert [passage.key for passage in library.story(again).passages] == [kept.key]
    assert library.passages.all()[0].story == again


@pytest.mark.parametrize("damage", ["header", "schema"])
def test_passages_are_rescued_or_restored_from_a_backup(library: Library, kept: Passage, now: datetime, damage: str) -> None:
    library.passages.delete(keep_passage(library, kept.story or 0, selector(paragraphs(TEXT), "রাতভর পাম্প"), now=now).key, now=now)
    library.close()
    path = library.folder / "reader.db"
    with path.open("r+b") as file:
        if damage == "header":
            file.write(b"\0" * 100)
        else:
            file.seek(200)
            file.write(b"\xff" * 300)
    with Library(library.folder) as mended:
        (rescued,) = mended.passages.all()
        assert rescued._replace(id=kept.id) == kept


def test_backup_contains_the_passages(library: Library, kept: Passage, now: datetime) -> None:
    library.close()
    with Library(library.folder, clock=lambda: now + timedelta(days=1)) as other:
        other.set_mark("read", [kept.story or 0], True, now=now)
    remove_files(library.folder / "reader.db")
    with Library(library.folder, clock=lambda: now + timedelta(days=1)) as again:
        assert [passage.key for passage in again.passages.all()] == [kept.key]


def test_later_change_of_a_passage_wins_a_merge(library: Library, kept: Passage, now: datetime) -> None:
    theirs = kept._replace(note="theirs", changed_at=now + timedelta(minutes=1))
    later = now + timedelta(hours=1)
    assert library.passages.merge([theirs, theirs], now=later) == 1
    assert library.passages.all()[0].note == "theirs"
    assert library.passages.merge([kept], now=later) == 0
    library.passages.delete(kept.key, now=later)
    assert library.passages.merge([theirs], now=later) == 0
    assert library.passages.all() == ()


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("জল", True),
        ("ওয়ার্ড", True),
        ("shohor", True),
        ("nikashi", True),
        ("নিকাশি", True),
        ("midnapore", True),
        ('"জল জমেছে"', True),
        ('"জমেছে জল"', False),
        ("জল -নিকাশি", False),
        ("জল ভোট", False),
        ("জল or ভোট", True),
        ("পাম্প", False),
    ],
)
def test_passages_are_searched_like_stories(library: Library, kept: Passage, now: datetime, query: str, is_found: bool) -> None:
    assert [passage.key for passage in library.passages.search(query, now=now)] == [kept.key] * is_found
