"""A year of nine papers and two machines, compared with a model: bpost shows and exports all stories as sent, with their marks.

The machines run commands as processes, with a clock that the trial moves from day to day. They sync marks through a folder that a
bad synchroniser copies; the first machine also syncs them with a phone, through a server. `Year.events` is the calendar.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from bpost_tui.mark_sync.greader_api import TAGS
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from tests.crash.file_synchroniser import Synchroniser
from tests.crash.full_disk import fill, small_disk
from tests.service.model_server import ModelServer
from tests.year.year_machine import Version, YearMachine
from tests.year.year_model import MarkKey, Model, Sent, StoryKey
from tests.year.year_papers import VERSION, Fault, NewsDesk, Post, Shape, YearPaper, edited

SHAPES = {
    "portal": Shape.WORDPRESS,
    "daily": Shape.RSS,
    "phone": Shape.RSS,
    "atom": Shape.ATOM,
    "json": Shape.JSON,
    "mover": Shape.RSS,
    "sitemap": Shape.SITEMAP,
    "summary": Shape.SUMMARY,
    "parted": Shape.ATOM,
}
"""Nine papers and their shapes. The server, and with it the phone, reads the paper `phone`."""
LISTS = ("Weekend", "নদী")
_MARKS = {"read": ("read", "unread"), "starred": ("star", "unstar"), "later": ("later", "unlater")}
_PER_PAPER = 1.5
"""Mean number of stories that a paper publishes a day."""
_DISK_MB = 256
_LEFT_BYTES = (40_000, 400_000)
_ROWS = 150
_PARTED_SHARE = 0.02
"""Largest share of pairs that may part between two checks."""
_HOUR = timedelta(hours=1)


class Size(NamedTuple):
    """Size of a machine's library at a check."""

    day: int
    machine: str
    stories: int
    bytes: dict[str, int]


@dataclass
class Year:
    """Trial of `days` days.

    Args:
        home: Folder of the machines, empty at first.
        days: Number of days; the events keep their places in the year.
        seed: Seed of the random numbers.
        own, other: This version of bpost, and the version that both machines have at first.
    """

    home: Path
    days: int
    seed: int
    own: Version
    other: Version
    differences: list[str] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    """Number of events of each name."""
    day: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.model = Model()
        self.desk = NewsDesk(self.dice)
        self.begun = datetime.now(UTC)
        self.shift_s = 0
        self.sites = ExitStack()
        self.papers: dict[str, YearPaper] = {}
        self.together: dict[str, dict[tuple[StoryKey, StoryKey], tuple[Sent, Sent]]] = {"A": {}, "B": {}}
        """Pairs of stories that were in one group at a check, as they were then, by machine."""

    # ── the calendar ────────────────────────────────────────────────────────

    @property
    def events(self) -> dict[int, list[Callable[[], object]]]:
        """Events by day. The number before an event is the part of the year that is over when it occurs."""
        places: list[tuple[float, Callable[[], object]]] = [
            (0.06, lambda: self.fault("daily", Fault.DOWN)),
            (0.09, lambda: self.fault("daily", Fault.NONE)),
            (0.11, self.other_path),
            (0.12, lambda: self.upgrade("A")),
            (0.13, lambda: self.fault("atom", Fault.PAGE)),
            (0.14, lambda: self.fault("atom", Fault.EMPTY)),
            (0.15, lambda: self.fault("atom", Fault.HALF)),
            (0.155, lambda: self.fault("atom", Fault.NONE)),
            (0.17, lambda: self.migrate("atom", guids=True)),
            (0.19, self.connect_phone),
            (0.23, lambda: self.migrate("mover", links=True)),
            (0.25, lambda: self.redirect("mover")),
            (0.26, lambda: self.follow("A", "mover")),
            (0.33, lambda: self.upgrade("B")),
            (0.35, lambda: self.follow("B", "mover")),
            (0.40, lambda: self.migrate("json", guids=True, links=True)),
            (0.45, lambda: self.remove("daily")),
            (0.50, lambda: self.announce("phone")),
            (0.52, lambda: self.follow("A", "phone")),
            (0.53, lambda: self.follow("B", "phone")),
            (0.55, lambda: self.bring_back("daily")),
            (0.56, lambda: self.shift_dates("mover", timedelta(hours=5.5))),
            (0.575, lambda: self.shift_dates("mover", -timedelta(hours=5.5))),
            (0.58, lambda: self.fault("parted", Fault.CUT)),
            (0.61, lambda: self.fault("parted", Fault.NONE)),
            (0.62, self.change_kind),
            (0.66, lambda: self.repeat_archive("json")),
            (0.70, self.split),
            (0.75, lambda: self.repeat_with_todays_date("daily")),
            (0.80, lambda: self.add_at_new_address("atom")),
            (0.81, lambda: self.follow("A", "atom")),
            (0.82, lambda: self.follow("B", "atom")),
            (0.88, lambda: self.migrate("portal", guids=True, links=True)),
            *((each / 10 + 0.03, self.kill_refresh) for each in range(10)),
            *((each / 9 + 0.04, self.fill_disk) for each in range(9)),
            *((each / 12 + 0.02, self.withdraw) for each in range(12)),
            *((each / 6 + 0.05, self.set_clock_wrong) for each in range(6)),
        ]
        found: dict[int, list[Callable[[], object]]] = {}
        for place, event in sorted(places, key=lambda each: each[0]):
            found.setdefault(1 + round(place * (self.days - 2)), []).append(event)
        return found

    def run(self, check_every: int, report: Callable[[str], object] = lambda _: None) -> list[str]:
        """Live through all days, compare the machines with the model every `check_every` days, and return the differences.

        Each difference is also passed to `report`.
        """
        with self.sites, small_disk(self.home / "A", _DISK_MB) as self.is_small_disk:
            self.begin()
            events = self.events
            for day in range(1, self.days + 1):
                self.day = day
                self.turn_clock()
                self.publish()
                for event in events.get(self.day, ()):
                    event()
                self.live()
                if self.day % check_every == 0 or self.day == self.days:
                    self.sync_marks()
                    for name in self.machines:
                        found = [f"day {self.day}, {name}: {line}" for line in self.compare(name)]
                        self.differences += found
                        report("\n".join((*found, f"day {self.day}, {name}: {len(found)} differences")))
            for machine in self.machines.values():
                self.done["commands"] += machine.commands
                self.done["kills"] += machine.kills
        return self.differences

    def begin(self) -> None:
        for name, shape in SHAPES.items():
            self.papers[name] = self.open_site(name, shape)
        self.server = ModelServer(self.papers["phone"].paper_address, labels=False, dated=True)
        self.server.page = 1000
        self.service = self.sites.enter_context(self.server.on_this_machine())
        self.machines = {name: YearMachine(name, self.home / name, self.other) for name in ("A", "B")}
        for machine in self.machines.values():
            machine.begin(self.papers)
        self.synchroniser = Synchroniser((self.machines["A"].folder, self.machines["B"].folder), self.dice)
        self.has_phone = False
        self.entries: dict[int, int] = {}
        """Number of a story of the paper `phone` on the server, by the post's number."""

    def open_site(self, name: str, shape: Shape, posts: list[Post] | None = None) -> YearPaper:
        return self.sites.enter_context(
            YearPaper(name=name, shape=shape, clock=lambda: self.now, posts=[] if posts is None else posts)
        )

    # ── time ────────────────────────────────────────────────────────────────

    @property
    def now(self) -> datetime:
        """Time by the trial's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.shift_s)

    def turn_clock(self) -> None:
        """Set all clocks to 20:00 of the day."""
        first = self.begun.replace(hour=20, minute=0, second=0)
        self.shift_s = round((first + timedelta(days=self.day) - datetime.now(UTC)).total_seconds())
        for machine in self.machines.values():
            machine.shift_s = self.shift_s
        self.server.now_s = round(self.now.timestamp())

    def set_clock_wrong(self) -> None:
        self.done["wrong clock"] += 1
        self.machines["B"].ahead = self.dice.choice((_HOUR, -_HOUR, timedelta(0)))

    # ── the papers ──────────────────────────────────────────────────────────

    def publish(self) -> None:
        """Let the papers publish and edit."""
        begin = (self.begun + timedelta(days=self.day)).replace(hour=7, minute=0, second=0)
        for paper, post in self.desk.day([*self.papers.values()], begin, _PER_PAPER):
            paper.posts.append(post)
        for paper in self.papers.values():
            if paper.posts and self.dice.random() < 0.2:
                newest = sorted(paper.listed, key=lambda post: post.at)[-5:]
                if newest:
                    post = self.dice.choice(newest)
                    paper.posts[paper.posts.index(post)] = edited(post, self.now)
        site = self.machines["A"].follows["phone"]  # the server reads the feed where the reader does
        self.server.feed = site.paper_address
        for post in site.posts:
            if post.number not in self.entries:
                self.entries[post.number] = self.server.add(site.link(post))

    def fault(self, name: str, fault: Fault) -> None:
        self.done[fault or "repaired"] += 1
        self.papers[name].fault = fault

    def other_path(self) -> None:
        """Move a feed to another path of its site, with a permanent redirect; bpost follows by itself."""
        self.done["other path"] += 1
        self.papers["daily"].path = "/news/feed.xml"

    def migrate(self, name: str, *, guids: bool = False, links: bool = False) -> None:
        """Change all guids or links of a paper, or both, as new software does."""
        self.done["migrated"] += 1
        paper = self.papers[name]
        paper.guids += guids
        paper.links += links

    def withdraw(self) -> None:
        self.done["withdrawn"] += 1
        paper = self.papers["portal"]
        if len(paper.posts) > 8:
            paper.posts.remove(self.dice.choice(paper.listed[3:8]))

    def shift_dates(self, name: str, by: timedelta) -> None:
        self.done["dates shifted"] += 1
        paper = self.papers[name]
        listed = {post.number for post in paper.listed}
        paper.posts[:] = [post if post.number not in listed else replace(post, at=post.at + by) for post in paper.posts]

    def repeat_archive(self, name: str) -> None:
        """Repeat 300 stories for a day."""
        self.done["archive repeated"] += 1
        self.papers[name].window = 300
        self.each_refreshes(name)
        self.papers[name].window = 30

    def repeat_with_todays_date(self, name: str) -> None:
        """Repeat 20 old stories with today's date, which isn't in the future by a clock that is an hour behind."""
        self.done["repeated with today's date"] += 1
        paper = self.papers[name]
        old = {post.number for post in sorted(paper.posts, key=lambda post: post.at)[:20]}
        at = self.now.replace(microsecond=0) - _HOUR
        paper.posts[:] = [
            replace(post, at=at - timedelta(seconds=post.number % 3000)) if post.number in old else post for post in paper.posts
        ]

    # ── moves ───────────────────────────────────────────────────────────────

    def move(self, name: str) -> tuple[YearPaper, YearPaper]:
        """Move a paper to another site with the same posts, guids and links; return the old site and the new site."""
        self.done["moved"] += 1
        old = self.papers[name]
        new = self.papers[name] = self.open_site(name, old.shape, old.posts)
        new.guids, new.links = old.guids, old.links
        return old, new

    def redirect(self, name: str) -> None:
        """Move a paper to another site that its old site redirects to."""
        old, new = self.move(name)
        old.moved_to = new.paper_address

    def announce(self, name: str) -> None:
        """Move a paper to another site that its feed announces."""
        old, new = self.move(name)
        old.announced = new.paper_address

    def follow(self, on: str, name: str) -> None:
        """Follow the paper `name` to its new address on the machine `on`. The address is typed only if bpost doesn't name it.

        The machines sync marks first. Otherwise the folder would have marks under both addresses, and the other machine can't use
        the marks under the new address yet.
        """
        self.sync_marks()
        machine, new = self.machines[on], self.papers[name]
        (health,) = (row for row in machine.json("portals") if row["called"] == name)
        named = health["moved_to"] == new.paper_address
        if not named and (machine.follows[name].moved_to or machine.follows[name].announced):
            self.differences.append(f"day {self.day}, {on}: {name} has moved to {new.paper_address}, not {health['moved_to']!r}")
        machine.run("portals", "move", name, *([] if named else [new.paper_address]))
        machine.follow(name, new)
        machine.follows.pop(f"{name}+", None)
        machine.addresses.pop(f"{name}+", None)
        self.done["followed"] += 1

    def add_at_new_address(self, name: str) -> None:
        """Move a paper that the reader then adds at the new address, beside the paper at the old address."""
        _, new = self.move(name)
        for machine in self.machines.values():
            machine.run("portals", "add", new.paper_address, f"{name}+")
            machine.follow(f"{name}+", new)
            self.refresh(machine)

    def change_kind(self) -> None:
        """Let a feed become a WordPress portal on the same host, and follow it."""
        self.done["kind changed"] += 1
        old = self.papers["summary"]
        new = self.papers["summary"] = self.open_site("summary", Shape.WORDPRESS, old.posts)
        for machine in self.machines.values():
            machine.run("portals", "move", "summary", new.address)
            machine.follow("summary", new)

    def split(self) -> None:
        """Split a paper into two: half of its stories go to each, and the reader follows both."""
        self.done["split"] += 1
        old = self.papers["parted"]
        old.fault = Fault.DOWN
        halves = [[post for post in old.posts if post.number % 2 == odd] for odd in (0, 1)]
        first = self.papers["parted"] = self.open_site("parted", Shape.RSS, halves[0])
        second = self.papers["other half"] = self.open_site("other half", Shape.RSS, halves[1])
        for machine in self.machines.values():
            machine.run("portals", "move", "parted", first.paper_address)
            machine.run("portals", "add", second.paper_address, "other half")
            machine.follow("parted", first)
            machine.follow("other half", second)

    def remove(self, name: str) -> None:
        self.done["removed"] += 1
        for machine in self.machines.values():
            self.refresh(machine)
            machine.run("portals", "remove", name)
            machine.follows.pop(name)

    def bring_back(self, name: str) -> None:
        self.done["brought back"] += 1
        for machine in self.machines.values():
            machine.run("portals", "add", machine.addresses[name], name)
            machine.follows[name] = self.papers[name]

    def upgrade(self, name: str) -> None:
        """Upgrade a machine and verify its library, which rebuilds groups that an earlier version made."""
        self.done["upgraded"] += 1
        machine = self.machines[name]
        machine.version = self.own
        problems = json.loads(machine.run("library", "verify", "--json", code=None).stdout)["problems"]
        self.differences += [f"day {self.day}, {name}: {line}" for line in problems if "wrong group" not in line]

    def connect_phone(self) -> None:
        """Let the first machine sync with the server."""
        self.done["phone"] += 1
        machine = self.machines["A"]
        account = f'[service]\naddress = "{self.service}"\nuser = "me"\npassword_command = ["printf", "secret"]\n'
        machine.config.write_text(machine.config.read_text(encoding="utf-8") + account, encoding="utf-8")
        self.has_phone = True
        self.refresh(machine)

    # ── accidents ───────────────────────────────────────────────────────────

    def kill_refresh(self) -> None:
        """Kill a refresh and refresh again, because the killed refresh may have saved stories of a paper that is down next."""
        machine = self.dice.choice([*self.machines.values()])
        machine.kill(self.dice, "refresh")
        self.refresh(machine)

    def fill_disk(self) -> None:
        """Let a refresh and a mark meet a full disk."""
        if not self.is_small_disk:
            return
        self.done["full disk"] += 1
        machine, ballast = self.machines["A"], self.home / "A" / "ballast"
        fill(ballast, leaving=self.dice.randrange(*_LEFT_BYTES))
        machine.run("refresh", code=None)
        ballast.unlink()
        verified = machine.run("library", "verify", code=None)
        if verified.returncode:
            self.differences.append(f"day {self.day}: after a full disk: {verified.stdout}")

    # ── the reader ──────────────────────────────────────────────────────────

    def live(self) -> None:
        """Refresh and change marks, as a reader does; the second machine is used every other day."""
        for machine in self.machines.values():
            if machine.name == "A" or self.day % 2 == 0:
                self.refresh(machine)
                self.change_marks(machine)
        if self.has_phone:
            self.change_on_phone()
        self.synchroniser.work()
        if self.day % 7 == 0:
            self.sync_marks()

    def refresh(self, machine: YearMachine) -> None:
        """Refresh a machine, and record in the model the stories and marks that it has got.

        If a paper without a fault couldn't be fetched, as when this machine is so busy that requests time out, report that as a
        difference: the stories that the model then misses have no other cause.
        """
        refreshed = json.loads(machine.run("refresh", "--json", code=None).stdout)
        failed = {machine.paper_of(error["paper"]): error["reason"] for error in refreshed["errors"]}
        for name, site in machine.follows.items():
            is_up = not site.fault.value.startswith(("503", "a ", "half")) and not site.moved_to
            is_known = site.shape != Shape.SITEMAP or machine.version is self.own  # earlier versions have no such kind
            if is_up and is_known and not name.endswith("+"):
                if name in failed and site.listed and not site.fault:
                    self.differences.append(f"day {self.day}, {machine.name}: {name} couldn't be fetched: {failed[name]}")
                self.record_sent(machine.name, name, site)
        if machine.name == "A" and self.has_phone:
            self.model.learn("A", "phone")
            self.model.learn("phone", "A", lambda key: key[0][0] == "phone" and key[1] in TAGS)

    def each_refreshes(self, name: str) -> None:
        for machine in self.machines.values():
            if name in machine.follows:
                self.refresh(machine)

    def record_sent(self, side: str, name: str, site: YearPaper) -> None:
        sent = self.model.sides[side].sent
        for post in site.listed if site.shape != Shape.WORDPRESS else site.posts:
            sent[name, post.number] = Sent(post.title, "" if site.shape == Shape.SITEMAP else post.version, post.at)

    def sync_marks(self) -> None:
        """Let the synchroniser deliver all files between two refreshes, so that each machine learns of the other's changes."""
        one, two = self.machines.values()
        for machine in (one, two):
            self.refresh(machine)
        self.synchroniser.catch_up()
        for machine in (one, two):
            self.refresh(machine)
        for side, of in (("A", "B"), ("B", "A")):
            self.model.learn(side, of, lambda key, side=side: self.can_learn(side, key))  # type: ignore[misc]
        self.refresh(one)  # the server gets what came by the folder
        self.synchroniser.catch_up()

    def can_learn(self, side: str, key: MarkKey) -> bool:
        """Whether a machine can use the other's change of a mark: not if only the other has followed the paper to a new address."""
        (paper, _), _ = key
        here, there = (self.machines[each].addresses.get(paper) for each in (side, "B" if side == "A" else "A"))
        return here == there or here == self.papers[paper].paper_address

    def change_marks(self, machine: YearMachine) -> None:
        """Change marks and lists of recent stories and of an old one; keep a passage now and then."""
        rows = {story: row for row in self.rows(machine) if (story := machine.story_of(row))}
        for _ in range(2):
            mark = self.dice.choice((*_MARKS, *(f"list {name}" for name in LISTS)))
            is_on = self.dice.random() < 0.75
            wanted = [story for story in rows if self.may_change(machine, story, mark)]
            chosen = self.dice.sample(wanted, min(len(wanted), self.dice.choice((1, 2, 5))))
            if chosen:
                self.change(machine, mark, is_on, {story: rows[story] for story in chosen})
        if self.dice.random() < 0.1 and rows:
            self.keep_passage(machine, rows[self.dice.choice([*rows])])

    def rows(self, machine: YearMachine) -> list[dict[str, Any]]:
        """Return recent stories, and an old one that a search finds."""
        rows = machine.json("list", "-n", str(_ROWS))
        sent = [*self.model.sides[machine.name].sent]
        paper, number = self.dice.choice(sent) if sent else ("", 0)
        if paper in machine.follows:
            rows += json_rows(machine.run("search", f"qz{number:05}", "--json", code=None).stdout)
        return list(rows)

    def may_change(self, machine: YearMachine, story: StoryKey, mark: str) -> bool:
        is_known = story in self.model.sides[machine.name].sent
        return is_known and story[0] in machine.follows and self.model.may_change(machine.name, (story, mark))

    def change(self, machine: YearMachine, mark: str, is_on: bool, rows: dict[StoryKey, dict[str, Any]]) -> None:
        numbers = [str(row["id"]) for row in rows.values()]
        command = ["lists", "put" if is_on else "take", mark[5:]] if mark.startswith("list ") else ["mark", _MARKS[mark][not is_on]]
        if mark.startswith("list ") and not is_on and not self.model.sides[machine.name].marked(mark):
            return  # the list may not exist yet
        if self.dice.random() < 0.02:
            self.done["marks killed"] += 1
            machine.kill(self.dice, *command, *numbers)
        machine.run(*command, *numbers)
        for story in rows:
            self.model.change(machine.name, (story, mark), is_on)

    def keep_passage(self, machine: YearMachine, row: dict[str, Any]) -> None:
        """Keep the words that only this version of the story has, with a note."""
        found = VERSION.search(machine.run("show", str(row["id"])).stdout)
        if found is None:
            return
        exact, note = found[0], f"note {self.dice.randrange(100)}"
        at = machine.now.isoformat()
        passage = {
            "selector": {"type": "TextQuoteSelector", "exact": exact, "prefix": "", "suffix": ""},
            **{name: row[name] for name in ("guid", "paper", "paper_name", "title", "link", "published")},
            "repeated": False,
            "note": note,
            "kept": at,
            "changed": at,
        }
        file = machine.home / "passage.json"
        file.write_text(json.dumps({"format": "bpost-library", "version": 1, "passages": [passage]}), encoding="utf-8")
        if exact not in self.model.sides[machine.name].passages:
            machine.run("import", str(file))
            self.model.keep_passage(machine.name, exact, note)

    def change_on_phone(self) -> None:
        post = self.dice.choice(self.papers["phone"].posts)
        mark = self.dice.choice(("read", "starred"))
        key = (("phone", post.number), mark)
        if not self.model.may_change("phone", key):
            return
        self.server.now_s = round(self.now.timestamp()) + 1
        is_on = self.dice.random() < 0.75
        if self.server.tag(self.entries[post.number], TAGS[mark], is_on):
            self.model.change("phone", key, is_on)
            self.done["changes on the phone"] += 1

    # ── comparison ──────────────────────────────────────────────────────────

    def compare(self, name: str) -> Iterator[str]:
        """Yield the differences between a machine and the model."""
        machine, side = self.machines[name], self.model.sides[name]
        verified = machine.run("library", "verify", "--json", code=None)
        if verified.returncode:
            yield f"verify: {verified.stdout}{verified.stderr}"
        exported = machine.run("export").stdout
        yield from self.compare_export(machine, exported)
        followed = {story for story in side.sent if story[0] in machine.follows}
        wanted: dict[tuple[str, ...], set[StoryKey]] = {
            ("list",): followed,
            ("list", "--unread"): followed - side.marked("read"),
            ("list", "--starred"): side.marked("starred"),
            ("list", "--later"): side.marked("later"),
            ("search", "is:starred"): side.marked("starred"),
            **{("list", "-l", own): side.marked(f"list {own}") for own in LISTS if side.marked(f"list {own}")},
        }
        for story in self.dice.sample([*followed], min(5, len(followed))):
            wanted["search", f"qz{story[1]:05}"] = {each for each in followed if each[1] == story[1]}
        for command, stories in wanted.items():
            ended = machine.run(*command, "-n", "0", "--json", code=None)
            rows = json_rows(ended.stdout)
            yield from self.unequal(" ".join(command), Counter(map(machine.story_of, rows)), stories)
        unread = int(machine.run("unread", "--count").stdout)
        if not any(paper.endswith("+") for paper in machine.follows) and unread != len(followed - side.marked("read")):
            yield f"unread --count: {unread}, not {len(followed - side.marked('read'))}"
        if machine.version is self.own:
            yield from self.compare_groups(machine)
        self.sizes.append(Size(self.day, name, len(side.sent), machine.sizes()))

    def compare_export(self, machine: YearMachine, exported: str) -> Iterator[str]:
        document, side = json.loads(exported), self.model.sides[machine.name]
        stories = {machine.story_of(row): row for row in document["stories"]}
        marked = {mark: side.marked(mark) for mark in (*_MARKS, *(f"list {own}" for own in LISTS))}
        yield from self.unequal("export", Counter(map(machine.story_of, document["stories"])), {*side.sent})
        for story, sent in side.sent.items():
            if (row := stories.get(story)) is None:
                continue
            if row["title"] != sent.title:
                yield f"{story}: its title is {row['title']!r}, not {sent.title!r}"
            if sent.version and VERSION.findall(row["text"]) != [sent.version]:
                yield f"{story}: its text is of version {VERSION.findall(row['text'])}, not {sent.version}"
            if datetime.fromisoformat(row["published"]) != sent.at:
                yield f"{story}: its date is {row['published']}, not {sent.at}"
            marks = {mark: value["on"] for mark, value in row["marks"].items() if mark in _MARKS}
            marks |= {f"list {own}": value["on"] for own, value in _lists(document, row).items()}
            for mark, having in marked.items():
                if marks.get(mark, False) != (story in having):
                    yield f"{story}: {mark} is {marks.get(mark, False)}"
        passages = {each["selector"]["exact"]: each["note"] for each in document["passages"]}
        known = {exact: note for exact, (_, note) in side.passages.items()}
        if passages != known:
            yield f"passages: {dict(passages.items() ^ known.items())}"

    def unequal(self, what: str, found: Counter[StoryKey | None], wanted: set[StoryKey]) -> Iterator[str]:
        found = Counter({story: count for story, count in found.items() if story is None or not story[0].endswith("+")})
        missing, more = wanted - found.keys(), found.keys() - wanted
        if missing:
            yield f"{what}: {len(missing)} missing: {sorted(missing)[:5]}"
        if more:
            yield f"{what}: {len(more)} too many: {sorted(map(str, more))[:5]}"
        if twice := [story for story, count in found.items() if count > 1]:
            yield f"{what}: {len(twice)} more than once: {twice[:5]}"

    def compare_groups(self, machine: YearMachine) -> Iterator[str]:
        """Yield a line if many pairs of stories are no longer in one group, though neither story has changed.

        A few may part: a score depends on how rare the words are in the library, and a paper that moves sends its stories again.
        """
        copy, sent = self.home / "copy", self.model.sides[machine.name].sent
        shutil.copytree(machine.library, copy)
        pairs = set[tuple[StoryKey, StoryKey]]()
        with Library(copy) as library:
            stories = {row.id: machine.story_of(row._asdict()) for row in library.headlines(ListFilter(), limit=1_000_000)}
            for number in stories:
                members = {story for each in library.story_groups.members(number) if (story := stories.get(each)) in sent and story}
                pairs.update(combinations(sorted(members), 2))
        shutil.rmtree(copy)
        known = self.together[machine.name]
        parted = [
            pair
            for pair, before in known.items()
            if pair not in pairs and before == tuple(map(sent.get, pair)) and all(paper in machine.follows for paper, _ in pair)
        ]
        self.done[f"pairs parted, {machine.name}"] += len(parted)
        if len(parted) > 2 + _PARTED_SHARE * len(known):
            yield f"groups: {len(parted)} of {len(known)} pairs parted: {sorted(parted)[:5]}"
        for pair in parted:
            del known[pair]
        known |= {(one, two): (sent[one], sent[two]) for one, two in pairs}
        self.done[f"pairs in groups, {machine.name}"] = len(pairs)


def json_rows(printed: str) -> list[dict[str, Any]]:
    """Return the rows that a command printed as JSON; none if it found nothing."""
    return list(json.loads(printed)) if printed.strip() else []


def _lists(document: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    names = {each["key"]: each["name"] for each in document["lists"]}
    return {names.get(key, key): value for key, value in row["marks"].get("lists", {}).items()}
