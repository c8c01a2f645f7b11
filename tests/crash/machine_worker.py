"""Endless work of a machine, made to be killed: `python -m tests.crash.machine_worker HOME FOLDER SECONDS_AHEAD`.

The machine marks, undoes, saves and deletes searches, saves positions, changes lists and passages, mutes, and separates stories of
the same news. It syncs these changes with the other machine through its copy of the sync folder. Each change has a line before it
and a line with its result after it: `about FIELD`, `done FIELD CHANGE`. A field is a JSON list of kind, name, paper and field.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.mark_changes.field_changes import (
    IN_LIST_PREFIX,
    IS_PRESENT,
    KEPT_PASSAGE,
    MUTE_FIELDS,
    NAME,
    POSITION,
    QUERY,
    Subject,
    SubjectKind,
    separation_field,
)
from bpost_tui.mark_changes.merge_rule import is_later
from bpost_tui.mark_sync import sync_folder
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import Paper
from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.story import Headline, ListFilter
from bpost_tui.store.library import Library
from tests.crash.library_worker import report

_MARKS: tuple[MarkName, ...] = ("read", "starred", "later")
PAPER = Paper("example.org", "https://example.org")
OTHERS = (Paper("other.example", "https://other.example"), Paper("third.example", "https://third.example"))
NAMES = ("rivers", "নদী", "court")
_SPARE_LINES = 30
"""Number of spare lines in a file before it is rewritten, so small that rewrites happen as often as in months of use."""


class MachineWork:
    """Work of a machine."""

    def __init__(self, library: Library, folder: Path, ahead: timedelta) -> None:
        self.library = library
        self.peer = FolderPeer(library, folder)
        self.ahead = ahead
        self.dice = random.Random()
        self.rows = library.headlines(ListFilter(), limit=200)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def go_on(self) -> None:
        """Work without end."""
        undo: Callable[[], None] | None = None
        while True:
            what = self.dice.random()
            if what < 0.15:
                error = sync(self.peer)
                if error is not None and not error.message.startswith(self.peer.place):  # an error of the library
                    raise error
            elif what < 0.3 and undo:
                undo()
                undo = None
            else:
                works = (self.mark, self.put, self.change_list, self.position, self.search, self.passage, self.mute, self.apart)
                undo = self.dice.choices(works, (30, 15, 5, 10, 10, 10, 10, 15))[0]() or undo

    def mark(self) -> Callable[[], None]:
        """Change a mark of some stories, and return the function that undoes it."""
        rows, mark = self.dice.sample(self.rows, self.dice.choice((1, 1, 1, 8))), self.dice.choice(_MARKS)

        def put(on: bool) -> None:
            fields = [(_subject(row), mark) for row in rows]
            self.changing(fields, lambda: self.library.set_mark(mark, [row.id for row in rows], on, now=self.now()))

        on = self.dice.random() < 0.6
        put(on)
        return lambda: put(not on)

    def put(self) -> Callable[[], None]:
        """Put stories into a list or remove them, and return the function that undoes it."""
        rows, name = self.dice.sample(self.rows, self.dice.choice((1, 1, 5))), self.dice.choice(NAMES)

        def put(on: bool) -> None:
            fields = [(_subject(row), f"{IN_LIST_PREFIX}{name}") for row in rows]

            def change() -> None:
                lists = self.library.own_lists
                key = next((each.key for each in lists.all() if each.key == name), None)
                with suppress(NotFoundError):  # the other machine may have deleted it
                    lists.set_entries(key or lists.create(name, now=self.now()).key, [row.id for row in rows], on, now=self.now())

            self.changing([*fields, (Subject(SubjectKind.LIST, name), IS_PRESENT)], change)

        on = self.dice.random() < 0.6
        put(on)
        return lambda: put(not on)

    def change_list(self) -> None:
        """Rename a list, delete it, or bring it back."""
        name, lists = self.dice.choice(NAMES), self.library.own_lists

        def change() -> None:
            with suppress(NotFoundError, UsageError):
                match self.dice.randrange(3):
                    case 0:
                        lists.rename(name, f"{name} {self.dice.randrange(100)}", now=self.now())
                    case 1:
                        lists.delete(name, now=self.now())
                    case _:
                        lists.restore(name, now=self.now())

        self.changing([(Subject(SubjectKind.LIST, name), field) for field in (NAME, IS_PRESENT)], change)

    def position(self) -> None:
        row, item = self.dice.choice(self.rows), self.dice.randrange(40)
        save = self.library.reading_log.save_position
        self.changing([(_subject(row), POSITION)], lambda: save(row.id, item, 0.25, now=self.now()))

    def search(self) -> None:
        name = self.dice.choice(NAMES)

        def change() -> None:
            if self.dice.random() < 0.6:
                self.library.saved_searches.save(name, f"query {self.dice.randrange(100)}", now=self.now())
            else:
                try:
                    self.library.saved_searches.delete(name, now=self.now())
                except NotFoundError:
                    return

        self.changing([(Subject(SubjectKind.SEARCH, name), QUERY)], change)

    def passage(self) -> None:
        """Save a passage, change its note, or delete it."""
        row, passages = self.dice.choice(self.rows[:20]), self.library.passages
        found = passages.find_or_build(row.id, QuoteSelector(row.title, "", "", False), now=self.now())

        def change() -> None:
            if found.id and self.dice.random() < 0.4:
                passages.delete(found.key, now=self.now())
            else:
                passages.save(found._replace(note=f"note {self.dice.randrange(100)}"), now=self.now())

        self.changing([(Subject(SubjectKind.PASSAGE, found.key), KEPT_PASSAGE)], change)

    def mute(self) -> Callable[[], None]:
        """Mute or unmute a rule, and return the function that undoes it."""
        name, kind, on = self.dice.choice(NAMES), self.dice.choice(MUTE_FIELDS), self.dice.random() < 0.6

        def put(on: bool) -> None:
            rules = self.library.mutes
            self.changing([(Subject(SubjectKind.MUTE, name), kind)], lambda: rules.set_rule(kind, name, on=on, now=self.now()))

        put(on)
        return lambda: put(not on)

    def apart(self) -> Callable[[], None]:
        """Separate a story from others of its news or join it with all of them again, and return the function that undoes it."""
        story = self.dice.choice([row for row in self.rows if row.guid.startswith("event")])
        with_it = set(self.library.story_groups.members(story.id))
        is_together = len(with_it) > 1 and self.dice.random() < 0.7
        others = [row for row in self.rows if row.guid == story.guid and row != story and (row.id in with_it or not is_together)]
        fields, same_news = [_pair(story, other) for other in others], self.library.group_builder

        def take_apart() -> None:
            self.changing(fields, lambda: same_news.separate(story.id, now=self.now()))

        def put_together() -> None:
            numbers = [other.id for other in others]
            self.changing(fields, lambda: same_news.undo_separation(story.id, numbers, now=self.now()))

        (take_apart if is_together else put_together)()
        return put_together if is_together else take_apart

    def changing(self, fields: Sequence[tuple[Subject, str]], change: Callable[[], object]) -> None:
        """Make a change and print its lines; it must be later than any before, of either machine, whatever the clock."""
        before = self.library.changes.all_changes()
        for subject, field in fields:
            report(f"about {json.dumps([*subject, field])}")
        change()
        known = self.library.changes.all_changes()
        for subject, field in fields:
            was = before.get(subject, {}).get(field)
            if found := known.get(subject, {}).get(field):
                if found != was and not is_later(found, was):
                    report(f"ERROR {subject}, {field}: {was}, and then {found}")
                report(f"done {json.dumps([*subject, field])} {json.dumps(found)}")


def _subject(row: Headline) -> Subject:
    return Subject(SubjectKind.STORY, row.guid, row.paper)


def _pair(one: Headline, other: Headline) -> tuple[Subject, str]:
    first, second = sorted(((one.guid, one.paper), (other.guid, other.paper)))
    return Subject(SubjectKind.SEPARATION, *first), separation_field(*second)


def main(home: str, folder: str, ahead_s: str) -> int:
    sync_folder._MAX_SPARE_LINES = _SPARE_LINES
    with Library(Path(home)) as library:
        library.set_subscriptions([PAPER, *OTHERS])
        work = MachineWork(library, Path(folder), timedelta(seconds=int(ahead_s)))
        report("ready")
        work.go_on()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
