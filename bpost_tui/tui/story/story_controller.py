"""Story controller: reads a story in a thread, shows it at the saved position, and notices when the reader reaches its end.

The obvious way shows a story, then handles the next key. But a story comes from a thread, and a long story is typeset in
a second thread. When the key that selects words follows the key that opens the story within milliseconds, there is no page to
select from. Waiting in the key handler would block all keys. So opening is a worker of the group "story"; a newer story cancels the
older worker. Features that need the page await `wait_until_shown`, which goes on from a cancelled worker to the newer one.
`Session.requested_story` holds the key of the wanted story: any other story that arrives is dropped. A story that is read again
with its list keeps its place on the screen.

A story counts as read when its end comes into sight for the first time. At the end, the reader may mark it unread again, and it
stays unread. An end that comes into sight without scrolling, as when pictures are hidden, doesn't count. Neither does the end of a
story reopened at the start, until a key is pressed.

Over a slow line to the terminal, most of a frame's bytes are the story beside the list. If the cursor moves while these bytes are
sent, the reader waits for the rest of them. So on a slow line, a story is read from the library only when the cursor has rested on
it, or when the reader presses a key that acts on the story, such as the key that lists its links.
"""

from __future__ import annotations

from asyncio import Event as Signal
from asyncio import gather, shield, timeout, to_thread
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual.worker import Worker

from bpost_tui.core import templates
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Reason
from bpost_tui.model.blocks import Image, plain_text
from bpost_tui.model.story import RowKey, SavedStory, story_of
from bpost_tui.tui.event import Event
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item
from bpost_tui.typesetting.typeset.protocols import Typesetter

_REST_S = 0.3
"""Time in seconds that the cursor must rest before a story is shown over a slow line to the terminal."""

StoryPage = tuple[Item, ...]
PageHighlighter = Callable[[StoryPage, SavedStory], StoryPage]
"""Function that highlights words on a story's page, such as search matches, and returns the changed page."""


class StoryController:
    """Shows stories of the library.

    Args:
        figure: Makes the item (part of a page) for a picture.
        add_all_highlighters: Makes the features that highlight words, if they don't exist yet. They call `add_highlighters`.
    """

    def __init__(self, context: ScreenContext, figure: Callable[[Image], Item], add_all_highlighters: Callable[[], object]) -> None:
        self._context = context
        self._figure = figure
        self._add_all_highlighters = add_all_highlighters
        self._highlighters: list[PageHighlighter] = []
        self._missing_letters_cache: tuple[SavedStory, Typesetter, str] | None = None
        self.opened: Event[SavedStory] = Event()
        """Announces a story when it has just been opened."""
        self.shown: Event[SavedStory] = Event()
        """Announces the story on the screen after it was opened, or was read from the library again and had changed."""
        self.entered: Event[SavedStory] = Event()
        """Announces that the reader has gone into the story's pane."""
        self.ended: Event[SavedStory] = Event()
        """Announces a story when its end comes into sight for the first time."""
        self.closed: Event[()] = Event()
        """Announces that the screen no longer shows a story."""
        self.changed: Event[()] = Event()
        """Announces that a story was shown or shown again; announced last, after `opened` and `shown`."""
        self._reading: Worker[object] | None = None
        self._reported_missing: RowKey | None = None
        """Key of the list row whose story couldn't be shown because it is no longer saved.

        A reload of the list doesn't show that error again.
        """
        self._is_needed = Signal()
        self._has_scrolled = False
        self._resume_item = 0
        """Index of the first item (paragraph, heading, picture …) to show when the story is opened the next time.

        It is 0 if the page's end was in sight. It is recorded while the page is mounted, since an unmounted page can't report this.
        """
        self._has_entered = False
        self._has_ended = False
        self.is_reopened = False
        """Whether the session's start has opened the story, and the reader hasn't used a key or the mouse since."""
        self._end_came_at: int | None = None
        """Line at the top of the window when the end came into sight without scrolling, as when pictures are hidden; else None."""

    # ── the page ────────────────────────────────────────────────────────────

    def add_highlighters(self, *highlighters: PageHighlighter) -> None:
        """Add functions that highlight words on every page. Each gets the page that its predecessor has returned."""
        self._highlighters += highlighters

    def plain(self, saved: SavedStory) -> StoryPage:
        """Return the page of the story `saved` without highlighted words."""
        posts, papers = self._context.posts, self._context.papers
        rows, at = posts.rows, posts.slice.index_of(saved.key)
        following = story_of(rows[at + 1]) if at is not None and at + 1 < len(rows) else None
        paper_name = papers.name_unless_only if self._is_low else papers.name
        paper = paper_name(saved.headline.paper)
        return templates.story(
            saved,
            self._context.language,
            paper=paper,
            following=following,
            rest=self._context.session.missing_text_reasons.get(saved.headline.id, ""),
            figure=self._figure,
            indents=self._context.settings.paragraphs == "indent",
            missing_letters=self._missing_letters(saved),
            is_low=self._is_low,
            begins_with_text=self._context.screen.has_class("-few-lines"),
            papers=papers.names(),
        )

    @property
    def _is_low(self) -> bool:
        """Whether the window is too low for large headlines."""
        return not self._context.screen.has_class("-high")

    def _missing_letters(self, saved: SavedStory) -> str:
        """Return the letters of the story `saved` that no font has. The result for the last story is cached."""
        typesetter = self._context.renderer.typesetter
        known = self._missing_letters_cache
        if known is None or known[0] is not saved or known[1] is not typesetter:
            known = self._missing_letters_cache = (
                saved,
                typesetter,
                typesetter.missing_letters(saved.headline.title + plain_text(saved.blocks)),
            )
        return known[2]

    def _page(self, saved: SavedStory) -> StoryPage:
        page = self.plain(saved)
        if saved.version_read is not None:
            from bpost_tui.core.story.new_passages import with_new_passages  # 2 ms, only for changed stories

            page = with_new_passages(page, saved)
        if saved.passages or self._context.session.terms:  # highlighted in the first frame already
            self._add_all_highlighters()
        for highlight in self._highlighters:
            page = highlight(page, saved)
        return page

    # ── showing ─────────────────────────────────────────────────────────────

    def open(self, key: RowKey, *, again: bool = False) -> None:
        """Read the story of the row `key` in a thread, and show it at its saved position.

        If another story is requested in the meantime, this story is dropped. With `again`, the story has changed in the library: if
        it is on the screen, the reader's position in it stays.
        """
        self._context.session.requested_story = key
        self._is_needed = Signal()
        self._reading = self._context.run_worker(partial(self._show_read, key, again), group="story", exclusive=True)

    async def _show_read(self, key: RowKey, again: bool) -> None:
        await self._context.paint_list_first()
        if self._context.screen.is_line_slow and not self._context.session.is_story(key):
            await self._wait_for_rest()
        try:
            saved, item = await to_thread(self._context.listings.story_and_item, key)
        except NotFoundError as error:
            if again and key == self._reported_missing:
                return
            self._reported_missing = key
            if isinstance(key, str):  # the passage isn't saved
                raise
            raise NotFoundError(Reason("the story is no longer saved")) from error
        saved = saved._replace(headline=self._context.pending_marks.apply_to_story(saved.headline))
        if key == self._context.session.requested_story:
            await self._context.view.prepare_page(self._page(saved))
        if key == self._context.session.requested_story:
            if again and self._context.session.is_story(key):
                self._show_again(saved)
            else:
                self.show(saved, (item, 0.0))

    async def _wait_for_rest(self) -> None:
        """Wait for 0.3 s, or less if the reader presses a key that acts on the requested story.

        A move of the cursor to another story cancels the wait.
        """
        with suppress(TimeoutError):
            async with timeout(_REST_S):
                await self._is_needed.wait()

    def show(self, saved: SavedStory, position: tuple[int, float] = (0, 0.0), *, is_return: bool = False) -> None:
        """Show the story `saved`, scrolled to `position`: index of an item (paragraph …), and the fraction of it above the window.

        Without `is_return`, the story being read before is remembered, so that a key can lead back to it. Also, a story that has
        changed since it was read begins at its first new item instead. Set `is_return` if the reader goes back to `saved`.
        """
        if not is_return:
            self._remember()
        self.save_position()
        self._has_ended = self._has_entered = False
        self._end_came_at = None
        self._context.session.story, self._context.session.requested_story = saved, saved.key
        items = self._page(saved)
        if saved.version_read is not None and not is_return:
            from bpost_tui.core.story.new_passages import first_new_item  # 2 ms, only for changed stories

            position = first_new_item(items, saved), 0.0
        self._context.view.show(items, position if position[0] < len(items) else (0, 0.0))
        self.opened(saved)
        self.shown(saved)
        self.changed()

    def _remember(self) -> None:
        """Remember the story on the screen if the reader is in it, so that they can go back, because another story replaces it."""
        session = self._context.session
        top, saved = session.back.top, session.story
        if self._context.panes.current == "story" and saved and (top is None or top.story != saved.key):
            self._context.push_location()

    def _show_again(self, saved: SavedStory) -> None:
        shown = self._context.session.story
        if shown is not None and saved.version_read is None and saved.headline.full is shown.headline.full:
            saved = saved._replace(version_read=shown.version_read)  # its changes stay highlighted, though they are seen now
        is_other = saved != shown
        self._context.session.story = saved
        self._context.view.update(self._page(saved))
        if is_other:
            self.shown(saved)
        self.changed()

    def show_none(self) -> None:
        """Show no story in the story's pane; the reader's position in the story shown before is saved."""
        self.save_position()
        self._context.session.story = self._context.session.requested_story = None
        self._context.view.show(())
        self.closed()

    def redraw(self) -> None:
        """Typeset the story on the screen again, because its page has changed."""
        if self._context.session.story is not None:
            was_at_end = self._context.view.at_end
            self._context.view.update(self._page(self._context.session.story))
            self._context.status.show_footer()
            if self._has_entered and self._context.view.at_end and not was_at_end:
                self._end_came_at = self._context.view.top_line

    @property
    def is_loaded(self) -> bool:
        """Whether no story is being read from the library: the requested story is on the screen, unless it couldn't be read."""
        return self._reading is None or self._reading.is_finished

    async def wait_until_shown(self) -> None:
        """Wait until the requested story is shown or couldn't be read, because the reader may press a key before that.

        A newer request for a story cancels the older request, even if both are for the same story. This method then waits for the
        newer request.
        """
        while self._reading is not None and not self._reading.is_finished:
            self._is_needed.set()
            await _wait_for_end(self._reading)

    async def call_in_view(self, act: Callable[[], object]) -> None:
        """Call `act`, which works on the visible lines, once the story is shown and its pane is laid out.

        A pane that was hidden has no visible lines before it is laid out.
        """
        await self.wait_until_shown()
        if self._context.view.region:
            act()
        else:
            self._context.view.call_after_refresh(act)

    # ── the reader's place in the story ─────────────────────────────────────

    def save_position(self) -> None:
        """Save the reader's position in the story if they have scrolled. At the story's end, save the beginning as the position."""
        if self._context.session.story is not None and self._has_scrolled:
            story_id, item = self._context.session.story.headline.id, self._resume_item
            self._context.writes.submit(lambda: self._context.listings.save_position(story_id, item))
        self._has_scrolled = False

    def note_reading(self) -> None:
        """Record whether the reader has entered the story or scrolled, and announce when they reach its end."""
        saved = self._context.session.story
        is_inside = self._context.panes.current == "story"
        self._has_scrolled = self._has_scrolled or (is_inside and self._context.view.top_line > 0)
        self._resume_item = 0 if self._context.view.at_end else self._context.view.item
        if not is_inside or saved is None:
            return
        if not self._has_entered:
            self._has_entered = True
            self.entered(saved)
        if self._end_came_at == self._context.view.top_line:
            return
        self._end_came_at = None
        if self._context.view.at_end and not self._has_ended:
            self._has_ended = True  # once: the reader may mark it unread again here
            if not saved.headline.read and not self.is_reopened:
                self.ended(saved)


async def _wait_for_end(worker: Worker[object]) -> None:
    """Wait until `worker` has ended, without raising its error or its cancellation.

    `Worker.wait` would raise both. If its caller were cancelled, it would also cancel the worker, and raise an ordinary exception
    (Textual's `WorkerCancelled`), so that a caller replaced by a newer key would count as failed.
    """
    await shield(gather(worker.wait(), return_exceptions=True))
