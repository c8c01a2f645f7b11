"""Bringing over the libraries of earlier versions, which had a folder for each portal, into the one library of all papers.

The folder of the paper that is read becomes the library by one rename. The others are copied into it in batches, each one
transaction, and the last story that is copied is noted with it: killed at any instant, the next start goes on. Only once all that
a folder holds is found in the library is the folder set aside, and kept. A folder that an older version makes anew later is brought
over in the same way: of two versions of a story, and of two marks, the later holds (transfer.py).
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from bpost_tui.atomic import locked
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, about, message
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.paths import ASIDE, LIBRARY, earlier_libraries, make_private
from bpost_tui.store import marks, papers, stories, transfer
from bpost_tui.store.files import ATTACHED, Mode, connect, transaction
from bpost_tui.store.library import Library
from bpost_tui.store.pictures import FOLDER as PICTURES
from bpost_tui.store.recovery import FAULTS, store_error
from bpost_tui.store.results import ImportedStory
from bpost_tui.store.rows import to_us
from bpost_tui.store.search import index
from bpost_tui.urls import earlier_portal_key, is_own, site_of

BATCH = 200
"""Stories that are copied in one transaction."""
_DONE = (1 << 62) - 1
"""What is noted in place of the last story where all is copied."""
_STORY = (
    "guid, link_key, link, title, author, excerpt, image, tags, published_us, modified_us, first_seen_us, full, starred, later, "
    "updated_us, withdrawn_us"
)
_MARKS = "guid, link_key, read_us, starred_us, item, fraction, later_us, opened_us, unread_us, unstarred_us, unlater_us, paper"


Tell = Callable[[int, int], object]
"""Is given how many stories are copied, and of how many."""


def bring_over(data: Path, wanted: Sequence[Paper], *, now: datetime, tell: Tell = lambda *_: None) -> Path | None:
    """Bring over what earlier versions left in a data folder; return the one that became the library, if one did.

    Args:
        data: The folder of the libraries.
        wanted: The papers that are read, the preferred one first.
        now: The time.
        tell: See `Tell`.

    Raises:
        StoreError: It couldn't be done; what is there stays as it was, and the next start tries again.
    """
    try:
        with locked(data):
            folders, became = earlier_libraries(data), None
            if folders and not (data / LIBRARY).exists():
                became = _become(data, folders, wanted)
                folders.remove(became)
            every, before = sum(map(_stories_in, folders)), 0
            for folder in folders:
                before += _Bringing(data, folder, wanted, now, partial(_told, tell, before, every)).all()
    except (*FAULTS, OSError) as error:
        raise store_error(error, data) from error
    return became


def _told(tell: Tell, before: int, every: int, done: int) -> None:
    tell(before + done, every)


def _become(data: Path, folders: Sequence[Path], wanted: Sequence[Paper]) -> Path:
    """Make a folder the library: that of the first paper that has one, else the largest."""
    read = [folder for paper in wanted for folder in folders if _paper_of(folder, wanted).key == paper.key]
    chosen = read[0] if read else max(folders, key=_stories_in)
    with Library(chosen) as library:
        library.lay_out((_paper_of(chosen, wanted),))
    chosen.rename(data / LIBRARY)
    return chosen


def _stories_in(folder: Path) -> int:
    with suppress(*FAULTS), closing(connect(folder, Mode.READ)) as db:
        return int(db.execute("SELECT count(*) FROM stories").fetchone()[0])
    return 0


# ── whose a folder is ───────────────────────────────────────────────────────


def _paper_of(folder: Path, wanted: Iterable[Paper]) -> Paper:
    """Return whose stories a folder has, by its name and by what is in it."""
    links = _links(folder)
    for paper in (*wanted, *map(paper_at, _origins(links))):
        if paper.key == folder.name and (not links or paper.key == earlier_portal_key(paper.address) or _has(links, paper)):
            return paper
        if earlier_portal_key(paper.address) == folder.name and _has(links, paper):  # as version 0.1 named it
            return paper
    return Paper(folder.name, f"https://{folder.name}")


def _has(links: Iterable[str], paper: Paper) -> bool:
    return any(is_own(link, paper.address) for link in links)


def _links(folder: Path) -> tuple[str, ...]:
    with suppress(*FAULTS), closing(connect(folder, Mode.READ)) as db:
        rows = db.execute("SELECT link FROM stories WHERE link IS NOT NULL ORDER BY id DESC LIMIT 20").fetchall()
        return tuple(row[0] for row in rows)
    return ()


def _origins(links: Iterable[str]) -> Iterator[str]:
    """Yield the addresses that a portal with such links may have: the site's, and each folder of its above the stories."""
    for link in dict.fromkeys(links):
        scheme, _, rest = link.partition("://")
        parts = rest.split("?")[0].split("/")
        yield from (f"{scheme}://{'/'.join(parts[:length])}" for length in range(1, len(parts)) if site_of(link))


# ── one folder ──────────────────────────────────────────────────────────────


class _Bringing:
    """Copies one folder into the library."""

    def __init__(self, data: Path, folder: Path, wanted: Sequence[Paper], now: datetime, tell: Callable[[int], object]) -> None:
        self._data = data
        self._folder = folder
        self._paper = _paper_of(folder, wanted)
        self._now = now
        self._tell = tell

    def all(self) -> int:
        """Copy all that isn't copied, look whether it is there, set the folder aside, and return how many stories it has."""
        with Library(self._folder) as theirs:  # which takes the steps that it lacks, and is mended where it is damaged
            theirs.lay_out((self._paper,))
        with Library(self._data / LIBRARY) as ours, closing(connect(ours.folder, Mode.WRITE)) as db:
            for name, (_, spec) in zip(("old", "old_reader"), ATTACHED, strict=True):
                db.execute(f"ATTACH ? AS {name}", (f"{(self._folder / spec.name).absolute().as_uri()}?mode=rw",))
            if self._through(db) == _DONE and not _is_complete(db, self._number(db)):
                # an older version has made it again, or has written into it since
                db.execute("DELETE FROM brought_over WHERE folder = ?", (self._folder.name,))
            while self._through(db) != _DONE:
                self._copy(db)
            if not _is_complete(db, self._number(db)):
                raise StoreError(about(str(self._folder), Reason(message("not all of it could be brought into the library"))))
            (count,) = db.execute("SELECT count(*) FROM old.stories").fetchone()
        self._move_pictures()
        aside = make_private(self._data / ASIDE)
        names = (aside / f"{self._folder.name}{'' if number == 1 else f'-{number}'}" for number in range(1, 1000))
        self._folder.rename(next(name for name in names if not name.exists()))
        return int(count)

    def _copy(self, db: sqlite3.Connection) -> None:
        """Do one transaction's work."""
        with transaction(db):
            marks.align(db)
            through = self._through(db)
            if through is None:
                papers.made(db, self._paper)
                _begin(db, self._number(db))
                self._note(db, 0)
                return
            query = "SELECT id FROM old.stories WHERE id > ? ORDER BY id LIMIT ?"
            numbers = [row[0] for row in db.execute(query, (through, BATCH))]
            if numbers:
                self._merge(db, _copy_stories(db, self._number(db), numbers))
                self._note(db, numbers[-1])
                (done,) = db.execute("SELECT count(*) FROM old.stories WHERE id <= ?", (numbers[-1],)).fetchone()
                self._tell(done)
            else:
                _finish(db, self._number(db), self._paper, self._now)
                self._note(db, _DONE)

    def _merge(self, db: sqlite3.Connection, known: Sequence[int]) -> None:
        """Merge the stories, by their numbers there, that both libraries have."""
        if known:
            with Library(self._folder) as theirs:
                exported = theirs.transfer.export(known)
            merged = [ImportedStory(stories.as_sent(each.saved), each.marks, each.revisions) for each in exported]
            transfer.merge(db, self._number(db), merged, self._now)

    def _number(self, db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT id FROM papers WHERE key = ?", (self._paper.key,)).fetchone()[0])

    def _through(self, db: sqlite3.Connection) -> int | None:
        row = db.execute("SELECT through FROM brought_over WHERE folder = ?", (self._folder.name,)).fetchone()
        return int(row[0]) if row else None

    def _note(self, db: sqlite3.Connection, through: int) -> None:
        query = """INSERT INTO brought_over (folder, through, stories, at_us) SELECT ?, ?, count(*), ? FROM old.stories WHERE true
            ON CONFLICT (folder) DO UPDATE SET through = excluded.through, stories = excluded.stories, at_us = excluded.at_us"""
        db.execute(query, (self._folder.name, through, to_us(self._now)))

    def _move_pictures(self) -> None:
        kept = self._folder / PICTURES
        if kept.is_dir():
            place = make_private(self._data / LIBRARY / PICTURES)
            for picture in list(kept.iterdir()):
                if not (place / picture.name).exists():
                    picture.rename(place / picture.name)


def _begin(db: sqlite3.Connection, paper: int) -> None:
    """Copy what stories need to be there, and see that no story gets a number that one had in the other library."""
    db.execute(
        "INSERT INTO sqlite_sequence SELECT 'stories', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'stories')"
    )
    highest = "SELECT coalesce(max(seq), 0) FROM old.sqlite_sequence WHERE name = 'stories'"
    db.execute(f"UPDATE main.sqlite_sequence SET seq = max(seq, ({highest})) WHERE name = 'stories'")
    db.execute(
        "INSERT OR IGNORE INTO shelves (slug, name, parent, portal_count, listed, paper) "
        "SELECT slug, name, parent, portal_count, listed, ? FROM old.shelves WHERE slug IS NOT NULL ORDER BY id",
        (paper,),
    )
    db.execute(f"INSERT OR IGNORE INTO reader.marks ({_MARKS}) SELECT {_MARKS} FROM old_reader.marks ORDER BY rowid")


def _copy_stories(db: sqlite3.Connection, paper: int, numbers: Sequence[int]) -> list[int]:
    """Copy some stories, by their numbers in the other library, with all that is theirs; return those that are here already."""
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS moving (theirs INTEGER PRIMARY KEY, ours INTEGER, is_new INTEGER NOT NULL DEFAULT 0)"
    )
    db.execute("DELETE FROM moving")
    db.executemany("INSERT INTO moving (theirs) VALUES (?)", [(number,) for number in numbers])
    ours = "SELECT s.id FROM main.stories AS s JOIN old.stories AS o ON s.guid = o.guid WHERE s.paper = ? AND o.id = theirs"
    db.execute(f"UPDATE moving SET ours = ({ours})", (paper,))
    db.execute("UPDATE moving SET is_new = 1 WHERE ours IS NULL")
    db.execute(
        f"INSERT INTO main.stories ({_STORY}, paper) SELECT {_STORY}, ? FROM old.stories "
        "WHERE id IN (SELECT theirs FROM moving WHERE is_new = 1) ORDER BY id",
        (paper,),
    )
    db.execute(f"UPDATE moving SET ours = ({ours}) WHERE is_new = 1", (paper,))
    db.execute("INSERT OR IGNORE INTO earlier_numbers (paper, number, story) SELECT ?, theirs, ours FROM moving", (paper,))
    new = "JOIN moving AS m ON m.is_new = 1 AND m.theirs"
    db.execute(f"INSERT INTO main.texts SELECT m.ours, t.blocks FROM old.texts AS t {new} = t.story")
    db.execute(
        f"INSERT INTO main.revisions SELECT m.ours, r.replaced_us, r.title, r.blocks FROM old.revisions AS r {new} = r.story"
    )
    db.execute(
        "INSERT INTO main.shelved SELECT c.id, s.published_us, s.id, k.place, k.read, k.starred, k.later "
        f"FROM old.shelved AS k {new} = k.story JOIN main.stories AS s ON s.id = m.ours JOIN old.shelves AS o ON o.id = k.shelf "
        "JOIN main.shelves AS c ON (c.paper, c.slug) = (s.paper, o.slug) WHERE k.place >= 0 ORDER BY k.story, k.place"
    )
    moved = db.execute("SELECT theirs, ours, is_new FROM moving ORDER BY theirs").fetchall()
    copied = [number for _, number, is_new in moved if is_new]
    marks.copy(db, copied)
    index.add(db, {number: stories.stored_story(db, number) for number in copied})
    return [number for number, _, is_new in moved if not is_new]


def _finish(db: sqlite3.Connection, paper: int, name: Paper, now: datetime) -> None:
    """Copy what isn't a story's: searches, times, what fetching has to know."""
    db.execute("INSERT OR IGNORE INTO main.notes (what, at_us, paper) SELECT what, at_us, ? FROM old.notes", (paper,))
    walks = "feed, newest_us, oldest_us, at_oldest, page, state"
    db.execute(f"INSERT OR IGNORE INTO main.walks ({walks}, paper) SELECT {walks}, ? FROM old.walks", (paper,))
    db.execute("INSERT OR IGNORE INTO main.validators SELECT * FROM old.validators")
    db.execute(
        "INSERT INTO main.contacts SELECT host, requests, last_us FROM old.contacts WHERE true ON CONFLICT (host) DO UPDATE "
        "SET requests = requests + excluded.requests, last_us = max(last_us, excluded.last_us)"
    )
    db.execute("UPDATE shelves SET name = (SELECT name FROM old.shelves WHERE id = 0) WHERE id = ? AND name = ''", (paper,))
    searches = dict(db.execute("SELECT name, query FROM reader.searches").fetchall())
    for search, query, saved_us in db.execute("SELECT name, query, saved_us FROM old_reader.searches").fetchall():
        if query not in searches.values():
            free = search if search not in searches else f"{search} ({name.name or name.key})"
            db.execute("INSERT OR REPLACE INTO reader.searches VALUES (?, ?, ?)", (free, query, saved_us))


def _is_complete(db: sqlite3.Connection, paper: int) -> bool:
    """Whether all that the other library holds is in this one."""
    here = "main.stories AS s WHERE (s.guid, s.paper) = (o.guid, :paper)"
    missing = (
        f"SELECT 1 FROM old.stories AS o WHERE NOT EXISTS (SELECT 1 FROM {here})",
        f"""SELECT 1 FROM old.texts AS t JOIN old.stories AS o ON o.id = t.story
        WHERE NOT EXISTS (SELECT 1 FROM {here} AND s.id IN (SELECT story FROM main.texts))""",
        f"""SELECT 1 FROM old.revisions AS r JOIN old.stories AS o ON o.id = r.story
        WHERE NOT EXISTS (SELECT 1 FROM {here} AND s.id IN (SELECT story FROM main.revisions))""",
        """SELECT 1 FROM old_reader.marks AS m WHERE NOT EXISTS
        (SELECT 1 FROM reader.marks AS k WHERE (k.guid, k.paper) = (m.guid, m.paper))""",
        "SELECT 1 FROM old_reader.searches WHERE query NOT IN (SELECT query FROM reader.searches)",
        """SELECT 1 FROM old.shelves WHERE slug IS NOT NULL
        AND slug NOT IN (SELECT slug FROM main.shelves WHERE paper = :paper AND slug IS NOT NULL)""",
    )
    return not any(db.execute(f"{query} LIMIT 1", {"paper": paper}).fetchone() for query in missing)
