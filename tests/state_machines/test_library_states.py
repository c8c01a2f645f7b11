"""Library under any actions in any order: it has the contents of a plain model, and is sound."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES
from tests.state_machines.run_settings import runs

BEGIN = datetime(2026, 11, 24, 6, tzinfo=UTC)
PAPERS = tuple(paper_at(f"https://{name}.example") for name in ("one", "two"))
MARKS: tuple[MarkName, ...] = ("read", "starred", "later")
TEXTS = ("বাস উল্টে আহত", "নদীর বাঁধ ভাঙল কেলেঘাইয়ে", "হাসপাতালে নতুন ওয়ার্ড", "A bridge is opened", "")
NAMES = ("rivers", "নদী", "court")
_PAPER, _GUID, _TEXT = st.integers(0, 1), st.integers(0, 7), st.sampled_from(TEXTS)
_MARK, _NAME, _ON = st.sampled_from(MARKS), st.sampled_from(NAMES), st.booleans()
_Key = tuple[str, str]


class LibraryStates(RuleBasedStateMachine):
    """Library and the model of its contents."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.now = BEGIN + timedelta(days=2)
        self.library = self._opened()
        self.stories: dict[_Key, tuple[str, datetime]] = {}
        self.marks: dict[tuple[_Key, MarkName], bool] = {}
        self.searches: dict[str, str] = {}
        self.lists: dict[str, set[_Key]] = {}
        self.mutes: set[tuple[str, str]] = set()
        self.done: tuple[MarkName, tuple[_Key, ...], bool] | None = None

    def _opened(self) -> Library:
        library = Library(self.folder / "library", clock=lambda: self.now)
        library.set_subscriptions(PAPERS)
        return library

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    def _later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _rows(self, which: ListFilter | None = None) -> dict[_Key, int]:
        return {(row.paper, row.guid): row.id for row in self.library.headlines(which or ListFilter(), limit=200)}

    def _at(self, at: int) -> _Key | None:
        keys = sorted(self.stories)
        return keys[at % len(keys)] if keys else None

    # ── actions of portal and reader ────────────────────────────────────────

    @rule(
        paper=_PAPER,
        guids=st.lists(_GUID, min_size=1, max_size=4, unique=True),
        text=_TEXT,
        hours=st.integers(0, 40),
        full=_ON,
        indexes=_ON,
    )
    def save(self, paper: int, guids: list[int], text: str, hours: int, full: bool, indexes: bool = True) -> None:
        """Save stories, or new versions of the saved ones; index them at once, or leave that to the next search."""
        at = BEGIN + timedelta(hours=hours)
        blocks = (Paragraph((Span(f"{text} {'ক' * hours}"),)),) if full else ()
        stories = [
            Story(
                f"guid {n}",
                f"{text} {n}",
                f"https://{paper}.example/{n}",
                published=at,
                categories=SHELVES[: (n + hours) % 3],
                blocks=blocks,
                full=full,
            )
            for n in guids
        ]
        self.library.for_paper(PAPERS[paper]).save(stories, now=self._later(), indexes_now=indexes)
        rows = {(row.paper, row.guid): row for row in self.library.headlines(ListFilter(), limit=200)}
        for story in stories:
            key = PAPERS[paper].key, story.guid
            assert rows[key].title == story.title
            self.stories[key] = story.title, rows[key].published or at
            if story.categories:  # else the former ones stay
                lists = {each for each in SHELVES if key in self._rows(ListFilter(category=each.slug, paper=key[0]))}
                assert lists == set(story.categories), key

    @rule(mark=_MARK, ats=st.lists(st.integers(0, 20), min_size=1, max_size=3), on=_ON)
    def mark(self, mark: MarkName, ats: list[int], on: bool) -> None:
        """Set or remove a mark."""
        keys = tuple(dict.fromkeys(key for at in ats if (key := self._at(at))))
        rows = self._rows()
        changed = self.library.set_mark(mark, [rows[key] for key in keys], on, now=self._later())
        assert set(changed) == {rows[key] for key in keys if self.marks.get((key, mark), False) is not on}
        self.done = mark, tuple(key for key in keys if rows[key] in changed), on
        self.marks.update(dict.fromkeys([(key, mark) for key in keys], on))

    @precondition(lambda self: self.done is not None)
    @rule()
    def undo(self) -> None:
        """Undo the last mark."""
        assert self.done is not None
        mark, keys, on = self.done
        rows, self.done = self._rows(), None
        there = [key for key in keys if key in rows and self.marks[key, mark] is on]
        self.library.set_mark(mark, [rows[key] for key in there], not on, now=self._later())
        self.marks.update(dict.fromkeys([(key, mark) for key in there], not on))

    @rule(name=_NAME, query=st.sampled_from(("কংসাবতী", "a b", None)))
    def search(self, name: str, query: str | None) -> None:
        """Save or delete a search."""
        if query is not None:
            self.library.saved_searches.save(name, query, now=self._later())
            self.searches[name] = query
        elif self.searches.pop(name, None):
            self.library.saved_searches.delete(name, now=self._later())

    @rule(name=_NAME, at=st.integers(0, 20), on=_ON)
    def put(self, name: str, at: int, on: bool) -> None:
        """Put a story into a list, or remove it."""
        own, key = self.library.own_lists, self._at(at)
        if name not in self.lists:
            self.lists[name] = set()
            own.create(name, now=self._later())
        if key is not None:
            own.set_entries(own.find(name).key, [self._rows()[key]], on, now=self._later())
            (self.lists[name].add if on else self.lists[name].discard)(key)

    @rule(name=_NAME)
    def delete_list(self, name: str) -> None:
        """Delete a list; its stories stay."""
        if self.lists.pop(name, None) is not None:
            own = self.library.own_lists
            key = own.find(name).key
            own.set_entries(key, self._rows(ListFilter(own_list=key)).values(), False, now=self._later())
            own.delete(key, now=self._later())

    @rule(kind=st.sampled_from(("words", "tags")), name=_NAME, on=_ON)
    def mute(self, kind: str, name: str, on: bool) -> None:
        """Mute or unmute a rule."""
        self.library.mutes.set_rule(kind, name, on=on, now=self._later())
        (self.mutes.add if on else self.mutes.discard)((kind, name))

    @rule(one=st.integers(0, 20), other=st.integers(0, 20), apart=_ON)
    def fold(self, one: int, other: int, apart: bool) -> None:
        """Separate a story from others of its news, or join two stories."""
        keys, rows = [key for at in (one, other) if (key := self._at(at))], self._rows()
        if apart and keys:
            self.library.group_builder.separate(rows[keys[0]], now=self._later())
        elif len(set(keys)) == 2:
            self.library.group_builder.undo_separation(rows[keys[0]], [rows[keys[1]]], now=self._later())

    # ── events at the files ─────────────────────────────────────────────────

    @rule(hours=st.integers(0, 40))
    def prune(self, hours: int) -> None:
        """Delete old stories; stories that the reader keeps stay, and so do all marks."""
        before = BEGIN + timedelta(hours=hours)
        self.library.maintenance.prune(before)
        for key, (_, published) in list(self.stories.items()):
            is_kept = any(self.marks.get((key, mark)) for mark in ("starred", "later")) or any(
                key in own for own in self.lists.values()
            )
            if published < before and not is_kept:
                del self.stories[key]

    @rule()
    def reopen(self) -> None:
        """Close and open the library."""
        self.library.close()
        self.library = self._opened()
        assert self.library.notices == ()

    @rule()
    def repair(self) -> None:
        """Repair a sound library."""
        self.library.maintenance.repair()

    @rule()
    def compact(self) -> None:
        """Compact the library."""
        self.library.maintenance.compact(lambda *_: None)

    @rule()
    def lose_reader_db(self) -> None:
        """Delete reader.db: the marks of saved stories come back."""
        self.library.close()
        for path in (self.folder / "library").glob(f"{READER.name}*"):
            path.unlink()
        shutil.rmtree(self.folder / "library" / "backups", ignore_errors=True)
        self.library = self._opened()
        self.marks = {(key, mark): on for (key, mark), on in self.marks.items() if key in self.stories}
        self.searches = {search.name: search.query for search in self.library.saved_searches.all()}
        self.mutes = {(kind, name) for kind, names in self.library.mutes.rules().items() for name in names}
        own = self.library.own_lists
        for name in self.lists.keys() - {each.name for each in own.all()}:
            assert not self.lists.pop(name), "a list with stories"
        self.library.close()
        self.library = self._opened()
        self.done = None

    @rule()
    def lose_stories_db(self) -> None:
        """Delete stories.db: marks and lists wait for their stories."""
        self.library.close()
        for path in (self.folder / "library").glob(f"{STORIES.name}*"):
            path.unlink()
        self.library = self._opened()
        self.stories.clear()
        self.done = None

    @rule(mark=_MARK, at=st.integers(0, 20), on=_ON)
    def mark_in_reader_db_alone(self, mark: MarkName, at: int, on: bool) -> None:
        """Set or remove a mark, and put stories.db back, as if the power was cut when only reader.db was written."""
        self.library.close()
        files = {path: path.read_bytes() for path in (self.folder / "library").glob(f"{STORIES.name}*")}
        self.library = self._opened()
        self.mark(mark, [at], on)
        self.library.close()
        for path in (self.folder / "library").glob(f"{STORIES.name}*"):
            path.unlink()
        for path, content in files.items():
            path.write_bytes(content)
        self.library = self._opened()

    # ── invariants ──────────────────────────────────────────────────────────

    @invariant()
    def has_what_the_model_has(self) -> None:
        """Compare the whole library with the model."""
        rows = {(row.paper, row.guid): row for row in self.library.headlines(ListFilter(), limit=200)}
        assert {key: row.title for key, row in rows.items()} == {key: title for key, (title, _) in self.stories.items()}
        for key, row in rows.items():
            wanted = tuple(self.marks.get((key, mark), False) for mark in MARKS)
            assert (row.read, row.starred, row.later) == wanted, (key, wanted)
        assert self.library.unread_count() == sum(not self.marks.get((key, "read"), False) for key in rows)
        assert {search.name: search.query for search in self.library.saved_searches.all()} == self.searches
        assert {(kind, name) for kind, names in self.library.mutes.rules().items() for name in names} == self.mutes
        own = {each.name: set(self._rows(ListFilter(own_list=each.key))) for each in self.library.own_lists.all()}
        assert own == {name: keys & rows.keys() for name, keys in self.lists.items()}

    @invariant()
    def is_sound(self) -> None:
        """Check references, index, counts and copies."""
        self.library.group_builder.update_groups()
        assert self.library.maintenance.verify() == ()


SHELVES = (Category("health", "Health"), Category("education", "Education"))

TestLibraryStates = LibraryStates.TestCase
TestLibraryStates.settings = runs(15, 25)
