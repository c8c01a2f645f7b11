"""The features of the reader's screen, and how they hang together: this constructor is the picture of it.

Each gets what it needs, and knows no other feature but those it is given; what one has to do when something happens in another is
a method below, which says in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bpost_tui.i18n import Language
from bpost_tui.model.story import SavedStory
from bpost_tui.reading.actions import action_of
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.image_cache import ImageCache
from bpost_tui.reading.last_place import LastPlace
from bpost_tui.reading.listing import Listing, Listings
from bpost_tui.reading.preferences import Preferences
from bpost_tui.reading.saved_searches import is_followed
from bpost_tui.reading.session import Session
from bpost_tui.reading.typed_lines import TypedLines
from bpost_tui.reading.undo import UndoStack
from bpost_tui.ui.reader.aloud import Aloud
from bpost_tui.ui.reader.banner import Banner
from bpost_tui.ui.reader.beginning import Beginning
from bpost_tui.ui.reader.browser import Browser
from bpost_tui.ui.reader.choosing import Choosing
from bpost_tui.ui.reader.commands import commands
from bpost_tui.ui.reader.copying import Copying
from bpost_tui.ui.reader.counting import Counting
from bpost_tui.ui.reader.edges import Edges
from bpost_tui.ui.reader.empty_list import EmptyList
from bpost_tui.ui.reader.find import Find
from bpost_tui.ui.reader.flags import Flags
from bpost_tui.ui.reader.following import Following
from bpost_tui.ui.reader.host import Host, Push, Run
from bpost_tui.ui.reader.images import Images
from bpost_tui.ui.reader.links import Links
from bpost_tui.ui.reader.list_choices import ListChoices
from bpost_tui.ui.reader.list_rows import ListRows
from bpost_tui.ui.reader.lists import ListReader
from bpost_tui.ui.reader.look_ahead import LookAhead
from bpost_tui.ui.reader.marks import Marks, Undoing
from bpost_tui.ui.reader.overlays import Overlays
from bpost_tui.ui.reader.own_lists import OwnLists
from bpost_tui.ui.reader.pacing import PacedScreen
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.paper_changes import PaperChanges
from bpost_tui.ui.reader.papers import PaperChoices
from bpost_tui.ui.reader.passages import Passages
from bpost_tui.ui.reader.passing_on import PassingOn
from bpost_tui.ui.reader.programs import Programs
from bpost_tui.ui.reader.prompt import Prompt
from bpost_tui.ui.reader.refreshing import Refreshing
from bpost_tui.ui.reader.same_news import SameNews
from bpost_tui.ui.reader.search import INVITATION, Search
from bpost_tui.ui.reader.selecting import Selecting
from bpost_tui.ui.reader.settings import ReaderSettings
from bpost_tui.ui.reader.status import Bars, Status
from bpost_tui.ui.reader.story import StoryReader
from bpost_tui.ui.reader.story_pages import StoryPages
from bpost_tui.ui.reader.tour import Tour
from bpost_tui.ui.reader.triage import Triage
from bpost_tui.ui.reader.way_back import WayBack
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.line_input import LineInput
from bpost_tui.ui.widgets.post_list import PostList
from bpost_tui.ui.widgets.story_view import StoryView


class Widgets:
    """The widgets of the screen."""

    def __init__(self, renderer: Renderer, listings: Listings, settings: ReaderSettings) -> None:
        language = listings.language
        self.bars = Bars(renderer)
        self.line = LineInput(renderer, placeholder=language.text(INVITATION), id="line")
        self.categories = CategoryList(renderer, language, id="categories")
        self.posts = PostList(renderer, language, listings.clock, id="posts")
        self.view = StoryView(renderer, round(settings.widths.story * renderer.typesetter.em_cells), id="story")


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
        last_place: LastPlace,
        host: Host,
        run: Run,
        push: Push,
        fit: Callable[[], None],
    ) -> None:
        self._screen = screen
        # fmt: off
        language, keys, offline = listings.language, settings.keys, fetcher.offline
        posts, categories, view, bars = widgets.posts, widgets.categories, widgets.view, widgets.bars

        def asks(do: Callable[[SavedStory], None]) -> Callable[[SavedStory], None]:
            return (lambda saved: None) if settings.is_proof else do

        def leave_for_category() -> None:
            self.tour.is_due = False
            self.prompt.close()

        self.session = session = Session(UndoStack(listings))
        self.writes = writes = Writes(run, is_held=settings.is_proof)
        self.panes = panes = Panes(screen, categories, posts, view, self._pane_changed)
        typed_lines = TypedLines(preferences.folder)
        self.prompt = prompt = Prompt(
            widgets.line, typed_lines, keep=lambda kind, line: writes.start(lambda: typed_lines.keep(kind, line))
        )
        banner = Banner(
            bars.banner, language, keys,
            is_asking=settings.is_unsure, invites=lambda: self.tour.invites, answered=host.keep_mode,
        )
        self.status = Status(
            bars, categories, renderer, language, listings.clock, keys,
            bangla_date=settings.bangla_date, banner=banner, notes=lambda: notes_of(self, language),
            paper=lambda: listings.papers.title(session.shown),
            progress=lambda: view.progress if panes.current == "story" else None, is_asking=lambda: prompt.has_focus,
            place=lambda: footer_of(session, posts, panes, self.aloud), is_timeless=settings.is_proof,
        )
        say, tell_trouble = self.status.say, self.status.tell_trouble
        pages = StoryPages(posts, listings, figure=lambda image: self.images.figure(image), marks=(
            lambda page, saved: self.passages.marked(page, saved),
            lambda page, saved: self.find.marked(page, saved),
            lambda page, saved: self.aloud.marked(page, saved),
            lambda page, saved: self.selecting.marked(page, saved),
        ))
        self.story = story = StoryReader(
            session, listings, view, panes, run, writes,
            page=pages.marked,
            opened=asks(self._story_opened), changed=self._story_changed, grown=self.status.show_footer,
            leaving=lambda: self.back.remember_story(), shown=asks(lambda saved: self.images.look_for(saved)),
            entered=lambda saved: self.lists.note_opened(saved), ended=lambda saved: self.marks.read_to_end(saved),
        )
        empty = EmptyList(
            session, categories, language, keys,
            offline=offline, leaves_out_read=lambda: self.choices.leaves_out_read, trouble=lambda: self.refreshing.trouble,
        )
        self.lists = lists = ListReader(
            session, listings, categories, posts, panes, story, run, writes,
            tell_age=lambda last_visit: self.refreshing.tell_age(last_visit), left=self.status.move, empty=empty.items,
            first_story=lambda listing: self.tour.first_story(listing), no_story=self._no_story, listed=self._listed,
            remember=lambda: self.back.remember(), leave_search=prompt.close,
        )
        self.back = back = WayBack(
            session, listings, posts, panes, story, run, say,
            left=self.status.move, show_list=lists.show_list, returned=self._returned,
        )
        self.choosing = Choosing(
            categories, lists, panes, language, say,
            leaving=leave_for_category, refresh=lambda slug: self.refreshing.refresh_if_due(slug),
        )
        self.rows = ListRows(session, lists, posts, view, panes, language, say)
        self.choices = ListChoices(session, listings, lists, posts, panes, say, preferences)
        self.papers = PaperChoices(
            session, listings, categories, renderer, keys, run, say, push, preferences, go_to=self.choosing.go_to,
        )
        self.undoing = Undoing(session, language, lists, keys, writes, say)
        self.same_news = SameNews(
            session, listings, lists, posts, story, panes, renderer, keys, run, say, push, preferences,
            remember=back.remember, do=self.undoing.do,
        )
        self.flags = Flags(posts, panes, language, say)
        self.marks = Marks(
            session, listings, posts, panes, writes, say,
            do=self.undoing.do, flagged=lambda: self.flags.rows, leaves_out_read=lambda: self.choices.leaves_out_read,
        )
        own_lists = OwnLists(
            session, listings, categories, posts, panes, renderer, keys, prompt, run, say, push,
            target=lambda: self.marks.target, flagged=lambda: self.flags.rows, do=self.undoing.do,
            leave_list=lambda: self.choosing.go_to(0),
        )
        self.triage = Triage(
            session, listings, posts, renderer, keys, writes, run, say, push,
            done=partial(self.undoing.done, quietly=True), tell_done=self.undoing.tell_done,
            leaves_out_read=lambda: self.choices.leaves_out_read,
        )
        self.search = Search(
            session, lists, categories, prompt, panes, language, say,
            remember=back.remember, say_found=self.status.say_found, end_search=self.status.end_search, do=self.undoing.do,
        )
        self.following = Following(
            listings, categories, run, say,
            target=lambda: self.marks.target, find=self.search.find, do=self.undoing.do,
        )
        self.find = Find(
            session, listings, view, prompt, panes, run, say, search=self.search.begin, changed=self.status.show_footer,
        )
        self.images = Images(
            cache, session, story, renderer, language, keys, run, say,
            mode=settings.pictures, offline=offline, tell_trouble=tell_trouble,
        )
        browser = Browser(language, run, say, browse=host.browse)
        self.copying = Copying(
            session, language, keys, run, say,
            target=lambda: self.marks.target, selected=screen.get_selected_text, copy=host.copy, browse=browser.open,
        )
        self.selecting = Selecting(
            session, listings, story, panes, run, say, push,
            layouts=keys.layouts, marks=self.find.state, show_marks=self.find.show, copy=self.copying.copy_passage,
            keep=lambda first, last: self.passages.keep(first, last),
        )
        self.passages = Passages(
            session, listings, posts, story, panes, prompt, run, say,
            keys=keys, do=self.undoing.do, selected=self.selecting.by_mouse, unselect=screen.clear_selection,
            is_elsewhere=lambda: self.aloud.is_active,
        )
        self.links = Links(
            session, listings, lists, categories, story, panes, fetcher, renderer, run, say, push, keys,
            remember=back.remember, go_to_category=self.choosing.go_to,
            copy=self.copying.copy_address, browse=browser.open, tell_trouble=tell_trouble,
            on_new=lambda ids: self.programs.tell_hook(ids), on_topic=self.following.with_topic,
        )
        self.overlays = Overlays(
            session, listings, categories, view, panes, renderer, keys, run, say, push, host,
            do=self.do, go_to_category=self.choosing.go_to,
            rename_list=own_lists.ask_for_name, delete_list=own_lists.delete,
            find=self.search.find, open_story=lists.open_story,
            paper_entries=PaperChanges(
                listings, prompt, panes, run, say, portals=settings.portals,
                outcome=lambda command: self.programs.outcome(command), begin_again=host.begin_again,
            ).entries,
        )
        self.programs = Programs(
            session, listings, prompt, panes, run, say, hook=settings.new_stories, show_page=self.overlays.page,
        )
        self.aloud = Aloud(
            session, language, view, panes, keys, run, say, self.find.state,
            listen=settings.listen, speed=preferences.choices.listen_speed,
            keep_speed=lambda speed: preferences.keep(listen_speed=speed), show_marks=self.find.show,
            go_on=lambda none: self.rows.go_to_unread(1, none=none), ended=self.marks.read_to_end,
            changed=self.status.show_footer,
        )
        self.passing_on = PassingOn(
            listings, keys, renderer, prompt, panes, run, say, push,
            targets=settings.share, fonts=settings.fonts, theme=lambda: host.theme_switcher.in_use,
            target=lambda: self.marks.target, selected=lambda: screen.get_selected_text() or self.passages.current_words,
            copy_link=self.copying.copy_link, copy_story=self.copying.copy_story, browse=browser.open, show_page=self.overlays.page,
        )
        self.refreshing = Refreshing(
            session, listings, lists, posts, fetcher, keys, run, say, self.status.say_of_portal,
            tell_trouble=tell_trouble, on_new=self.programs.tell_hook, on_notable=host.tell_desktop, notify=settings.notify,
        )
        self.tour = Tour(
            screen, session, story, posts, panes, renderer, language, keys,
            is_due=settings.is_tour_due, remember=back.remember, seen=lambda: preferences.keep(toured=True),
        )
        self.edges = Edges(
            settings.widths, renderer, language, panes, (categories, posts), view, say,
            fit=fit, keep=lambda name, em: preferences.keep(width_em=(name, em)),
            usual=settings.usual_widths, forget=lambda: preferences.keep(usual_widths=True),
        )
        self.beginning = Beginning(
            session, listings, lists, posts, story, panes, last_place,
            open_story=settings.open_story, is_first=settings.is_tour_due, show_query=self.search.show,
        )
        self.counting = Counting(
            screen, self.choosing.go_to, lambda: len(posts.rows) > 1 or panes.has_motion, self.status.show_footer,
        )
        self.look_ahead = LookAhead(screen, listings, posts, view, panes, run, page=pages.plain)
        self.does = commands(self, host, own_lists)
        # fmt: on

    # ── the story ───────────────────────────────────────────────────────────

    def _story_opened(self, saved: SavedStory) -> None:
        self.tour.end()
        self.refreshing.complete(saved)
        self.aloud.story_opened(saved)
        self.passages.opened(saved)

    def _story_changed(self) -> None:
        self._pane_changed()
        self._screen.allow_paint()

    # ── the lists ───────────────────────────────────────────────────────────

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

    def _returned(self, typed: str) -> None:
        """Have in the line what was typed into the search; nothing is searched for where it is empty."""
        if typed:
            self.search.show(typed)
        else:
            self.prompt.close()
        self._listed(None)

    # ── where one is ────────────────────────────────────────────────────────

    def _pane_changed(self) -> None:
        self.tour.pane_changed()
        self.status.follow_pane()
        self.story.note_reading()
        self.lists.note_stay()

    def do(self, action_id: str, count: int | None = None) -> None:
        """Do what an action says, as often as was counted."""
        action = self.does[action_id]
        action(count) if action_of(action_id).counted else action()


def notes_of(features: Features, language: Language) -> Sequence[str]:
    """Return what stands at the right of the footer."""
    count = features.counting.value
    number = (language.number(count),) if count is not None else ()
    return (*number, *features.flags.notes(), *features.choices.notes(), *features.find.notes(), *features.aloud.notes())


def footer_of(session: Session, posts: PostList, panes: Panes, aloud: Aloud) -> str:
    """Return which of the footers is for where one is, and what is done there."""
    if not posts.rows and session.shown.is_portals:
        return "empty"
    if panes.shown == "story" and aloud.is_active:
        return aloud.place
    if panes.shown == "posts" and session.asked.typed:
        return "timeline" if is_followed(session.asked.query) else "found"
    return panes.shown
