"""The features of the reader's screen, made in the order in which they need each other.

Each takes the desk, and what it needs of features made before it. What follows in one from something that happens in another is
connected in one place, in this order. Those that only a key or a click asks for are in `keyed_features`.
"""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.reading.fetching.image_cache import ImageCache
from bpost_tui.ui.reader.changes.exchanging import Exchanging
from bpost_tui.ui.reader.changes.flags import Flags
from bpost_tui.ui.reader.changes.marks import Marks, Undoing
from bpost_tui.ui.reader.lists.beginning import Beginning
from bpost_tui.ui.reader.lists.choosing import Choosing
from bpost_tui.ui.reader.lists.counting import Counting
from bpost_tui.ui.reader.lists.list_choices import ListChoices
from bpost_tui.ui.reader.lists.list_reader import ListReader
from bpost_tui.ui.reader.lists.list_rows import ListRows
from bpost_tui.ui.reader.lists.news_age import NewsAge
from bpost_tui.ui.reader.lists.refreshing import Refreshing
from bpost_tui.ui.reader.lists.search import Search
from bpost_tui.ui.reader.lists.way_back import WayBack
from bpost_tui.ui.reader.overlays.tour import Tour
from bpost_tui.ui.reader.shared.desk import Desk
from bpost_tui.ui.reader.story.aloud import Aloud
from bpost_tui.ui.reader.story.copying import Copying
from bpost_tui.ui.reader.story.edges import Edges
from bpost_tui.ui.reader.story.figures import Figures
from bpost_tui.ui.reader.story.find import Find
from bpost_tui.ui.reader.story.images import Images
from bpost_tui.ui.reader.story.look_ahead import LookAhead
from bpost_tui.ui.reader.story.passages import Passages
from bpost_tui.ui.reader.story.programs import Programs
from bpost_tui.ui.reader.story.selecting import Selecting
from bpost_tui.ui.reader.story.story_reader import StoryReader


class Features:
    """What the reader can do.

    Args:
        cache: The pictures of stories.
        fit: Called to share the window out again.
    """

    def __init__(self, desk: Desk, cache: ImageCache, fit: Callable[[], None]) -> None:
        self.desk = desk
        figures = Figures(desk, cache)
        age = NewsAge(desk.listings, desk.status, offline=desk.fetcher.offline)
        self.story = StoryReader(desk, figures)
        self.lists = ListReader(desk, self.story, age)
        self.programs = Programs(desk)
        self.refreshing = Refreshing(desk, self.lists, age, self.programs.tell_hook)
        self.choosing = Choosing(desk, self.lists, self.refreshing.refresh_if_due)
        self.rows = ListRows(desk, self.lists)
        self.choices = ListChoices(desk, self.lists, fit)
        self.undoing = Undoing(desk, self.lists)
        self.flags = Flags(desk)
        self.marks = Marks(desk, self.undoing.do)
        self.back = WayBack(desk, self.lists, self.story)
        self.search = Search(desk, self.lists, self.undoing.do, self.back.go_to)
        self.find = Find(desk, self.search.begin)
        self.images = Images(desk, figures, self.story)
        self.copying = Copying(desk)
        self.aloud = Aloud(
            desk, self.find.state, show_marks=self.find.show, go_on=self.rows.go_to_unread, ended=self.marks.read_to_end
        )
        self.passages = Passages(desk, self.story, self.find.state, self.undoing.do)
        self.selecting = Selecting(
            desk, self.story, self.find.state,
            show_marks=self.find.show, copy=self.copying.copy_passage, keep=self.passages.keep,
        )  # fmt: skip
        self.tour = Tour(desk, self.story)
        self.edges = Edges(desk, fit)
        self.beginning = Beginning(desk, self.lists, self.story, self.search.show)
        self.counting = Counting(desk, self.choosing.go_to)
        self.look_ahead = LookAhead(desk, self.story.plain)
        self.exchanging = Exchanging(desk)
        self._connect()

    def _connect(self) -> None:
        """Connect what happens with what follows from it, in this order."""
        desk, story, lists = self.desk, self.story, self.lists
        story.mark(self.passages.marked, self.find.marked, self.aloud.marked, self.selecting.marked)
        if desk.start.asks:
            story.opened.connect(self.tour.end, self.refreshing.complete, self.aloud.story_opened, self.passages.opened)
            story.shown.connect(self.images.look_for)
        story.entered.connect(lists.note_opened)
        story.ended.connect(self.marks.read_to_end)
        story.gone.connect(self.find.state.forget, self.passages.forget)
        story.changed.connect(desk.panes.changed, desk.screen.allow_paint)
        self.back.returned_to_query.connect(self.search.show)
        lists.listed.connect(self.search.follow, self.refreshing.show_end)
        lists.emptied.connect(self.tour.show_if_due)
        desk.panes.changed.connect(self.tour.pane_changed, desk.status.follow_pane, story.note_reading, lists.note_stay)
        desk.status.ask_what_is_done(has_matches=self.find.has_marks, is_selecting=self.selecting.is_on)
        desk.status.note(self.counting.notes, self.flags.notes, self.choices.notes, self.find.notes, self.aloud.notes)
