"""Marks in sync with a server and a folder, while a site gives all its stories other guids and links.

Then the server has two items for each story, with the old link and with the new one. A phone may mark either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_api import TAGS, GreaderApi
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.service.model_server import ModelServer

PAPER = paper_at("https://one.example/feed")
STORIES = 3
Links = Literal["old", "new"]
MARKS: tuple[MarkName, ...] = ("read", "starred")
Action = tuple[str, Links, int, MarkName, bool]
"""Side that acts (phone, or a machine), links, story, mark, whether it is set."""
ACCOUNT = GreaderAccount("https://service.example", "reader", inline_password="secret")


def link(links: Links, story: int) -> str:
    return f"https://one.example/{links}/{story}"


class Sides:
    """Two machines that read a paper, a server that reads it as well, and a phone."""

    def __init__(self, folders: Path, *, labels: bool, dated: bool) -> None:
        self.server = ModelServer(PAPER.address, labels=labels, dated=dated)
        self.machines = [Library(folders / name) for name in ("one", "two")]
        self.migrated: set[object] = set()
        """Machines that have the new links, and the server if it has the new items."""
        self.expected = {(story, mark): False for story in range(STORIES) for mark in MARKS}
        for machine in self.machines:
            machine.set_subscriptions([PAPER])
            assert len(self.refresh(machine, "old")) == STORIES
        for story in range(STORIES):
            self.server.add(link("old", story))
        self.sync(self.machines[1])

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.now_s, UTC)

    def refresh(self, machine: Library, links: Links) -> tuple[int, ...]:
        """Let a machine read the paper's feed, and return the ids of the stories that count as new."""
        stories = [
            Story(
                f"{links} {story}",
                f"খবর {story}",
                link(links, story),
                published=datetime(2026, 9, 1, story, tzinfo=UTC),
                blocks=(Paragraph((Span(f"লেখা {story}"),)),),
                full=True,
            )
            for story in range(STORIES)
        ]
        return machine.for_paper(PAPER).save(stories, now=self.now).new

    def migrate(self, side: object) -> None:
        """Let a side read the feed with the new links. On the server, they are new items."""
        self.server.now_s += 5
        if side not in self.migrated and isinstance(side, Library):
            assert self.refresh(side, "new") == ()
        elif side not in self.migrated:
            for story in range(STORIES):
                self.server.add(link("new", story))
        self.migrated.add(side)

    def act(self, action: Action, side: object) -> None:
        """Change a mark on a machine or, with a phone, of the story's item with these links."""
        _, links, story, mark, on = action
        self.server.now_s += 5
        if isinstance(side, Library):
            (number,) = (row.id for row in side.headlines(ListFilter(), limit=99) if row.title == f"খবর {story}")
            side.set_mark(mark, [number], on, now=self.now)
        elif (item := self.server.number_of(link(links, story))) is not None:
            self.server.tag(item, TAGS[mark], on)
        else:
            return
        self.expected[story, mark] = on

    def sync(self, machine: Library) -> None:
        self.server.now_s += 5

        def api(account: GreaderAccount, token: str) -> GreaderApi:
            return GreaderApi(account, token, self.server.transport())

        assert sync(GreaderPeer(machine, ACCOUNT, lambda: self.now, api)) is None
        for other in self.machines:  # as by a folder
            other.changes.merge(machine.changes.all_changes())

    def settle(self) -> None:
        for machine in (*self.machines, *self.machines):
            self.sync(machine)

    def marks_here(self, machine: Library) -> dict[tuple[int, MarkName], bool]:
        rows = {row.title: row for row in machine.headlines(ListFilter(), limit=99)}
        assert len(rows) == machine.count(ListFilter()) == STORIES
        return {(story, mark): bool(getattr(rows[f"খবর {story}"], mark)) for story in range(STORIES) for mark in MARKS}

    def marks_there(self, links: Links) -> dict[tuple[int, MarkName], bool]:
        items = {entry.link: entry for entry in self.server.entries.values()}
        return {(story, mark): TAGS[mark] in items[link(links, story)].tags for story in range(STORIES) for mark in MARKS}

    def require_agreement(self) -> None:
        """Check that machines and items have the same marks, once all have migrated, and that nothing more is sent."""
        for side in (*self.machines, self.server):
            self.migrate(side)
        for _ in range(2):
            self.settle()
        found = [*map(self.marks_here, self.machines), self.marks_there("old"), self.marks_there("new")]
        assert all(each == found[0] for each in found)
        self.server.requests.clear()
        self.settle()
        assert "/reader/api/0/edit-tag" not in self.server.requests
        assert all(machine.maintenance.verify() == () for machine in self.machines)


@contextmanager
def sides(*, labels: bool, dated: bool) -> Iterator[Sides]:
    with TemporaryDirectory() as folder, ExitStack() as stack:
        found = Sides(Path(folder), labels=labels, dated=dated)
        for machine in found.machines:
            stack.enter_context(machine)
        yield found


@pytest.mark.parametrize(("labels", "dated"), [(False, True), (True, False), (False, False)])
@settings(max_examples=8)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(
                st.sampled_from(("one", "two", "phone")),
                st.sampled_from(("old", "new")),
                st.integers(0, STORIES - 1),
                st.sampled_from(MARKS),
                st.booleans(),
            ),
            st.sampled_from(("one", "two", "server")),  # reads the new links
        ),
        max_size=8,
    )
)
def test_last_change_holds_on_both_items_and_both_machines_and_nothing_is_new(
    steps: list[Action | str], labels: bool, dated: bool
) -> None:
    with sides(labels=labels, dated=dated) as all_sides:
        all_sides.settle()
        named = {"one": all_sides.machines[0], "two": all_sides.machines[1], "server": all_sides.server, "phone": None}
        for step in steps:
            if isinstance(step, str):
                all_sides.migrate(named[step])
            else:
                all_sides.act(step, named[step[0]])
            all_sides.settle()
        all_sides.require_agreement()
        assert all_sides.marks_here(all_sides.machines[0]) == all_sides.expected


def test_mark_of_one_item_does_not_look_like_a_restored_server_to_the_other() -> None:
    with sides(labels=False, dated=True) as all_sides:
        one, two = all_sides.machines  # the first machine has never seen the items with the old links
        for side in (one, two, all_sides.server):
            all_sides.migrate(side)
            all_sides.settle()
        for on in (True, False):
            all_sides.act(("one", "old", 0, "read", on), one)
            all_sides.settle()
            assert all_sides.marks_there("old")[0, "read"] is all_sides.marks_there("new")[0, "read"] is on
