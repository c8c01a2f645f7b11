"""The reader's screen: it owns the workers and answers what the panes say.

The library is read in threads, each kind of reading in a group of its own, so that only the newest of a kind counts; what a thread
finds comes back by `call_from_thread`. Refreshing runs on the event loop and never touches what is being read.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

from textual import events, on, work
from textual.worker import get_current_worker

from bpost_tui.errors import BPostError
from bpost_tui.news.model import Headline, SavedStory, Shelf
from bpost_tui.sync import Failed, Finished, Plan, Progress, Stored, SyncEvent
from bpost_tui.typeset.galley import Item
from bpost_tui.ui import pages
from bpost_tui.ui.actions import ACTIONS, Place, keys_of, shown
from bpost_tui.ui.clipboard import copy_locally, local_program
from bpost_tui.ui.desk import ALL_SLUG, STARRED_SLUG, Desk, Listing, shelf_of
from bpost_tui.ui.press import Press
from bpost_tui.ui.refresher import Refresher
from bpost_tui.ui.widgets.posts import Posts
from bpost_tui.ui.widgets.rows import RowList
from bpost_tui.ui.widgets.story import StoryView

from .panes import PaneScreen

_DATED_EM = 40
"""The least width, in em, that has room for the day beside the paper's name."""
_POLL_S = 2.0
_FEW = 10
"""Fewer saved stories than this in a category, and its own feed is asked for."""

Keys = dict[str, tuple[str, ...]]


class MainScreen(PaneScreen):
    """Categories, recent posts and the article, over the library."""

    def __init__(
        self, press: Press, desk: Desk, refresher: Refresher, *, measure: int, keys: Keys, open_story: int | None = None
    ) -> None:
        super().__init__(press, desk.language, Posts(press, desk.language, desk.clock, id="posts"), measure=measure)
        self._desk = desk
        self._refresher = refresher
        self._keys = keys
        self._open_story = open_story
        self._shelf = Shelf()
        self._saved: SavedStory | None = None
        self._said = ""
        self._news = False
        self._trouble: BPostError | None = None
        self._revision: object = None

    def on_mount(self) -> None:
        """Show what is saved; the portal is asked once that is on the screen."""
        self.go("posts")
        self._load(Shelf(), self._open_story)
        self.set_interval(_POLL_S, self._watch_library)

    # ── reading from the library ────────────────────────────────────────────

    @work(thread=True, group="listing", exclusive=True, exit_on_error=False)
    def _load(self, shelf: Shelf, open_story: int | None = None) -> None:
        """Read another shelf."""
        worker = get_current_worker()
        listing = self._desk.listing(shelf)
        status = self._desk.status(offline=self._refresher.offline)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, listing, status, open_story)

    def _show(self, listing: Listing, status: str, open_story: int | None) -> None:
        first = self._revision is None
        self._revision = 0
        self._shelf = listing.shelf
        self._categories.show(listing.counts)
        self._posts.show(listing.rows, notice=self._notice())
        self._said = status if first else self._said
        at = self._posts.index_of(open_story) if open_story is not None else None
        if at is not None:
            self._posts.cursor = at
        story_id = open_story if open_story is not None else listing.rows[0].id if listing.rows else None
        if story_id is None:
            self._saved = None
            self._story.show(())
        else:
            self._read(story_id)
        if open_story is not None:
            self.go("story")
        self._show_bars()
        if first:
            self.call_after_refresh(self.action_refresh)

    @work(thread=True, group="reload", exclusive=True, exit_on_error=False)
    def reload(self) -> None:
        """Read the same shelf again: something has been saved or marked."""
        worker = get_current_worker()
        listing = self._desk.listing(self._shelf, at_least=len(self._posts.rows) + 1)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._update, listing)

    def _update(self, listing: Listing) -> None:
        if listing.shelf != self._shelf:
            return
        self._categories.show(listing.counts)
        was_empty = not self._posts.rows
        self._posts.update(listing.rows)
        if self._saved is not None:
            self._read(self._saved.headline.id, keep_place=True)
        elif was_empty and listing.rows:
            self._read(listing.rows[0].id)
        self._show_bars()

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _more(self) -> None:
        """Read the next rows of the list."""
        rows = self._posts.rows
        more = self._desk.more(self._shelf, rows[-1]) if rows else ()
        if more and not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._posts.update, rows + more)

    @work(thread=True, group="story", exclusive=True, exit_on_error=False)
    def _read(self, story_id: int, *, keep_place: bool = False) -> None:
        """Read a story's text."""
        worker = get_current_worker()
        saved = self._desk.story(story_id)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_story, saved, keep_place)

    def _show_story(self, saved: SavedStory, keep_place: bool) -> None:
        keep_place = keep_place and self._saved is not None and self._saved.headline.id == saved.headline.id
        self._saved = saved
        at = self._posts.index_of(saved.headline.id)
        following = self._posts.rows[at + 1] if at is not None and at + 1 < len(self._posts.rows) else None
        items = pages.story(saved, self._language, following=following)
        if keep_place:
            self._story.update(items)
        else:
            self._story.show(items)
            if not saved.headline.full and not self._refresher.offline:
                self._complete(saved.headline.id)
        self.pane_changed()

    @work(thread=True, group="poll", exclusive=True, exit_on_error=False)
    def _watch_library(self) -> None:
        """Notice what another process saved or marked."""
        revision = self._desk.library.revision()
        if self._revision not in (0, None, revision):
            self.app.call_from_thread(self.reload)
        self._revision = revision

    # ── asking the portal ───────────────────────────────────────────────────

    def action_refresh(self) -> None:
        """Ask the portal for what is new on the front page, and in the category one is in."""
        category = self._shelf.category
        self._fetch(Plan())
        if category:
            self._fetch_category(category)

    @work(group="refresh", exclusive=True, exit_on_error=False)
    async def _fetch(self, plan: Plan) -> None:
        await self._follow(plan)

    @work(group="category", exclusive=True, exit_on_error=False)
    async def _fetch_category(self, slug: str) -> None:
        await self._follow(Plan(categories=(slug,)))

    async def _follow(self, plan: Plan) -> None:
        """Run a refresh and show its events; a failure is a sentence, never an end."""
        if self._refresher.offline:
            return
        self._trouble = None
        try:
            async for event in self._refresher.refresh(plan):
                self._tell(event)
        except BPostError as error:
            self._fail(error)

    def _tell(self, event: SyncEvent) -> None:
        text = self._language.text
        match event:
            case Progress():
                self._say(text("Asking the portal …"))
            case Stored(new, updated):
                if new or updated:
                    self.reload()
            case Failed(error=error):
                self._trouble = error or self._trouble
            case Finished(new=new):
                if self._trouble is not None:
                    self._fail(self._trouble)
                elif new:
                    self._say("● " + text("{n} new", n=new), news=True)
                else:
                    self._say(text("Nothing new"))

    @work(group="complete", exclusive=True, exit_on_error=False)
    async def _complete(self, story_id: int) -> None:
        """Fetch the whole text of the story being shown."""
        try:
            await self._refresher.complete(story_id)
        except BPostError as error:
            self._fail(error)
        else:
            self.reload()

    # ── what the panes say ──────────────────────────────────────────────────

    @on(RowList.Moved, "#posts")
    def _post_moved(self) -> None:
        row = self._posts.current
        if row is not None and (self._saved is None or row.id != self._saved.headline.id):
            self._read(row.id)

    @on(RowList.Moved, "#categories")
    def _category_moved(self, event: RowList.Moved) -> None:
        count = self._categories.counts[event.index]
        slug = count.category.slug
        self._load(shelf_of(slug))
        if slug not in (ALL_SLUG, STARRED_SLUG) and count.total < _FEW and self._refresher.is_due(slug):
            self._fetch_category(slug)

    @on(Posts.NearEnd)
    def _near_end(self) -> None:
        self._more()

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        self.go("posts" if event.sender is self._categories else "story")

    @on(StoryView.Scrolled)
    def pane_changed(self) -> None:
        """Keep the footer true; a story read to its end is read."""
        self._show_footer()
        saved = self._saved
        if self.pane == "story" and saved and not saved.headline.read and self._story.at_end:
            self._mark(saved.headline, read=True)

    def on_resize(self, event: events.Resize) -> None:
        """Fit everything to the new size."""
        self.fit()
        self._show_bars()

    # ── marks and stories ───────────────────────────────────────────────────

    def action_space(self) -> None:
        """Page through the story; at its end, the next unread one."""
        if self.pane != "story":
            self.action_forward()
        elif self._story.at_end:
            self.action_next_unread()
        else:
            self.action_page_down()

    def action_next_unread(self) -> None:
        """Go to the next unread story."""
        self._go_to(self._posts.unread(self._posts.cursor + 1, 1))

    def action_previous_unread(self) -> None:
        """Go to the previous unread story."""
        self._go_to(self._posts.unread(self._posts.cursor - 1, -1) if self._posts.cursor else None)

    def _go_to(self, index: int | None) -> None:
        if index is None:
            self._say(self._language.text("No more unread stories here"))
        else:
            self._posts.cursor = index

    def action_read(self) -> None:
        """Mark the story read, or unread again."""
        row = self._posts.current
        if row is not None:
            self._mark(row, read=not row.read)

    def action_star(self) -> None:
        """Star the story, or take the star away."""
        row = self._posts.current
        if row is not None:
            self._mark(row, starred=not row.starred)

    def _mark(self, row: Headline, *, read: bool | None = None, starred: bool | None = None) -> None:
        """Show a mark at once, save it behind."""
        marked = replace(row, read=row.read if read is None else read, starred=row.starred if starred is None else starred)
        self._posts.update([marked if other.id == row.id else other for other in self._posts.rows])
        if self._saved and self._saved.headline.id == row.id:
            self._saved = replace(self._saved, headline=marked)
        self._save_mark(row.id, read, starred)

    @work(thread=True, group="marks", exit_on_error=False)
    def _save_mark(self, story_id: int, read: bool | None, starred: bool | None) -> None:
        if read is not None:
            self._desk.mark_read([story_id], read)
        if starred is not None:
            self._desk.mark_starred([story_id], starred)
        self.app.call_from_thread(self.reload)

    def action_browser(self) -> None:
        """Open the story in the browser."""
        row = self._posts.current
        if row is None or row.link is None:
            self._say(self._language.text("This story has no address"))
        else:
            self.app.open_url(row.link)

    def action_copy_link(self) -> None:
        """Copy the story's address."""
        row = self._posts.current
        if row is None or row.link is None:
            self._say(self._language.text("This story has no address"))
        else:
            self._copy(row.link, self._language.text("The address is copied"))

    def action_copy_story(self) -> None:
        """Copy the story as clean text."""
        if self._saved is not None:
            self._copy(pages.as_text(self._saved, self._language), self._language.text("The story is copied"))

    def action_copy_selection(self) -> None:
        """Copy what the mouse has selected."""
        selected = self.get_selected_text()
        if selected:
            self._copy(selected, self._language.text("The selection is copied"))

    def _copy(self, text: str, said: str) -> None:
        self.app.copy_to_clipboard(text)
        command = local_program(os.environ)
        if command is not None:
            self.run_worker(partial(copy_locally, text, command), thread=True, group="clipboard", exit_on_error=False)
        self._say(said)

    def action_help(self) -> None:
        """Show the keys of this place."""
        from .help import HelpScreen

        place = Place.STORY if self.pane == "story" else Place.LISTS
        self.app.push_screen(HelpScreen(self._press, self._language, place, self._keys))

    # ── the bars ────────────────────────────────────────────────────────────

    def _say(self, sentence: str, *, news: bool = False) -> None:
        """Put a sentence beside the nameplate."""
        self._said, self._news = sentence, news
        self._show_bars()

    def _fail(self, error: BPostError) -> None:
        text = self._language.text
        self._trouble = error
        if self._posts.rows:
            self._say(f"{error.message} · {self._desk.status(offline=True)}")
        else:
            self._say(text("The portal can't be reached"))
            self._posts.show((), notice=self._notice())

    def _notice(self) -> tuple[Item, ...]:
        """What stands in an empty list."""
        text = self._language.text
        if self._shelf != Shelf():
            return pages.notice(text("Nothing here yet"), text("h: the categories · r: ask the portal"))
        if self._trouble is not None:
            help_line = text("S: read the sample edition, which needs no network · r: try again")
            return pages.notice(text("Nothing is saved yet, and the portal can't be reached."), self._trouble.message, help_line)
        return pages.notice(text("Nothing is saved yet; the portal is being asked."))

    def _show_bars(self) -> None:
        large = self.is_high
        now, dated = self._desk.clock(), self.size.width / self._press.typesetter.em_cells >= _DATED_EM
        self._nameplate.show(pages.nameplate(self._language, large=large))
        self._folio.show(pages.folio(self._language, now, self._said, rows=2 if large else 1, dated=dated, news=self._news))
        self._strip.show(pages.category_strip(self._categories.counts, self._language, self._categories.cursor))
        self._show_footer()

    def _show_footer(self) -> None:
        text = self._language.text
        hints = [(shown(keys_of(action, self._keys)[0]), text(action.label)) for action in ACTIONS if action.footer]
        right = f"{self._language.number(round(self._story.progress * 100))} %" if self.pane == "story" else ""
        while hints and not self._footer.fits(pages.footer(hints, right)):
            hints.pop()
        self._footer.show(pages.footer(hints, right))
