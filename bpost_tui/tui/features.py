"""Features of the reader's screen, made in the order of their dependencies.

Each feature takes the screen context, and the methods that it needs of features made before it. `Features._connect` lists, in
order, which event of one feature calls which method of another. The features of the first frame are in `first_features`. Features
that aren't used before the first key or click are in `keyed_features`.
"""

from __future__ import annotations

from functools import partial

from bpost_tui.tui.changes.flags import Flags
from bpost_tui.tui.changes.marking import ChangeRunner, StoryMarking
from bpost_tui.tui.changes.periodic_mark_sync import PeriodicMarkSync
from bpost_tui.tui.first_features import FirstFeatures
from bpost_tui.tui.lists.back_navigation import BackNavigation
from bpost_tui.tui.lists.category_chooser import CategoryChooser
from bpost_tui.tui.lists.count_prefix import CountPrefix
from bpost_tui.tui.lists.list_navigation import ListNavigation
from bpost_tui.tui.lists.list_options import ListOptions
from bpost_tui.tui.lists.refresh_controller import RefreshController
from bpost_tui.tui.lists.search_line import SearchLine
from bpost_tui.tui.story.copy_and_open import CopyAndOpen
from bpost_tui.tui.story.find_in_story import FindInStory
from bpost_tui.tui.story.look_ahead import LookAhead
from bpost_tui.tui.story.passage_keeper import PassageKeeper
from bpost_tui.tui.story.read_aloud import ReadAloud
from bpost_tui.tui.story.reader_programs import ReaderPrograms
from bpost_tui.tui.story.selection_mode import SelectionMode
from bpost_tui.tui.story.story_pictures import StoryPictures
from bpost_tui.tui.story.tour import Tour


class Features:
    """All features (parts of the screen's behaviour) except `KeyedFeatures`, which only a key or a click needs.

    They are made after the first frame, which therefore appears 25 ms sooner.

    Args:
        first: Features of the first frame. If they have already announced events, the events are handled when all features are
            connected.
    """

    def __init__(self, first: FirstFeatures) -> None:
        self.context = context = first.context
        self.story, self.lists, self.pane_resizer, self.session_start = (
            first.story, first.lists, first.pane_resizer, first.session_start,
        )  # fmt: skip
        self.programs = ReaderPrograms(context)
        self.mark_sync = PeriodicMarkSync(context, self.programs.run_program)
        self.refresh = RefreshController(
            context, self.lists, first.age, partial(self.programs.after_refresh, self.mark_sync.sync_with_service)
        )
        self.category_chooser = CategoryChooser(context, self.lists, self.refresh.refresh_if_due)
        self.navigation = ListNavigation(context, self.lists)
        self.list_options = ListOptions(context, self.lists, first.fit)
        self.change_runner = ChangeRunner(context, self.lists)
        self.flags = Flags(context)
        self.marks = StoryMarking(context, self.change_runner.apply)
        self.back = BackNavigation(context, self.lists, self.story)
        self.search = SearchLine(context, self.lists, self.change_runner.apply, self.back.go_to)
        self.find = FindInStory(context, self.search.open_line)
        self.pictures = StoryPictures(context, first.figures, self.story)
        self.copy_and_open = CopyAndOpen(context)
        self.read_aloud = ReadAloud(
            context,
            self.find.state,
            show_highlights=self.find.show,
            open_next_unread=self.navigation.go_to_unread,
            on_end=self.marks.read_to_end,
        )
        self.passages = PassageKeeper(context, self.story, self.find.state, self.change_runner.apply)
        self.selection_mode = SelectionMode(
            context, self.story, self.find.state,
            show_highlights=self.find.show, copy=self.copy_and_open.copy_passage, keep=self.passages.keep,
        )  # fmt: skip
        self.tour = Tour(context, self.story)
        self.count_prefix = CountPrefix(context, self.category_chooser.go_to)
        self.look_ahead = LookAhead(context, self.story.plain)
        self._connect()

    def _connect(self) -> None:
        """Connect events of features to the methods that react to them. An event calls its methods in the order below."""
        context, story, lists = self.context, self.story, self.lists
        story.add_highlighters(
            self.passages.highlight, self.find.highlight, self.read_aloud.highlight, self.selection_mode.highlight
        )
        story.opened.connect(self.tour.end, self.refresh.fetch_full_text, self.read_aloud.story_opened, self.passages.opened)
        story.shown.connect(self.pictures.load_saved)
        story.entered.connect(self.marks.see_changes, lists.note_opened)
        story.ended.connect(self.marks.read_to_end)
        story.closed.connect(self.find.state.forget, self.passages.clear)
        self.back.returned_to_query.connect(self.search.show)
        self.session_start.restored_query.connect(self.search.show)
        lists.listed.connect(self.search.on_list_shown, self.refresh.show_end)
        lists.emptied.connect(self.tour.show_if_due)
        context.panes.changed.connect(self.tour.pane_changed)
        context.status.connect_story_state(has_matches=self.find.has_matches, is_selecting=self.selection_mode.is_on)
        context.status.add_footer_notes(
            self.count_prefix.notes, self.flags.notes, self.list_options.notes, self.find.notes, self.read_aloud.notes
        )
