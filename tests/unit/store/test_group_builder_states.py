"""Groups after any sequence of operations: each account is similar to the representative of its group, both as saved now."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bpost_tui.grouping import partner_search
from bpost_tui.grouping.score import SAME_NEWS_SCORE
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tools.grouping_quality import rows

BEGIN = datetime(2026, 11, 24, 6, tzinfo=UTC)
PAPERS = tuple(paper_at(f"https://{name}.example") for name in ("one", "two", "three"))
ACCOUNTS = [row for row in rows() if row["cluster"] in ("debra-lorry", "debra-lorry-english")]
_PAPER, _ACCOUNT = st.sampled_from(range(len(PAPERS))), st.sampled_from(range(len(ACCOUNTS)))


class Machine(RuleBasedStateMachine):
    """Two libraries: the second receives the reader's changes from the first; stories are saved into both, in different orders."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = BEGIN + timedelta(days=2)
        self.libraries = [Library(self.folder / name, clock=lambda: self.now) for name in ("here", "there")]
        self.waiting: list[tuple[int, Story]] = []
        for library in self.libraries:
            library.set_subscriptions(PAPERS)

    def teardown(self) -> None:
        for library in self.libraries:
            library.close()
        shutil.rmtree(self.folder)

    @rule(
        paper=_PAPER, guid=_ACCOUNT, content=_ACCOUNT, hours=st.integers(0, 30), groups_at_once=st.booleans(), indexes=st.booleans()
    )
    def save(self, paper: int, guid: int, content: int, hours: int, groups_at_once: bool, indexes: bool) -> None:
        """Save a story, or another version of a saved one, in the first library; the second gets it at the next merge.

        `content` is the number of its text, an account of an event. It is published `hours` after the beginning, grouped at once if
        `groups_at_once`, and indexed at once if `indexes`.
        """
        text = (Paragraph((Span(ACCOUNTS[content]["text"]),)),)
        published = BEGIN + timedelta(hours=hours)
        story = Story(f"guid {guid}", ACCOUNTS[content]["title"], published=published, blocks=text, full=True)
        here = self.libraries[0].for_paper(PAPERS[paper])
        here.save([story], now=self.now, groups_now=groups_at_once, indexes_now=indexes)
        self.waiting.append((paper, story))

    @rule(at=st.integers(0, 100))
    def withdraw(self, at: int) -> None:
        """Delete the stories older than a random one."""
        if numbers := self.libraries[0].story_ids(ListFilter()):
            published = self.libraries[0].headline(numbers[at % len(numbers)]).published
            self.libraries[0].maintenance.prune(before=published or BEGIN)

    @rule(at=st.integers(0, 100), read=st.booleans())
    def mark(self, at: int, read: bool) -> None:
        """Mark a story read or unread."""
        if numbers := self.libraries[0].story_ids(ListFilter()):
            self.libraries[0].set_mark("read", [numbers[at % len(numbers)]], read, now=self._later())

    @rule(at=st.integers(0, 100))
    def separate(self, at: int) -> None:
        """Separate a story from its group."""
        if numbers := self.libraries[0].story_ids(ListFilter()):
            self.libraries[0].group_builder.separate(numbers[at % len(numbers)], now=self._later())

    @rule(one=st.integers(0, 100), other=st.integers(0, 100))
    def undo_separation(self, one: int, other: int) -> None:
        """Undo the separation of two stories."""
        if numbers := self.libraries[0].story_ids(ListFilter()):
            pair = numbers[one % len(numbers)], numbers[other % len(numbers)]
            if pair[0] != pair[1]:
                self.libraries[0].group_builder.undo_separation(pair[0], pair[1:], now=self._later())

    @rule(order=st.permutations(range(len(PAPERS))))
    def reorder_papers(self, order: list[int]) -> None:
        """Reorder the papers, or remove one of them."""
        for library in self.libraries:
            library.set_subscriptions([PAPERS[at] for at in order[: 2 + order[0] % 2]])

    @rule()
    def merge(self) -> None:
        """Save the waiting stories in the second library, the last first, and merge the first library's changes into it."""
        for paper, story in reversed(self.waiting):
            self.libraries[1].for_paper(PAPERS[paper]).save([story], now=self.now)
        self.waiting.clear()
        self.libraries[1].changes.merge(self.libraries[0].changes.all_changes())

    @invariant()
    def each_account_is_like_its_representative(self) -> None:
        """Check that each story is similar to the representative of its group."""
        for library in self.libraries:
            library.group_builder.update_groups()
            for number in library.story_ids(ListFilter()):
                representative, *others = library.story_groups.members(number)
                assert all(library.group_builder.explain(representative, other).total >= SAME_NEWS_SCORE for other in others)

    @invariant()
    def is_sound(self) -> None:
        """Check that both libraries pass `verify`: groups equal newly built ones, and lists are complete."""
        assert [library.maintenance.verify() for library in self.libraries] == [(), ()]

    def _later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class BoundedMachine(Machine):
    """The same, with so low a bound on partners that few stories compete for them."""

    def __init__(self) -> None:
        super().__init__()
        self.patched = pytest.MonkeyPatch()
        self.patched.setattr(partner_search, "MAX_PARTNERS", 1)
        self.patched.setattr(partner_search, "MAX_OWN_PARTNERS", 1)

    def teardown(self) -> None:
        self.patched.undo()
        super().teardown()


TestMachine, TestBoundedMachine = Machine.TestCase, BoundedMachine.TestCase
TestMachine.settings = TestBoundedMachine.settings = settings(
    max_examples=settings().max_examples // 8,  # 12 examples, and 2 in `make quick`
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
