"""The features of the reader's screen, and how they hang together: this constructor is the picture of it.

Each gets what it needs, and knows no other feature but those it is given; what one has to do when something happens in another is
a method below, which says in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from bpost_tui.model.story import SavedStory
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.image_cache import ImageCache
from bpost_tui.reading.listing import Listing, Listings
from bpost_tui.reading.preferences import Preferences
from bpost_tui.reading.session import Session
from bpost_tui.reading.undo import UndoStack
from bpost_tui.reading.wording import error_line
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.commands import commands
from bpost_tui.ui.reader.copying import Copying
from bpost_tui.ui.reader.counting import Counting
from bpost_tui.ui.reader.edges import Edges
from bpost_tui.ui.reader.find import Find
from bpost_tui.ui.reader.host import Host, Push, Run
from bpost_tui.ui.reader.images import Images
from bpost_tui.ui.reader.links import Links
from bpost_tui.ui.reader.list_choices import ListChoices
from bpost_tui.ui.reader.list_rows import ListRows
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.look_ahead import LookAhead
from bpost_tui.ui.reader.marks import Marks, Undoing
from bpost_tui.ui.reader.overlays import Overlays
from bpost_tui.ui.reader.pacing import PacedScreen
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.programs import Programs
from bpost_tui.ui.reader.prompt import Prompt
from bpost_tui.ui.reader.refreshing import Refreshing
from bpost_tui.ui.reader.search import INVITATION, Search
from bpost_tui.ui.reader.settings import ReaderSettings
from bpost_tui.ui.reader.status import Bars, Status
from bpost_tui.ui.reader.story import StoryReader
from bpost_tui.ui.reader.tour import Tour
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.line_input import LineInput
from bpost_tui.ui.widgets.post_list import PostList
from bpost_tui.ui.widgets.story_view import StoryView
from bpost_tui.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from bpost_tui.ui.dialogs.palette import Entry

_FEW = 10
"""Fewer saved stories than this in a category, and its own feed is asked for."""


class Widgets:
    """The widgets of the screen."""

    def __init__(self, renderer: Renderer, listings: Listings, settings: ReaderSettings) -> None:
        language = listings.language
        self.bars = Bars(renderer)
        self.line = LineInput(renderer, placeholder=language.text(INVITATION), id="line")
        self.categories = CategoryList(renderer, language, id="categories")
        self.posts = PostList(renderer, language, listings.clock, id="posts")
        self.view = StoryView(renderer, round(settings.widths.story * renderer.typesetter.em_cells), id="story")
        self.toast = Toast(renderer, id="toast")


class Features:
    """What the reader can do."""

    def __init__(
        self,
        screen: PacedScreen,
        widgets: Widgets,
        renderer: Renderer,
        listings: Listings,
        fetcher: Fetcher,
        cache: ImageCache,
        settings: ReaderSettings,
        preferences: Preferences,
        host: Host,
        run: Run,
        push: Push,
        fit: Callable[[], None],
    ) -> None:
        self._screen, self._host, self._listings, self._fetcher, self._keys = screen, host, listings, fetcher, settings.keys
        self._posts, self._categories = widgets.posts, widgets.categories
        # fmt: off
        language, keys, offline = listings.language, settings.keys, fetcher.offline
        posts, categories, view, bars = widgets.posts, widgets.categories, widgets.view, widgets.bars

        self.session = session = Session(UndoStack(listings))
        self.writes = writes = Writes(run)
        self.panes = panes = Panes(screen, categories, posts, view, self._pane_changed)
        self.prompt = prompt = Prompt(widgets.line)
        self.status = Status(
            bars, categories, renderer, language, listings.clock, keys,
            bangla_date=settings.bangla_date, is_unsure=settings.is_unsure,
            progress=self._progress, is_asking=lambda: prompt.has_focus, notes=self._notes,
        )
        say, tell_trouble = self.status.say, self.status.tell_trouble
        self.story = story = StoryReader(
            session, listings, view, panes, run, writes,
            page=self._page, leaving=self._story_leaving, opened=self._story_opened, shown=self._story_shown,
            entered=self._story_entered, ended=self._story_ended, changed=self._story_changed,
        )
        self.lists = lists = ListReader(
            session, listings, categories, posts, panes, story, run, writes, say,
            offline=offline, empty=self._empty, first_story=self._first_story, no_story=self._no_story,
            listed=self._listed, line=self._show_line,
        )
        self.rows = ListRows(session, lists, posts, view, panes, language, say)
        self.choices = ListChoices(session, listings, lists, posts, panes, say, keep=lambda on: preferences.keep(unread_only=on))
        self.undoing = Undoing(session, language, lists, panes, widgets.toast, keys, writes, say)
        self.marks = Marks(
            session, listings, posts, panes, writes, say,
            do=self.undoing.do, done=self.undoing.done, leaves_out_read=lambda: self.choices.leaves_out_read,
        )
        self.search = Search(
            session, lists, categories, prompt, panes, language, say,
            say_found=self.status.say_found, end_search=self.status.end_search, do=self.undoing.do,
        )
        self.find = Find(
            session, listings, view, prompt, panes, run, say, search=self.search.begin, changed=self.status.show_footer,
        )
        self.images = Images(
            cache, session, story, renderer, language, keys, run, say,
            mode=settings.pictures, offline=offline, tell_trouble=tell_trouble,
        )
        self.copying = Copying(
            session, language, keys, run, say,
            target=lambda: self.marks.target, selected=screen.get_selected_text, copy=host.copy, browse=host.browse,
        )
        self.links = Links(
            session, listings, lists, categories, story, panes, fetcher, renderer, run, say, push,
            layouts=keys.layouts, status=lambda: self.status.text, go_to_category=self.go_to_category,
            copy=self.copying.copy_address, browse=host.browse, tell_trouble=tell_trouble,
        )
        self.overlays = Overlays(
            session, listings, view, panes, renderer, keys, run, say, push, entries=self._entries, look_up=self._look_up,
        )
        self.programs = Programs(
            session, listings, view, prompt, panes, run, say,
            listen=settings.listen, hook=settings.new_stories, marks=self.find.state, show_marks=self.find.show,
            show_page=self.overlays.page,
        )
        self.refreshing = Refreshing(
            session, listings, lists, posts, fetcher, keys, run, self.status.say_of_portal,
            tell_trouble=tell_trouble, on_new=self.programs.tell_hook, on_notable=host.tell_desktop, notify=settings.notify,
        )
        self.tour = Tour(
            screen, session, story, posts, panes, renderer, language, keys,
            is_due=settings.is_tour_due, remember=lists.remember, seen=lambda: preferences.keep(toured=True),
        )
        self.edges = Edges(
            settings.widths, renderer, language, panes, (categories, posts), view, say,
            fit=fit, keep=lambda name, em: preferences.keep(width_em=(name, em)),
        )
        self.counting = Counting(screen, self.go_to_category, self.status.show_footer)
        self.look_ahead = LookAhead(screen, listings, posts, view, panes, run, page=self._plain_page)
        self.does = commands(self, host)
        # fmt: on

    # ── the story, from its page to its end ─────────────────────────────────

    def _plain_page(self, saved: SavedStory) -> tuple[Item, ...]:
        """Set a story in which nothing is marked."""
        return templates.story(saved, self._listings.language, following=self.lists.after(saved), figure=self.images.figure)

    def _page(self, saved: SavedStory) -> tuple[Item, ...]:
        return self.find.marked(self._plain_page(saved), saved.headline.id)

    def _story_leaving(self) -> None:
        self.lists.remember_story()

    def _story_opened(self, saved: SavedStory) -> None:
        self.tour.end()
        self.refreshing.complete(saved)

    def _story_shown(self, saved: SavedStory) -> None:
        self.images.look_for(saved)

    def _story_changed(self) -> None:
        self._pane_changed()
        self._screen.allow_paint()

    def _story_entered(self, saved: SavedStory) -> None:
        self.lists.note_opened(saved)

    def _story_ended(self, saved: SavedStory) -> None:
        self.marks.read_to_end(saved)

    # ── the lists ───────────────────────────────────────────────────────────

    def go_to_category(self, at: int) -> None:
        """Go to a category by its number, from 0, or say that there is none."""
        if at >= self._categories.row_count():
            self.status.say(self._listings.language.text("There is no category {n}", n=at + 1))
            return
        if at != self._categories.cursor:
            self._categories.select(self._categories.counts[at].category.slug)
            self.choose_category(at)
        self.panes.go("posts")

    def choose_category(self, at: int) -> None:
        """Show what a row of the categories lists; where little of it is saved, ask for its own feed."""
        count = self._categories.counts[at]
        self.tour.is_due = False
        self.prompt.close()
        self.lists.choose(count.category.slug)
        if count.total < _FEW:
            self.refreshing.refresh_if_due(count.category.slug)

    def _first_story(self, listing: Listing) -> int | None:
        """Return the story of a list that is shown by itself; none while the tour stands in its place."""
        is_tour = self.tour.is_due and not listing.source.query
        return None if is_tour or not listing.rows else listing.rows[0].id

    def _no_story(self) -> None:
        self.story.show_none()
        self._screen.allow_paint()
        self.tour.show_if_due()

    def _listed(self, listing: Listing | None) -> None:
        if listing is not None and listing.source.query:
            self.search.tell_found(listing)
        else:
            if listing is not None:
                self.status.end_search()
            self.status.show()
        self.refreshing.show_end()

    def _show_line(self, query: str) -> None:
        """Have what is searched for in the line; nothing is searched for where it is empty."""
        if query:
            self.search.show(query)
        else:
            self.prompt.close()

    def _empty(self) -> tuple[Item, ...]:
        """Set what stands in an empty list."""
        language, source, trouble = self._listings.language, self.session.shown, self.refreshing.trouble
        total = next((count.total for count in self._categories.counts if count.category.slug == source.slug), 0)
        return templates.empty(
            language,
            is_search=bool(source.query),
            is_all_news=not source.slug,
            unread_key=self._keys.shown("unread_only") if total and self.choices.leaves_out_read else "",
            trouble=error_line(trouble, language) if trouble is not None else "",
            offline=self._fetcher.offline,
        )

    # ── what is said ────────────────────────────────────────────────────────

    def _progress(self) -> float | None:
        return self.story.view.progress if self.panes.current == "story" else None

    def _notes(self) -> Sequence[str]:
        """Return what stands at the right of the footer."""
        count = self.counting.value
        number = (self._listings.language.number(count),) if count is not None else ()
        return (*number, *self.choices.notes(), *self.find.notes())

    # ── where one is ────────────────────────────────────────────────────────

    def _pane_changed(self) -> None:
        self.tour.pane_changed()
        self.status.show_footer()
        self.story.note_reading()
        self.lists.note_stay()

    # ── the palette ─────────────────────────────────────────────────────────

    def _entries(self) -> Iterator[Entry]:
        from bpost_tui.ui.dialogs import palette

        language = self._listings.language
        yield from palette.action_entries(language, self._keys, self.do)
        yield from palette.category_entries(language, self._categories.counts, self.go_to_category)
        yield from palette.theme_entries(language, self._host.theme_labels(), self._host.choose_theme)

    def _look_up(self, typed: str) -> Sequence[Entry]:
        from bpost_tui.ui.dialogs.palette import library_entries

        return library_entries(self._listings, typed, self.search.find, self.lists.open_story)

    def do(self, action_id: str, count: int | None = None) -> None:
        """Do what an action says, as often as was counted."""
        action = self.does[action_id]
        action(count) if action_of(action_id).counted else action()
