"""Library under any actions in any order: it has the contents of a plain model, and is sound."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bpost_tui.core.changes.undo import MarkChange
from bpost_tui.core.lists.listings import Listings
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES
from tests.state_machines.rule_effects import always_counted, counted, counting_case
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

    effects: ClassVar[Counter[str]] = Counter()

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
        self.done: tuple[MarkChange, tuple[_Key, ...]] | None = None
        """Last mark, and the stories that it changed. A story deleted since isn't among them, even if it is saved again."""

    def _opened(self) -> Library:
        library = Library(self.folder / "library", clock=lambda: self.now)
        library.set_subscriptions(PAPERS)
        return library

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    def snapshot(self) -> object:
        """Return the changes in reader.db, the parts of the model that a rule may change alone, and which files there are."""
        files = {path.name: path.stat().st_ino for path in (self.folder / "library").glob("*.db")}
        return self.library.changes.all_changes(), dict(self.stories), self.done, files

    def _later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _rows(self, which: ListFilter | None = None) -> dict[_Key, int]:
        return {(row.paper, row.guid): row.id for row in self.library.headlines(which or ListFilter(), limit=200)}

    def _some_story(self, at: int) -> _Key:
        """Return the key of a story; if there is none, save one first."""
        if not self.stories:
            self.save(0, [at % 8], TEXTS[0], 1, True)
        keys = sorted(self.stories)
        return keys[at % len(keys)]

    def _listings(self) -> Listings:
        return Listings(self.library, Language("en"), self._later)

    # ── actions of portal and reader ────────────────────────────────────────

    @rule(
        paper=_PAPER,
        guids=st.lists(_GUID, min_size=1, max_size=4, unique=True),
        text=_TEXT,
        hours=st.integers(0, 40),
        full=_ON,
        indexes=_ON,
    )
    @counted
    def save(self, paper: int, guids: list[int], text: str, hours: int, full: bool, indexes: bool = True) -> None:
        """Save stories, or new versions of the saved ones, published `hours` after the beginning.

        `full` is whether they have a text. With `indexes`, they are indexed at once, otherwise at the next search.
        """
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
    @counted
    def mark(self, mark: MarkName, ats: list[int], on: bool) -> None:
        """Set or remove a mark, as the screen does."""
        keys = tuple(dict.fromkeys(self._some_story(at) for at in ats))
        rows = self._rows()
        change = MarkChange(mark, on, tuple(rows[key] for key in keys)).apply(self._listings())
        changed = tuple(key for key in keys if self.marks.get((key, mark), False) is not on)
        assert set(change.ids if change else ()) == {rows[key] for key in changed}
        self.done = (change, changed) if change else self.done
        self.marks.update(dict.fromkeys([(key, mark) for key in keys], on))

    @rule(mark=_MARK, at=st.integers(0, 20))
    @counted
    def undo(self, mark: MarkName, at: int) -> None:
        """Undo the last mark; if there is none, set one first."""
        if self.done is None:
            self.mark(mark, [at], not self.marks.get((self._some_story(at), mark), False))
        assert self.done is not None
        (change, keys), self.done = self.done, None
        if keys:
            change.undo(self._listings())
        else:
            with pytest.raises(NotFoundError):
                change.undo(self._listings())
        self.marks.update({(key, change.mark): not change.on for key in keys})

    @rule(name=_NAME, query=st.sampled_from(("কংসাবতী", "a b", None)))
    @counted
    def search(self, name: str, query: str | None) -> None:
        """Save or delete a search."""
        if query is not None:
            self.library.saved_searches.save(name, query, now=self._later())
            self.searches[name] = query
        elif self.searches.pop(name, None):
            self.library.saved_searches.delete(name, now=self._later())

    @rule(name=_NAME, at=st.integers(0, 20), on=_ON)
    @counted
    def put(self, name: str, at: int, on: bool) -> None:
        """Put a story into a list, or remove it."""
        own, key = self.library.own_lists, self._some_story(at)
        if name not in self.lists:
            self.lists[name] = set()
            own.create(name, now=self._later())
        own.set_entries(own.find(name).key, [self._rows()[key]], on, now=self._later())
        (self.lists[name].add if on else self.lists[name].discard)(key)

    @rule(name=_NAME, at=st.integers(0, 20))
    @counted
    def delete_list(self, name: str, at: int) -> None:
        """Delete a list; its stories stay."""
        if name not in self.lists:
            self.put(name, at, True)
        del self.lists[name]
        own = self.library.own_lists
        key = own.find(name).key
        own.set_entries(key, self._rows(ListFilter(own_list=key)).values(), False, now=self._later())
        own.delete(key, now=self._later())

    @rule(kind=st.sampled_from(("words", "tags")), name=_NAME, on=_ON)
    @counted
    def mute(self, kind: str, name: str, on: bool) -> None:
        """Mute or unmute a rule."""
        self.library.mutes.set_rule(kind, name, on=on, now=self._later())
        (self.mutes.add if on else self.mutes.discard)((kind, name))

    @rule(guid=_GUID, text=_TEXT, apart=_ON)
    @counted
    def fold(self, guid: int, text: str, apart: bool) -> None:
        """Save the same news of two papers. Then separate the two stories if `apart`, or else undo their separation."""
        for paper in range(2):
            self.save(paper, [guid], text, 1, True)
        self.library.group_builder.update_groups()
        one, other = (self._rows()[paper.key, f"guid {guid}"] for paper in PAPERS)
        if apart:
            self.library.group_builder.separate(one, now=self._later())
        else:
            self.library.group_builder.undo_separation(one, [other], now=self._later())

    # ── events at the files ─────────────────────────────────────────────────

    @rule(hours=st.integers(0, 40), at=st.integers(0, 20))
    @counted
    def prune(self, hours: int, at: int) -> None:
        """Delete the stories published earlier than `hours` after the beginning.

        Stories that the reader keeps stay, and so do all marks. If the library is empty, a story is saved first.
        """
        self._some_story(at)
        before = BEGIN + timedelta(hours=hours)
        self.library.maintenance.prune(before)
        for key, (_, published) in list(self.stories.items()):
            is_kept = any(self.marks.get((key, mark)) for mark in ("starred", "later")) or any(
                key in own for own in self.lists.values()
            )
            if published < before and not is_kept:
                del self.stories[key]
        if self.done:
            change, keys = self.done
            self.done = change, tuple(key for key in keys if key in self.stories)

    @rule()
    @always_counted
    def reopen(self) -> None:
        """Close and open the library."""
        self.library.close()
        self.library = self._opened()
        assert self.library.notices == ()

    @rule()
    @always_counted
    def repair(self) -> None:
        """Repair a sound library."""
        self.library.maintenance.repair()

    @rule()
    @always_counted
    def compact(self) -> None:
        """Compact the library."""
        self.library.maintenance.compact(lambda *_: None)

    @rule()
    @counted
    def lose_reader_db(self) -> None:
        """Delete reader.db: the marks and lists of saved stories come back; nothing else knew the marks of unsaved stories."""
        self.library.close()
        for path in (self.folder / "library").glob(f"{READER.name}*"):
            path.unlink()
        shutil.rmtree(self.folder / "library" / "backups", ignore_errors=True)
        self.library = self._opened()
        self.marks = {(key, mark): on for (key, mark), on in self.marks.items() if key in self.stories}
        self.lists = {name: keys & self.stories.keys() for name, keys in self.lists.items()}
        self.searches = {search.name: search.query for search in self.library.saved_searches.all()}
        self.mutes = {(kind, name) for kind, names in self.library.mutes.rules().items() for name in names}
        own = self.library.own_lists
        for name in self.lists.keys() - {each.name for each in own.all()}:
            assert not self.lists.pop(name), "a list with stories"
        self.library.close()
        self.library = self._opened()
        self.done = None

    @rule(text=_TEXT, returns=_ON)
    @counted
    def lose_stories_db(self, text: str, returns: bool) -> None:
        """Delete stories.db: marks and lists wait for their stories.

        If `returns`, all stories return at once, with another `text`.
        """
        self.library.close()
        for path in (self.folder / "library").glob(f"{STORIES.name}*"):
            path.unlink()
        self.library = self._opened()
        lost = sorted(self.stories)
        self.stories.clear()
        self.done = None
        for paper, guid in lost if returns else ():
            self.save([each.key for each in PAPERS].index(paper), [int(guid.removeprefix("guid "))], text, 1, True)

    @rule(mark=_MARK, at=st.integers(0, 20), on=_ON)
    @counted
    def mark_in_reader_db_alone(self, mark: MarkName, at: int, on: bool) -> None:
        """Set or remove a mark, and put stories.db back, as if the power was cut when only reader.db was written."""
        self._some_story(at)
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

TestLibraryStates = counting_case(LibraryStates, runs(15, 25))
