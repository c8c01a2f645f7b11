"""Mutes and ungrouped stories on two machines with a shared folder: the later change of each wins on both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.core.lists.list_source import ALL_NEWS
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import Outlook
from bpost_tui.core.lists.paper_list import PaperList as PaperNames
from bpost_tui.i18n import Language
from bpost_tui.limits import MAX_LINE_BYTES
from bpost_tui.mark_changes.field_changes import (
    MUTE_FIELDS,
    FieldChange,
    Subject,
    SubjectKind,
    parse_separation_field,
    separation_field,
)
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.machine_identity import identify_machine
from bpost_tui.mark_sync.sync_folder import file_name
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.paper import paper_at
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_SAVED_GUID_CHARS
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.counted_sync import SyncCounts, counted_sync
from tests.marks_lines import dump_changes, line, read_lines
from tests.unit.mark_sync.test_folder_sync import Machine, desktop, laptop, make, sync_in_turn
from tools.grouping_quality import rows

__all__ = ["desktop", "laptop", "make"]
PAPERS = tuple(paper_at(f"https://{name}.example") for name in ("one", "two", "three"))
ACCOUNTS = [row for row in rows() if row["cluster"] == "debra-lorry"][:3]


def mute(machine: Machine, at: int, *, on: bool = True, kind: str = "tags") -> bool:
    return machine.library.mutes.set_rule(kind, "IPL", on=on, now=machine.now(at))


def rules(*machines: Machine) -> list[dict[str, tuple[str, ...]]]:
    return [each.library.mutes.rules() for each in machines]


# ── mutes ───────────────────────────────────────────────────────────────────


def test_mute_is_synced_and_removed_on_all_machines(laptop: Machine, desktop: Machine) -> None:
    assert mute(laptop, 0)
    assert laptop.sync() == SyncCounts(sent=1)
    assert desktop.sync() == SyncCounts(received=1, sent=1)
    assert rules(laptop, desktop) == [{"tags": ("IPL",)}] * 2
    assert mute(desktop, 1, on=False)
    assert (desktop.sync(), laptop.sync()) == (SyncCounts(sent=1), SyncCounts(received=1))
    assert rules(laptop, desktop) == [{}, {}]
    assert mute(laptop, 2)
    assert (laptop.sync(), desktop.sync()) == (SyncCounts(sent=1), SyncCounts(received=1))
    assert rules(laptop, desktop) == [{"tags": ("IPL",)}] * 2
    assert (laptop.sync(), desktop.sync()) == (SyncCounts(), SyncCounts())


def test_later_of_two_independent_mutes_wins_by_kind(laptop: Machine, desktop: Machine) -> None:
    for each in (laptop, desktop):
        mute(each, 0)
        each.sync()
    mute(laptop, 1, on=False)
    mute(desktop, 2, kind="words")
    sync_in_turn(laptop, desktop, laptop)
    assert rules(laptop, desktop) == [{"words": ("IPL",)}] * 2


def test_undoing_a_received_mute_wins_despite_a_slow_clock(laptop: Machine, desktop: Machine) -> None:
    mute(laptop, 10)
    sync_in_turn(laptop, desktop)
    mute(desktop, -10, on=False)
    sync_in_turn(desktop, laptop)
    assert rules(laptop, desktop) == [{}, {}]


def test_received_mute_applies_to_lists_already_read(laptop: Machine, desktop: Machine) -> None:
    listings = Listings(desktop.library, Language("en"), lambda: desktop.now(9))
    outlook = Outlook(PaperNames.of(Language("en"), ()))
    assert len(listings.read(outlook.query(ALL_NEWS)).stories) == 10
    laptop.library.mutes.set_rule("words", "title 3", on=True, now=laptop.now(0))
    sync_in_turn(laptop, desktop)
    assert [row.title for row in listings.read(outlook.query(ALL_NEWS)).stories if row.title == "title 3"] == []
    assert listings.categories(outlook).rows[0].unread == 9


# ── lines ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fields",
    [
        {"mute": "\x1b[2J", "tags": [1, True]},
        {"mute": "a\u202eb", "tags": [1, True]},
        {"mute": "x" * (MAX_NAME_CHARS + 1), "tags": [1, True]},
        {"mute": "", "tags": [1, True]},
        {"mute": ["IPL"], "tags": [1, True]},
        {"mute": "IPL", "tags": [1, "yes"]},
        {"mute": "IPL", "tags": [-1, True]},
        {"apart": "a", "paper": "one.example", "from:two.example b": [1, None]},
        {"apart": "a", "from:two.example b": [1, True]},
        {"apart": "\x07", "paper": "one.example", "from:two.example b": [1, True]},
    ],
)
def test_mute_line_with_an_invalid_field_is_a_fault(fields: dict[str, object]) -> None:
    changes, reading = read_lines(line(**fields))
    assert (changes, reading.fault_count) == ({}, 1)


@pytest.mark.parametrize("other", ["from:two.example a\x07", "from: b", "from:one.example a", "from:one.example Z", "from:b"])
def test_invalid_separation_pair_is_ignored(other: str) -> None:
    changes, reading = read_lines(line(apart="a", paper="one.example", **{other: [1, True]}))
    assert (changes, reading.newer_count) == ({Subject(SubjectKind.SEPARATION, "a", "one.example"): {}}, 1)


def test_unknown_kind_of_mute_counts_as_newer(desktop: Machine) -> None:
    changes, reading = read_lines(line(mute="IPL", tags=[1, True], sources=[1, True]))
    assert (changes, reading.newer_count) == ({Subject(SubjectKind.MUTE, "IPL"): {"tags": FieldChange(1, True)}}, 1)


def test_longest_separation_pairs_fit_into_lines() -> None:
    papers = ("a" * 120, "b" * 120)
    others = {separation_field(f"খ{'ক' * (MAX_SAVED_GUID_CHARS - 2)}{n}", papers[1]): FieldChange(1, bool(n % 2)) for n in range(3)}
    changes = {Subject(SubjectKind.SEPARATION, "ক" * MAX_SAVED_GUID_CHARS, papers[0]): others}
    lines = list(dump_changes(changes))
    assert read_lines(b"".join(lines))[0] == changes
    assert max(map(len, lines)) < MAX_LINE_BYTES
    assert parse_separation_field(separation_field("guid with spaces", "two.example")) == ("guid with spaces", "two.example")


def test_mute_rules_from_a_file_are_bounded(desktop: Machine) -> None:
    changes = {Subject(SubjectKind.MUTE, f"name {n}"): dict.fromkeys(MUTE_FIELDS, FieldChange(n, True)) for n in range(600)}
    desktop.library.changes.merge(changes)
    found = desktop.library.mutes.rules()
    assert {kind: (len(names), names[-1]) for kind, names in found.items()} == dict.fromkeys(MUTE_FIELDS, (500, "name 599"))


# ── ungrouped stories ───────────────────────────────────────────────────────


class Papers:
    """A machine with three papers, each with a story of its own (an account) about the same news."""

    def __init__(self, home: Path, folder: Path, saved: int = 3) -> None:
        self.library = Library(home / "library")
        self.library.set_subscriptions(PAPERS)
        self.folder = folder
        self.save(range(saved))

    def save(self, numbers: range) -> None:
        for at in numbers:
            row = ACCOUNTS[at]
            published = datetime.fromisoformat(row["at"]).astimezone(UTC)
            story = Story(f"guid {at}", row["title"], published=published, blocks=(Paragraph((Span(row["text"]),)),), full=True)
            self.library.for_paper(PAPERS[at]).save([story], now=published)

    def number(self, at: int) -> int:
        return self.library.find(f"guid {at}")

    def sync(self) -> SyncCounts:
        found = counted_sync(FolderPeer(self.library, self.folder))
        assert self.library.maintenance.verify() == ()
        return found

    @property
    def groups(self) -> list[list[int]]:
        """Groups of accounts of the same news, each account as its index in `ACCOUNTS`."""
        known = {self.number(at): at for at in range(3) if self.library.find_all([f"guid {at}"])}
        found = {tuple(sorted(known[each] for each in self.library.story_groups.members(number))) for number in known}
        return sorted(map(list, found))

    @property
    def group_count(self) -> int:
        return self.library.count(ListFilter(groups_same_news=True))


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[tuple[Papers, Papers]]:
    (tmp_path / "Sync").mkdir()
    one, two = (Papers(tmp_path / name, tmp_path / "Sync") for name in ("one", "two"))
    with one.library, two.library:
        assert one.groups == two.groups == [[0, 1, 2]]
        yield one, two


def now(minute: int) -> datetime:
    return datetime(2026, 11, 26, 12, minute, tzinfo=UTC)


@pytest.mark.parametrize("separated", [0, 1, 2])
def test_separation_and_its_undo_are_synced(papers: tuple[Papers, Papers], separated: int) -> None:
    one, two = papers
    rest = one.library.group_builder.separate(one.number(separated), now=now(0))
    sync_in_turn(one, two)
    expected = sorted([[separated], [at for at in range(3) if at != separated]])
    assert one.groups == two.groups == expected
    assert (one.group_count, two.group_count) == (2, 2)
    one.library.group_builder.undo_separation(one.number(separated), rest, now=now(1))
    sync_in_turn(one, two)
    assert one.groups == two.groups == [[0, 1, 2]]
    assert one.library.changes.all_changes() == two.library.changes.all_changes()
    assert (one.sync(), two.sync()) == (SyncCounts(), SyncCounts())


def test_later_of_separation_and_undo_wins(papers: tuple[Papers, Papers]) -> None:
    one, two = papers
    rest = one.library.group_builder.separate(one.number(2), now=now(0))
    sync_in_turn(one, two)
    one.library.group_builder.undo_separation(one.number(2), rest, now=now(1))
    one.library.group_builder.separate(one.number(2), now=now(3))
    two.library.group_builder.undo_separation(two.number(2), [two.number(0), two.number(1)], now=now(2))
    sync_in_turn(one, two, one)
    assert one.groups == two.groups == [[0, 1], [2]]


def test_separation_applies_to_stories_that_arrive_later(tmp_path: Path, papers: tuple[Papers, Papers]) -> None:
    one, _ = papers
    one.library.group_builder.separate(one.number(2), now=now(0))
    one.sync()
    late = Papers(tmp_path / "late", one.folder, saved=0)
    with late.library:
        late.sync()
        late.save(range(3))
        assert late.groups == [[0, 1], [2]]


def test_separations_on_two_machines_are_both_kept(papers: tuple[Papers, Papers]) -> None:
    one, two = papers
    one.library.group_builder.separate(one.number(0), now=now(0))
    two.library.group_builder.separate(two.number(1), now=now(0))
    sync_in_turn(one, two, one)
    assert one.groups == two.groups == [[0], [1], [2]]
    two.library.group_builder.undo_separation(two.number(1), [two.number(0), two.number(2)], now=now(1))
    assert two.groups == [[0], [1, 2]]  # 0 and 2 are still separated
    sync_in_turn(two, one)
    assert len(one.groups) == 2


def test_undo_of_a_separation_ignores_missing_stories(papers: tuple[Papers, Papers]) -> None:
    one, _ = papers
    one.library.group_builder.undo_separation(one.number(0), [999], now=now(1))
    one.library.group_builder.undo_separation(999, [one.number(0)], now=now(1))
    assert one.groups == [[0, 1, 2]]


def test_own_file_has_separate_lines_for_mutes_and_separations(papers: tuple[Papers, Papers]) -> None:
    one, _ = papers
    one.library.mutes.set_rule("authors", "নিজস্ব সংবাদদাতা", on=True, now=now(0))
    one.library.group_builder.separate(one.number(2), now=now(0))
    one.sync()
    lines = (one.folder / file_name(identify_machine(one.library.folder).id)).read_text(encoding="utf-8").splitlines()[1:]
    kinds = [next(iter(json.loads(each).keys() - {"sum", "paper"} & {"mute", "apart"}), "") for each in lines]
    assert sorted(kinds) == ["apart", "apart", "mute"]
